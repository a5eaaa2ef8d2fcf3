# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Patterns as ``new RegExp(pattern, "u")`` of Node.js 22 accepts or rejects them."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.ecma_patterns import compiles, syntax_defect
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^\p{L}+\P{Script=Greek}$",
        r"(?<year>\d{4})-\k<year>\1",
        r"\k<later>(?<later>x)",
        "(?<=a+)b(?<!c)(?=d)(?!e)",
        r"[\w\-.]+",
        r"[\b\-\d-]",
        r"[\0-\b\cA-\n\t-\x20!-\/\u0041-\u{1F600}]",
        r"[^\]]{2,}?",
        r"\u{1F600}\u00e4\x41\cA\0\/",
        "é*",
        "(?i:newer editions)",
    ],
)
def test_valid(pattern: str) -> None:
    assert syntax_defect(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "defect"),
    [
        ("[a", "a class without an end"),
        ("(a", "a group without an end"),
        ("a)", "a ')' without a group"),
        ("(?P<name>x)", "the group '(?P<'"),
        ("(?i)x", "the group '(?i)'"),
        (r"x\Z", r"the escape \Z"),
        (r"a\-b", r"the escape \-"),
        ("x\\", "the escape \\"),
        (r"[\w-.]", "a range from or to a class of characters"),
        ("[z-a]", "the range z-a"),
        (r"[\[-.]", r"the range \[-."),
        (r"[\x7f-\u{1f}]", r"the range \x7f-\u{1f}"),
        (r"[a-\n]", r"the range a-\n"),
        ("a++", "a '+' after nothing that it can repeat"),
        ("^*", "a '*' after nothing that it can repeat"),
        ("(?=a)*", "a '*' after nothing that it can repeat"),
        ("a{,3}", "a '{' alone"),
        ("a}", "a '}' alone"),
        ("a{2,1}", "the quantifier '{2,1}'"),
        (r"(a)\2", "a reference to 2, which is no group"),
        (r"\k<none>", "a reference to <none>, which is no group"),
    ],
)
def test_invalid(pattern: str, defect: str) -> None:
    assert syntax_defect(pattern) == defect


@pytest.mark.parametrize(
    ("pattern", "valid"),
    [
        ("(a|b)*?", True),
        ("(a", False),
        ("a)", False),
        ("[a", False),
        ("[z-a]", False),
        ("a++", False),
        ("a{2,1}", False),
        ("x\\", False),
        (r"a\-b", None),
        ("a{,3}", None),
        ("(?=a)*", None),
        ("(?P<name>x)", None),
        ("(" * 10_000, None),
    ],
)
def test_patterns_without_the_flag(pattern: str, valid: bool | None) -> None:
    assert compiles(pattern) is valid


@given(st.text(st.sampled_from(r"ab1-\dwkpu<>[](){}?:=!*+,^$|."), max_size=30))
def test_every_text_is_judged(pattern: str) -> None:
    assert isinstance(syntax_defect(pattern), (str, type(None)))


def test_long_patterns_are_not_checked() -> None:
    assert syntax_defect("(" * 1_000_000) is None
