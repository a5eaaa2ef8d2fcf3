# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.issue_log import IssueLog


def test_issues_are_bounded_and_errors_come_first() -> None:
    log = IssueLog()
    for number in range(1000):
        log.add("DUPLICATE_NAME", f"number {number}")
        log.add("INVALID_TOOL", f"number {number}")
    assert [issue.level for issue in log.sorted()] == ["error"] * 5 + ["warning"] * 5
    assert log.has_errors


def test_duplicate_issues_are_dropped() -> None:
    log = IssueLog()
    log.add("PING_FAILED", "no")
    log.add("PING_FAILED", "no")
    assert len(log.sorted()) == 1


@pytest.mark.parametrize(("strict", "level"), [(False, "warning"), (True, "error")])
def test_strict_turns_warnings_into_errors(strict: bool, level: str) -> None:
    log = IssueLog(strict=strict)
    log.add("PING_FAILED", "no")
    log.add("AUTH_REQUIRED", "401")
    assert [issue.level for issue in log.sorted()] == [level, "info"]
    assert log.has_errors is strict


@pytest.mark.parametrize(("strict", "level"), [(False, "warning"), (True, "error")])
def test_an_issue_of_another_revision_is_a_warning(strict: bool, level: str) -> None:
    log = IssueLog(strict=strict)
    with log.other_revision("2026-07-28"):
        log.add("MODERN_CACHE_HINTS", "no")
        log.add("AUTH_REQUIRED", "401")
    assert [(issue.level, issue.message) for issue in log.sorted()] == [
        (level, "2026-07-28: no"),
        ("info", "2026-07-28: 401"),
    ]
    assert log.has_errors is strict


def test_an_issue_of_both_revisions_is_added_once() -> None:
    log = IssueLog()
    log.add("INVALID_TOOL", "no")
    with log.other_revision("2026-07-28"):
        log.add("INVALID_TOOL", "no")
        log.add("INVALID_TOOL", "neither")
    assert [issue.message for issue in log.sorted()] == ["no", "2026-07-28: neither"]
