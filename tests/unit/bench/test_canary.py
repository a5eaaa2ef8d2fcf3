# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the bench of canaries counts while a sidecar does not answer, and how its thread fails."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import canary

POD = {"metadata": {"name": "pod", "labels": {}}, "status": {"podIP": "192.0.2.1"}}


class Server:
    """A server with one Pod of the stable side."""

    def pods(self) -> list[dict[str, Any]]:
        return [POD]


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> canary.Watcher:
    """A watcher whose thread has ended, so that a test calls it."""
    monkeypatch.setattr(canary, "_rollout", lambda _server: {})
    found = canary.Watcher(Server())  # type: ignore[arg-type]
    found.close()
    return found


def answers(monkeypatch: pytest.MonkeyPatch, *counts: int | None) -> None:
    found = iter(None if count is None else Counter({"tools/call": count}) for count in counts)
    monkeypatch.setattr(canary, "counted", lambda _address: next(found))


def test_a_failed_read_does_not_count_all_calls_again(watcher: canary.Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 1000, 1010, None, 1030)
    for _ in range(4):
        watcher._count(10)
    assert watcher.shares[10][False]["tools/call"] == 30


def test_counts_of_another_weight_are_not_kept(watcher: canary.Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 1000, None, 1030, 1035)
    for weight in (10, 25, 25, 25):
        watcher._count(weight)
    assert watcher.shares[25][False]["tools/call"] == 5


def test_a_sidecar_that_does_not_answer_has_no_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Place:
        def __init__(self, _name: str) -> None:
            pass

        def connect(self, _address: tuple[str, int], _timeout: float) -> None:
            raise ConnectionRefusedError

    monkeypatch.setattr(canary, "NetworkNamespace", Place)
    assert canary.counted("192.0.2.1") is None


def test_what_ends_the_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[None] = []

    def rollout(_server: Any) -> dict[str, Any]:
        if looked:
            raise RuntimeError("no API server")
        looked.append(None)
        return {}

    monkeypatch.setattr(canary, "_rollout", rollout)
    watcher = canary.Watcher(Server())  # type: ignore[arg-type]
    watcher._thread.join(10)
    with pytest.raises(RuntimeError, match="no API server"):
        watcher.check()
    with pytest.raises(RuntimeError, match="no API server"):
        watcher.close()
