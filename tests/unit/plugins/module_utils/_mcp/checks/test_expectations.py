# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is expected of a report."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, check_target
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks import expectations
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget, MissingLibrary
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.issue_log import IssueLog
from hypothesis import given
from hypothesis import strategies as st

REPORT: dict[str, Any] = {"tools": {"count": 3, "names": ["a", "b"]}, "prompts": None, "attempts": 0, "session": False}


def judged(expression: str) -> list[str]:
    log = IssueLog()
    expectations.check([expression], REPORT, log)
    return [issue.message for issue in log.sorted()]


@pytest.mark.parametrize("expression", ["tools.count == `3`", "contains(tools.names, 'b')", "attempts", "!session"])
def test_expressions_that_hold(expression: str) -> None:
    assert judged(expression) == []


@pytest.mark.parametrize(
    ("expression", "seen"),
    [
        ("tools.count > `3`", "tools.count > `3` does not hold: found 3."),
        ("prompts", "prompts does not hold: found null."),
        ("session", "session does not hold: found false."),
        ("tools.names[?@ == 'c']", "tools.names[?@ == 'c'] does not hold: found []."),
        ("tools.count == prompts.count", "tools.count == prompts.count does not hold: found 3 and null."),
    ],
)
def test_expressions_that_do_not_hold_show_what_was_found(expression: str, seen: str) -> None:
    assert judged(expression) == [seen]


def test_an_expression_that_cannot_be_evaluated_does_not_hold() -> None:
    (message,) = judged("length(attempts)")
    assert "it cannot be evaluated" in message


LOOP = "`[1,1,1,1,1,1,1,1,1,1]`"


@pytest.mark.parametrize(
    "expression",
    [
        "tools" + "|[@,@]" * 40 + " == tools" + "|[@,@]" * 40,
        "to_string(@" + "|[@,@]" * 40 + ")",
        "@" + "|[@,@][]" * 40,
        "map(&map(&map(&map(&map(&map(&map(&map(&@," + ",".join([f"{LOOP})"] * 8),
        "to_string(to_array(" * 60 + "'\"'" + "))" * 60,
        "[" + "|[@,@][]".join(["to_array('x')"] + [""] * 15) + "]|[0]|join('" + "y" * 1000 + "', @)",
    ],
    ids=["comparison", "text", "flattened", "loops", "escapes", "joined"],
)
def test_an_expression_of_a_few_characters_takes_neither_hours_nor_gigabytes(expression: str) -> None:
    began = time.process_time()
    (message,) = judged(expression[: expectations.MAX_LENGTH])
    assert "more than 100000 steps" in message
    assert time.process_time() - began < 2


def test_expressions_over_long_lists_are_cheap_enough() -> None:
    log = IssueLog()
    report = {"tools": {"names": [f"tool-{number}" for number in range(500)]}}
    wanted = ["sort(tools.names[?starts_with(@, 'tool-') && !contains(@, 'x')])[0] == 'tool-0'"]
    wanted += ["length(tools.names[?contains(['tool-1', 'tool-2', 'tool-3'], @)]) == `3`", "join(',', tools.names)"]
    expectations.check(wanted, report, log)
    assert log.sorted() == ()


@pytest.mark.parametrize("expression", ["", "tools.", "[", "x" * 2001, "`"])
def test_invalid_expressions_are_errors_before_anything_is_sent(expression: str) -> None:
    with pytest.raises(InvalidTarget):
        check_target(Target(url="http://h/"), Options(expect=(expression,)))


def test_the_error_names_the_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    monkeypatch.setitem(sys.modules, "jmespath.parser", None)
    check_target(Target(url="http://h/"), Options())
    with pytest.raises(MissingLibrary, match="jmespath"):
        check_target(Target(url="http://h/"), Options(expect=("tools",)))


@pytest.mark.filterwarnings("ignore:deprecated string literal")  # what the library says of a stray back-tick
@given(st.text(max_size=60))
def test_any_expression_raises_only_our_errors(expression: str) -> None:
    try:
        check_target(Target(url="http://h/"), Options(expect=(expression,)))
    except InvalidTarget:
        return
    judged(expression)
