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
