# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Host names that do not resolve are retried while a server may be starting; invalid names are not."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import connection
from zoo.fake_server import FakeServer
from zoo.run import HOST, Zoo
from zoo.servers import Streamable


@pytest.fixture
def resolves_at_the_third_try(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the third name resolution succeed; return the list of resolutions."""
    resolved: list[int] = []

    def resolve(_host: str, port: int, *arguments: Any) -> Any:
        if len(arguments) == 4:  # the check for an IP address
            raise socket.gaierror(socket.EAI_NONAME, "no literal")
        resolved.append(port)
        if len(resolved) < 3:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (HOST, port))]

    monkeypatch.setattr(connection.socket, "getaddrinfo", resolve)
    return resolved


def test_a_name_that_resolves_while_the_server_starts(resolves_at_the_third_try: list[int], tmp_path: Any) -> None:
    with Zoo([FakeServer("it", Streamable)], tmp_path) as zoo:
        target = Target(host="starting.invalid", port=zoo.ports["it"], path="/mcp")
        report = validate(target, Options(start_timeout=5))
    assert report.compliant, report.issues
    assert report.attempts == 3


def test_without_start_timeout_a_name_is_resolved_once(resolves_at_the_third_try: list[int]) -> None:
    report = validate(Target(url="http://starting.invalid/mcp"))
    assert [issue.code for issue in report.issues] == ["DNS_FAILED"]
    assert (report.attempts, len(resolves_at_the_third_try)) == (1, 1)


def test_an_invalid_name_is_not_retried() -> None:
    report = validate(Target(url=f"http://{'x' * 70}.invalid/"), Options(start_timeout=5))
    assert [issue.code for issue in report.issues] == ["DNS_FAILED"]
    assert report.attempts == 1
