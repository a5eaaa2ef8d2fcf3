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
