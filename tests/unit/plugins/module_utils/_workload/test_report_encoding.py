# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Issue, Listing, Report
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.report_encoding import (
    MAX_BYTES,
    decode_reports,
    encode_reports,
)

GOOD = Report(
    compliant=True,
    transport="sse",
    protocol_version="2024-11-05",
    supported_versions=("2024-11-05",),
    path="/sse",
    server_info={"name": "wikipedia", "version": "1.0"},
    capabilities=("tools",),
    deprecated_features=("http-sse",),
    ttl=90.0,
    tools=Listing(3, ("a", "b", "c"), truncated=False),
).to_dict()
BAD = Report(compliant=False, issues=(Issue("NOT_MCP", "error", "HTML came.", "§ 1", "Check the path."),)).to_dict()
LOUD = Report(
    compliant=False,
    capabilities=tuple(f"capability-{number}" * 9 for number in range(99)),
    supported_versions=("2024-11-05" * 9,) * 99,
    path="/" + "p" * 5000,
    server_info={"name": "ä" * 5000, "version": '"' * 5000},
    issues=tuple(Issue(f"CODE_{n}", "error", '"' * 5000, "", "ü" * 5000) for n in range(99)),
).to_dict()

SHORT = json.loads(encode_reports([GOOD]))["reports"][0]


def server():
    return {"metadata": {"name": "wiki", "namespace": "a", "generation": 1}, "spec": {"image": "w"}}


def test_what_comes_back_makes_the_same_status():
    for reports in ([GOOD], [BAD], [GOOD, BAD], [GOOD, GOOD]):
        # But for names: there is no room for them.
        whole = validation.verdict(server(), reports, "now")
        whole = {name: value for name, value in whole.items() if not name.endswith("Names")}
        back = decode_reports(encode_reports(reports))
        assert validation.verdict(server(), back, "now") == whole
        assert validation.failure(back) == validation.failure(reports)


@pytest.mark.parametrize("connected", [True, False])
def test_the_shortest_form_says_whether_a_connection_was_opened(connected):
    loud = [{**LOUD, "connected": connected, "ttl": number} for number in range(20)]
    assert {report["connected"] for report in decode_reports(encode_reports(loud))} == {connected}


def test_many_that_are_alike_cost_little():
    text = encode_reports([GOOD] * 15 + [BAD] + [GOOD] * 4)
    assert len(text) < 1000
    assert [report["compliant"] for report in decode_reports(text)] == [True] * 15 + [False] + [True] * 4


@pytest.mark.parametrize("number", [1, 2, 20])
def test_a_loud_server_is_cut_short(number):
    text = encode_reports([{**LOUD, "path": f"/{index}"} for index in range(1)] * number)
    assert len(text.encode()) <= MAX_BYTES
    back = decode_reports(text)
    assert len(back) == number
    assert back[0]["issues"][0]["code"] == "CODE_0"


def test_no_server_escapes_its_result_by_what_it_calls_itself():
    loud = [{**LOUD, "path": f"/{number}" + "\U0001f600" * 999, "compliant": None} for number in range(20)]
    different = [
        {**report, "issues": [{**report["issues"][0], "code": f"CODE_OF_SOME_LENGTH_{number}"}]}
        for number, report in enumerate(loud)
    ]
    text = encode_reports(different)
    assert len(text.encode()) <= MAX_BYTES
    back = decode_reports(text)
    assert [report["compliant"] for report in back] == [None] * 20
    assert [report["issues"][0]["code"] for report in back] == [report["issues"][0]["code"] for report in different]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"servers":[0],"reports":[]}',
        '{"servers":[7],"reports":[{}]}',
        json.dumps({"servers": [-1], "reports": [SHORT]}),
        json.dumps({"servers": [1e999], "reports": [SHORT]}),
        '{"servers":"x","reports":[1]}',
        "[" * 3000,
        json.dumps({"servers": [0], "reports": [{**BAD, "compliant": "yes"}]}),
        json.dumps({"servers": [0], "reports": [{**SHORT, "compliant": 0}]}),
        json.dumps({"servers": [0], "reports": [{**SHORT, "issues": [{"level": "error", "code": "a text\n"}]}]}),
        json.dumps({"servers": [0], "reports": [{**SHORT, "issues": [{"level": "error", "code": ["A"]}]}]}),
    ],
)
def test_what_is_no_message_is_none(text):
    assert decode_reports(text) is None


def test_a_forged_message_gets_no_further_than_any_servers_text():
    forged = {
        **SHORT,
        "protocol_version": {"a": 1},
        "transport": "gopher",
        "path": "\x1b[31m/x",
        "requires_auth": "yes",
        "tools": True,
        "capabilities": {"a": 1},
        "issues": [{"level": "fatal", "code": "TIMEOUT", "message": ["a"]}],
    }
    [back] = decode_reports(json.dumps({"servers": [0], "reports": [forged]}))
    assert (back["transport"], back["path"], back["requires_auth"]) == (None, "[31m/x", False)
    assert (back["tools"], back["capabilities"], back["issues"][0]["level"]) == (None, [], "info")
    assert (back["protocol_version"], back["issues"][0]["message"]) == (None, "")
    validation.verdict(server(), [back], "now")
