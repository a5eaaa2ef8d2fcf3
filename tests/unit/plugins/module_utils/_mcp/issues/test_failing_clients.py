# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The levels of issues follow from which official clients fail, as measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues import failing_clients
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ISSUE_KINDS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.issue_log import IssueLog
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.measured_failures import FAILURES, VERSIONS
from oracle import tolerance
from zoo.fake_server import FakeServer
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.servers import Dual

TOOLS = Path(__file__).resolve().parents[5] / "tools"


def test_the_table_is_that_of_the_measurement() -> None:
    sys.path.insert(0, str(TOOLS))
    import client_failures

    assert client_failures.MODULE.read_text(encoding="utf-8") == client_failures.module(), (
        "run tests/tools/client_failures.py"
    )
    assert set(FAILURES) <= set(ISSUE_KINDS)


# Whether these are errors does not follow from the clients: they are conditions that the user sets.
CONDITIONS = {"MISSING_CAPABILITY", "EXPECTATION_FAILED", "TOOL_CALL_ERROR"}
STATELESS_CLIENTS = 2


def share(code: str, *, always: bool) -> float:
    """Return the share of failing clients among those that can use these servers: on all of them, or on one of them."""
    everywhere, somewhere = FAILURES[code]
    modern = "MODERN_" in code or code == "UNSUPPORTED_VERSION"
    return len(everywhere if always else (*everywhere, *somewhere)) / (STATELESS_CLIENTS if modern else len(VERSIONS))


@pytest.mark.parametrize("code", sorted(set(FAILURES) - CONDITIONS))
def test_levels_follow_the_measurement(code: str) -> None:
    level = ISSUE_KINDS[code].level
    if level == "error":
        assert share(code, always=False) > 1 / 2, "at most half of the clients fail: a warning"
    elif code != "AUTH_REQUIRED":  # the clients have no credentials
        assert share(code, always=True) <= 1 / 2, "more than half of the clients fail: an error"


# Why the level of a report is another one than that of the rule.
OTHER_LEVELS = {
    "pages-without-end": "TypeScript 2.x stops after 64 pages; others read on until the measurement ends at 100.",
    "broken-while-starting": "It works after its start, and each client connects once.",
    "unavailable-while-starting": "It works after its start, and each client connects once.",
    "bridge-starting": "It works after its start, and each client connects once.",
}
MEASURED = tolerance.load()["servers"]


def two_revisions(server: FakeServer) -> bool:
    """Tell whether issues of the revision that was not negotiated are warnings."""
    return server.keeper is not None and isinstance(server.keeper(), Dual)


def complaint(server: FakeServer) -> str | None:
    """Return why the level of a report does not follow from the clients that fail."""
    levels = {ISSUE_KINDS[code].level for code in set(server.issues) - CONDITIONS}
    if CONDITIONS & set(server.issues) or "AUTH_REQUIRED" in server.issues:  # the clients have no credentials
        return None
    works, fails = (len(MEASURED[server.name][key]) for key in ("works", "fails"))
    if ("error" in levels) is not (fails > works):
        return "an error if more than half of the clients fail"
    return "at least a warning if one of them fails" if fails and not levels & {"error", "warning"} else None


def test_each_report_has_the_level_of_the_rule() -> None:
    names = MEASURED.keys() - OTHER_LEVELS.keys()
    judged = [server for server in FAKE_SERVERS if server.name in names and not two_revisions(server)]
    assert judged
    assert {server.name: found for server in judged if (found := complaint(server))} == {}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("JSON_BOM", "Official clients that fail: Python 1.x and 2.x."),
        ("NULL_MEMBER", "Official clients that fail: TypeScript 1.x and 2.x."),
        ("DELETE_REJECTED", "Official clients that fail on some of these servers: Python 1.x and 2.x."),
        ("REDIRECTED", ""),
        ("VALIDATOR_BUSY", ""),
    ],
)
def test_warnings_name_the_clients_that_fail(code: str, sentence: str) -> None:
    assert failing_clients.describe_failing_clients(code) == sentence
    log = IssueLog()
    log.add(code, "seen")
    (issue,) = log.sorted()
    assert issue.action == f"{ISSUE_KINDS[code].action} {sentence}".rstrip()


def test_a_warning_of_the_other_revision_names_clients_of_that_revision() -> None:
    log = IssueLog()
    log.add("PROMPTS_LIST_FAILED", "seen")
    with log.other_revision("2026-07-28"):
        log.add("RESOURCES_LIST_FAILED", "seen")
    error, warning = log.sorted()
    assert "Official clients" not in error.action  # all of them
    assert warning.action.endswith("Official clients that fail: Python 2.x, TypeScript 2.x.")
