# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the bench of canaries counts while a sidecar does not answer, and how its thread fails."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import canary
import rollouts

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


def test_a_server_is_measured_by_all_of_its_versions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    met = {"calls": 100, "retried": 1, "failures": [], "longest_gap": 0.5}
    happened: list[str] = []

    class Calling:
        def __init__(self, url: str, *numbers: float) -> None:
            assert (url, numbers) == ("http://gateway/bench-sessions", (8, 20.0, 5))

        def ready(self) -> None:
            pass

        def happens(self, what: str) -> None:
            happened.append(what)

        def met(self) -> dict[str, Any]:
            return dict.fromkeys(happened, met)

        def close(self) -> None:
            happened.append("closed")

    class Tried:
        shares = {10: {False: Counter({"tools/call": 90}), True: Counter({"tools/call": 10})}}  # noqa: RUF012 - never modified
        moments = {"tried": 1.0, "Aborted": 4.5, "Stable": 4.5}  # noqa: RUF012 - never modified

    def tried(_server: Any, calling: Calling, what: str, _end: str, **_new: Any) -> Tried:
        calling.happens(what)
        return Tried()

    server = SimpleNamespace(
        apply=lambda: None,
        settled=lambda count: happened.append(f"{count} Pod"),
        spec={"replicas": 1},
        path="/path",
        client=SimpleNamespace(request=lambda *_words, **_options: happened.append("deleted")),
    )
    monkeypatch.setattr(
        canary, "exposed", lambda _client, name, **_changes: server if name == "bench-sessions" else None
    )
    monkeypatch.setattr(canary, "url_of", lambda _server: "http://gateway/bench-sessions")
    monkeypatch.setattr(canary, "tried", tried)
    monkeypatch.setattr(rollouts, "Clients", Calling)
    monkeypatch.setattr(rollouts.time, "sleep", lambda _seconds: None)
    canary.measure(server.client, "sessions", Namespace(clients=8, rate=20.0, calls=5))
    assert happened == ["1 Pod", "nothing", "bad: no MCP server", "good", "closed", "deleted"]
    said = capsys.readouterr().out
    assert "| bad: no MCP server | 100 | 1 | 0 | 0.50 | 3.5 |  |" in said
    assert "| good | 100 | 1 | 0 | 0.50 |  |  |" in said
    assert "| good | 10 | 10.0% |  | 100 | 0 |" in said
