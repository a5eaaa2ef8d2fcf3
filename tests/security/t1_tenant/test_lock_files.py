# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant writes a ConfigMap whose lock file stops the operator, which parses it."""

from __future__ import annotations

import time

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import approved_offers
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock_file import read_lock

LARGEST = 256 * 1024
START = "version: 1\nservers: {}\nx: "
SERVER = {
    "metadata": {"namespace": "team", "name": "a", "uid": "uid"},
    "spec": {"validation": {"tools": {"pin": "enforce", "configMapRef": {"name": "lock"}}}},
}
TEXTS = {
    "flow": "[" * LARGEST,
    "flow mappings": "{a: " * (LARGEST // 4),
    "block": "- " * (LARGEST // 2),
    "directives": "".join(f"%TAG !{number}! tag:x,{number}:\n" for number in range(10_000)) + "--- {}",
    "aliases": "a: &a [x]\nb: *a\n",
    "unknown boolean": f"{START}!!bool x",
    "empty integer": f'{START}!!int ""',
    "empty float": f'{START}!!float ""',
    "no time": f"{START}!!timestamp x",
    "base 60": f"{START}{'1:' * 100_000}1",
    "base 60 beyond doubles": f"{START}{'1:' * 190}1.0",
    "digits": f"{START}{'9' * 200_000}",
    "hexadecimal digits": f"{START}0x{'f' * 200_000}",
    "no Unicode": START + "\ud800",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_each_is_rejected_within_seconds(text):
    started = time.thread_time()
    with pytest.raises(InvalidTarget) as caught:
        read_lock(text[:LARGEST])
    assert caught.value.code == "LOCK_INVALID"
    assert time.thread_time() - started < 5


class Client:
    def __init__(self, text):
        self.text = text

    def find(self, *_what):
        return {"data": {"mcp-lock.yaml": self.text}}


def test_an_invalid_one_is_parsed_once(monkeypatch):
    parsed = []

    def read(text):
        parsed.append(text)
        return read_lock(text)

    monkeypatch.setattr(approved_offers, "read_lock", read)
    client = Client("version: 1\nservers: {team/a: {digest: 'sha256:1'}}")
    for _time in range(2):
        pin = approved_offers.read_pin(client, SERVER)
        assert "the entry team/a is not valid" in pin.problem
        assert pin.approved == ""
    assert len(parsed) == 1
