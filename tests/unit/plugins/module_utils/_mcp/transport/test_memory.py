# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validations share the memory for large responses."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.pod_probe import is_transient
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import ProtocolError, ValidatorBusy
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol.decoding import Decoding
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import memory
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.deadline import Deadline
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.memory import (
    FREE_BODY,
    FREE_JSON,
    Places,
    Receiving,
)
from zoo.fake_server import FakeServer
from zoo.run import HOST, Zoo
from zoo.servers import Streamable

NOW = Deadline(0.0)
LARGE = FREE_BODY + 1


def test_small_bodies_need_no_place() -> None:
    places = Places(0)
    Receiving(places).reserve(FREE_BODY, NOW)
    assert Decoding(places).decode(b"{}", NOW) == {}


def test_large_bodies_take_a_place_until_they_are_read() -> None:
    places = Places(1)
    one, other = Receiving(places), Receiving(places)
    one.reserve(LARGE, NOW)
    one.reserve(LARGE * 2, NOW)
    with pytest.raises(ValidatorBusy):
        other.reserve(LARGE, NOW)
    one.reserve(1, NOW)
    other.reserve(LARGE, NOW)
    other.free()
    other.free()
    one.reserve(LARGE, NOW)


def test_a_slow_server_loses_its_place_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LONGEST", -1.0)
    places = Places(1)
    slow = Receiving(places)
    slow.reserve(LARGE, NOW)
    slow.reserve(LARGE, NOW)
    places.waiting = 1
    with pytest.raises(ValidatorBusy):
        slow.reserve(LARGE, NOW)


def test_a_large_value_holds_its_place_until_it_is_freed() -> None:
    places = Places(1)
    one, other = Decoding(places), Decoding(places)
    text = b"[" + b" " * FREE_JSON + b"]"
    assert one.decode(text, NOW) == []
    with pytest.raises(ValidatorBusy):
        other.decode(text, NOW)
    one.free()
    assert other.decode(text, NOW) == []
    assert other.decode(text, NOW) == []
    with pytest.raises(ProtocolError):
        other.decode(text + b"]", NOW)
    assert one.decode(text, NOW) == []


def test_a_lack_of_memory_proves_nothing_about_a_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(Decoding.__init__, "__defaults__", (Places(0),))
    tools = [{"name": "t", "description": "x" * FREE_JSON, "inputSchema": {"type": "object"}}]
    server = FakeServer("large", lambda: Streamable(results={"tools/list": {"tools": tools}}))
    with Zoo([server], tmp_path_factory.mktemp("zoo")) as zoo:
        report = validate(
            Target(url=f"http://{HOST}:{zoo.ports['large']}/mcp"), Options(request_timeout=0.3, timeout=20.0)
        )
    assert {issue.code for issue in report.issues} == {"VALIDATOR_BUSY"}
    assert is_transient(report.to_dict())
