# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What deep checks find does not depend on the time limit, if it is long enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.steps import negative_checks
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

SILENT = ("deep-silent-get", "deep-silent-session", "deep-silent-to-origins")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    folder: Path = tmp_path_factory.mktemp("zoo")
    with Zoo([server for server in FAKE_SERVERS if server.name in SILENT], folder) as zoo:
        yield zoo


def visit(zoo: Zoo, name: str, timeout: float) -> Report:
    options = Options(deep=True, timeout=timeout, request_timeout=timeout)
    return validate(Target(url=f"http://{HOST}:{zoo.ports[name]}/mcp"), options)


@pytest.mark.parametrize(
    ("name", "issues", "not_checked"),
    [
        ("deep-silent-get", {"GET_UNEXPECTED"}, ()),
        ("deep-silent-session", {"SESSION_NOT_TERMINATED"}, ()),
        ("deep-silent-to-origins", set(), ("ORIGIN_NOT_VALIDATED",)),
    ],
)
def test_findings_are_the_same_at_every_timeout(
    zoo: Zoo, monkeypatch: pytest.MonkeyPatch, name: str, issues: set[str], not_checked: tuple[str, ...]
) -> None:
    monkeypatch.setattr(negative_checks, "_TIMEOUT", 0.3)
    for timeout in (10.0, 30.0):
        report = visit(zoo, name, timeout)
        assert {issue.code for issue in report.issues} == issues
        assert report.not_checked == not_checked
        assert report.compliant
        assert report.duration < 9


def test_a_check_without_time_is_not_passed_in_silence(zoo: Zoo) -> None:
    report = visit(zoo, "deep-silent-get", 1.0)
    assert report.compliant
    assert report.not_checked == (
        "DISCOVER_NOT_REFUSED",
        "ENDS_WITH_SESSION",
        "GET_UNEXPECTED",
        "MODERN_DISCOVER_INVALID",
        "ORIGIN_NOT_VALIDATED",
        "SESSION_NOT_TERMINATED",
    )
