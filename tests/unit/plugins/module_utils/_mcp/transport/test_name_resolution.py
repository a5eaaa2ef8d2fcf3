# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Names that cannot be looked up: waited for while a server may be starting, except those that never can be."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import connection
from zoo.run import HOST, Zoo
from zoo.servers import Streamable
from zoo.specimen import Specimen


@pytest.fixture
def unknown_at_first(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The third look-up finds the host; return a list that grows with each."""
    asked: list[int] = []

    def look_up(_host: str, port: int, *arguments: Any) -> Any:
        if len(arguments) == 4:  # it was asked whether this is a literal address
            raise socket.gaierror(socket.EAI_NONAME, "no literal")
        asked.append(port)
        if len(asked) < 3:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (HOST, port))]

    monkeypatch.setattr(connection.socket, "getaddrinfo", look_up)
    return asked


def test_a_name_that_appears_while_the_server_starts(unknown_at_first: list[int], tmp_path: Any) -> None:
    with Zoo([Specimen("it", Streamable)], tmp_path) as zoo:
        target = Target(host="starting.invalid", port=zoo.ports["it"], path="/mcp")
        report = validate(target, Options(start_timeout=5))
    assert report.compliant, report.issues
    assert report.attempts == 3


def test_without_time_to_start_a_name_is_looked_up_once(unknown_at_first: list[int]) -> None:
    report = validate(Target(url="http://starting.invalid/mcp"))
    assert [issue.code for issue in report.issues] == ["DNS_FAILED"]
    assert (report.attempts, len(unknown_at_first)) == (1, 1)


def test_a_name_that_no_resolver_takes_is_not_waited_for() -> None:
    report = validate(Target(url=f"http://{'x' * 70}.invalid/"), Options(start_timeout=5))
    assert [issue.code for issue in report.issues] == ["DNS_FAILED"]
    assert report.attempts == 1
