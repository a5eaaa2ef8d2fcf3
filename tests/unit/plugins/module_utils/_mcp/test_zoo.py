# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The report for every fake server."""

from __future__ import annotations

import concurrent.futures
import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ADVICE, ISSUE_KINDS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.feature_issues import REFUSALS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.newer_issues import NEWER_DEEP
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import ClientCredentials, ToolCall
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import ERROR, WARNING, Report
from zoo.fake_server import FakeServer
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, RESTART_SECONDS, Zoo
from zoo.servers import MODERN

DEADLINE = 5.0
REQUEST = 1.5
PATIENCE = 6
AGAIN: set[str] = set()  # fake servers that were visited with patience
SLACK = 1.0  # two cores run the zoo and many validations at once


def typed(options: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Convert the plain options of a fake server to the types of the validator."""
    kinds = {"tool_call": ToolCall, "client_credentials": ClientCredentials}
    return {
        key: kinds[key](
            **{name: item.replace("{base}", base) if isinstance(item, str) else item for name, item in value.items()}
        )
        if key in kinds
        else value
        for key, value in options.items()
    }


def visit(zoo: Zoo, fake_server: FakeServer, patience: int = 1, **more: Any) -> Report:
    target: dict[str, Any] = {"host": HOST, "port": zoo.ports[fake_server.name], **fake_server.target}
    options: dict[str, Any] = {
        "timeout": DEADLINE * patience,
        "request_timeout": REQUEST * patience,
        "ca_cert": zoo.authority,
        **typed(fake_server.options, f"http://{HOST}:{zoo.ports[fake_server.name]}"),
        **more,
    }
    return validate(Target(**target), Options(**options))


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    with (
        Zoo(FAKE_SERVERS, tmp_path_factory.mktemp("zoo")) as zoo,
        concurrent.futures.ThreadPoolExecutor(max_workers=12) as visitors,
    ):
        visits = {fake_server.name: visitors.submit(visit, zoo, fake_server) for fake_server in FAKE_SERVERS}
        found = {name: future.result() for name, future in visits.items()}
        for fake_server in FAKE_SERVERS:
            # A busy machine may not have done in time what takes its time: that is done again, alone and with patience.
            if {issue.code for issue in found[fake_server.name].issues} != set(fake_server.issues):
                AGAIN.add(fake_server.name)
                # A server that ends with its session starts again a while after the first visit.
                more = {"start_timeout": 2 * RESTART_SECONDS} if "ENDS_WITH_SESSION" in fake_server.issues else {}
                found[fake_server.name] = visit(zoo, fake_server, PATIENCE, **more)
    # Its sockets are closed by now: later tests of this process use select(), which takes no descriptor above 1023.
    return found


@pytest.mark.parametrize("fake_server", FAKE_SERVERS, ids=lambda fake_server: fake_server.name)
def test_fake_server(fake_server: FakeServer, reports: dict[str, Report]) -> None:
    report = reports[fake_server.name]
    assert {issue.code: issue.message for issue in report.issues}.keys() == set(fake_server.issues), report.issues
    assert report.compliant is fake_server.compliant
    assert report.transport == fake_server.transport
    assert report.protocol_version == fake_server.version
    assert report.duration < DEADLINE * (PATIENCE if fake_server.name in AGAIN else 1) + SLACK


def wrong_issues(fake_server: FakeServer, report: Report) -> list[str]:
    """Return the issues of a report that have another level than their code, or a text that cannot be printed."""
    strict, found = bool(fake_server.options.get("strict")), []
    for issue in report.issues:
        level = ISSUE_KINDS[issue.code].level
        if issue.message.startswith(f"{MODERN}: ") and level == ERROR:  # not the negotiated revision
            level = WARNING
        expected = ERROR if strict and level == WARNING and issue.code not in ADVICE else level
        if issue.level != expected or not 0 < len(issue.message) <= 500 or not issue.message.isprintable():
            found.append(f"{issue.code}: {issue.level}, not {expected}: {issue.message!r}")
    return found


def test_each_issue_has_its_level_and_is_printable(reports: dict[str, Report]) -> None:
    wrong = {fake_server.name: wrong_issues(fake_server, reports[fake_server.name]) for fake_server in FAKE_SERVERS}
    assert {name: found for name, found in wrong.items() if found} == {}


# Only with deep, requests are sent that a server must reject, and a server is connected to again after its session.
OF_DEEP = {kind.code for kind in (*REFUSALS, *NEWER_DEEP)} | {"ENDS_WITH_SESSION", "SECOND_CLIENT_FAILS"}
# Deep checks follow the handshake, so that they make no difference where none was completed.
FOUND = [fake_server for fake_server in FAKE_SERVERS if fake_server.version is not None]


@pytest.fixture(scope="session")
def other_reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Reports with deep of the servers that are validated without it, and the other way round."""
    with (
        Zoo(FOUND, tmp_path_factory.mktemp("other-zoo")) as zoo,
        concurrent.futures.ThreadPoolExecutor(max_workers=12) as visitors,
    ):
        visits = {
            fake_server.name: visitors.submit(
                visit, zoo, fake_server, PATIENCE, deep=not fake_server.options.get("deep")
            )
            for fake_server in FOUND
        }
        return {name: future.result() for name, future in visits.items()}


@pytest.mark.test_all
@pytest.mark.parametrize("fake_server", FOUND, ids=lambda fake_server: fake_server.name)
def test_an_issue_has_one_level_and_deep_adds_only_its_own(
    fake_server: FakeServer, reports: dict[str, Report], other_reports: dict[str, Report]
) -> None:
    pair = (reports[fake_server.name], other_reports[fake_server.name])
    shallow, deep = reversed(pair) if fake_server.options.get("deep") else pair
    levels = {(issue.code, issue.level) for issue in shallow.issues}
    found = {(issue.code, issue.level) for issue in deep.issues}
    assert levels <= found
    assert {code for code, _level in found - levels} <= OF_DEEP
    if not fake_server.options.get("strict"):
        assert shallow.compliant is deep.compliant


def test_every_code_has_a_fake_server() -> None:
    # Not defects that one validation finds in one server.
    ours = {"VALIDATOR_BUSY", "OFFER_CHANGED", "REPLICAS_DIFFER"}
    assert {code for fake_server in FAKE_SERVERS for code in fake_server.issues} == set(ISSUE_KINDS) - ours


def test_names_are_unique() -> None:
    assert len({fake_server.name for fake_server in FAKE_SERVERS}) == len(FAKE_SERVERS)


def test_reports_have_the_same_keys(reports: dict[str, Report]) -> None:
    keys = {field.name for field in dataclasses.fields(Report)}
    assert all(report.to_dict().keys() == keys for report in reports.values())
