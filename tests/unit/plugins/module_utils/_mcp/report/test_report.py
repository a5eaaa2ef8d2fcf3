# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ISSUE_KINDS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.issue_log import IssueLog
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import CLIENT_VERSION
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import (
    Auth,
    Issue,
    Listing,
    Report,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._util import clean, excerpt
from hypothesis import given
from hypothesis import strategies as st

# The codes of the operator that the API comes from; scripts written for it go on working.
REFERENCE = """
    TRANSPORT_DETECTION_FAILED TRANSPORT_CREATION_FAILED SSE_CONNECTION_FAILED INIT_FAILED INVALID_PROTOCOL
    MISSING_SERVER_INFO NO_CAPABILITIES MISSING_CAPABILITY TOOLS_LIST_FAILED RESOURCES_LIST_FAILED PROMPTS_LIST_FAILED
    AUTH_REQUIRED AUTH_ON_INITIALIZE PROTOCOL_MISMATCH RETRIES_EXHAUSTED
"""
GALAXY = Path(__file__).resolve().parents[6] / "galaxy.yml"
ERROR = Issue("NOT_MCP", "error", "A page came.", "spec", "Check the port.")


def test_the_codes_of_the_reference_operator_are_kept() -> None:
    assert set(REFERENCE.split()) <= set(ISSUE_KINDS)
    assert len(ISSUE_KINDS) >= 40


@pytest.mark.parametrize("kind", ISSUE_KINDS.values(), ids=lambda kind: kind.code)
def test_each_kind_says_what_the_specification_says_and_what_to_do(kind: object) -> None:
    code, level, spec, action = kind  # type: ignore[misc]
    assert code.isupper()
    assert level in ("error", "warning", "info")
    assert spec
    assert action.endswith((".", ")"))
    assert action[0].isupper()


def test_the_validator_introduces_itself_by_the_collections_version() -> None:
    assert yaml.safe_load(GALAXY.read_text(encoding="utf-8"))["version"] == CLIENT_VERSION


def test_a_report_is_plain_data() -> None:
    report = Report(
        compliant=True,
        auth=Auth(scheme="Bearer", scopes=("a",)),
        server_info={"name": "x"},
        tools=Listing(1, ("t",), truncated=False),
        issues=(ERROR,),
    )
    data = report.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["tools"] == {"count": 1, "names": ["t"], "truncated": False}
    assert data["auth"]["scopes"] == ["a"]


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (Report(compliant=True, protocol_version="2025-11-25", transport="sse"), "u speaks MCP 2025-11-25 over sse."),
        (
            Report(compliant=False, issues=(ERROR, ERROR)),
            "u does not comply with MCP: A page came. Check the port. [NOT_MCP] Also: NOT_MCP.",
        ),
        (Report(compliant=None), "u requires credentials, so it is unknown whether it complies with MCP."),
    ],
)
def test_a_report_in_a_sentence(report: Report, text: str) -> None:
    assert report.summary("u") == text


def test_issues_are_bounded_and_errors_come_first() -> None:
    log = IssueLog()
    for number in range(1000):
        log.add("DUPLICATE_NAME", f"number {number}")
        log.add("INVALID_TOOL", f"number {number}")
    assert [issue.level for issue in log.sorted()] == ["error"] * 5 + ["warning"] * 5
    assert log.has_errors


def test_the_same_issue_is_kept_once() -> None:
    log = IssueLog()
    log.add("PING_FAILED", "no")
    log.add("PING_FAILED", "no")
    assert len(log.sorted()) == 1


@pytest.mark.parametrize(("strict", "level"), [(False, "warning"), (True, "error")])
def test_strictness_makes_errors_of_warnings(strict: bool, level: str) -> None:
    log = IssueLog(strict=strict)
    log.add("PING_FAILED", "no")
    log.add("AUTH_REQUIRED", "401")
    assert [issue.level for issue in log.sorted()] == [level, "info"]
    assert log.has_errors is strict


@given(st.text(st.characters(), max_size=80), st.integers(1, 60))
def test_clean_text_is_one_printable_line(value: str, limit: int) -> None:
    text = clean(value, limit)
    assert len(text) <= limit
    assert text.isprintable()
    text.encode()


@pytest.mark.parametrize("odd", "\x1b\x00\u202e\ufeff\u200b\u0590\ue000\ufffe\ud800")
def test_what_cannot_be_printed_becomes_a_space(odd: str) -> None:
    assert clean(f"a{odd}{odd}b") == "a b"


@given(st.binary(max_size=400))
def test_excerpts_are_short(body: bytes) -> None:
    assert len(excerpt(body)) <= 122
