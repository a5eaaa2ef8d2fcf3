# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import sys

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import pod_probe
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import MissingLibrary
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import ProbeSpec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.timeouts import Timeouts
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.tool_call import ToolCall

SPEC = ProbeSpec(8080, "/mcp", "streamable-http", "wiki.team.svc:80", ("tools",))
TIMEOUTS = Timeouts(30.0, 10.0, 5.0, 3.0)


@pytest.fixture
def validated(monkeypatch):
    seen = []

    def validate(*of, dial=None):
        seen.append((*of, dial))
        return Report(compliant=True)

    monkeypatch.setattr(pod_probe, "validate", validate)
    return seen


def dial(_host, _port, _seconds):
    raise AssertionError


@pytest.mark.parametrize("way", [None, dial], ids=["by address", "by port-forward"])
def test_every_way_sends_what_clients_send(validated, way):
    assert pod_probe.probe_pod("10.0.0.1", SPEC, TIMEOUTS, dial=way)["compliant"] is True
    [(target, options, used)] = validated
    assert (target.host, target.port, target.path, target.transport) == ("10.0.0.1", 8080, "/mcp", "streamable-http")
    assert target.host_header == "wiki.team.svc:80"
    assert (options.timeout, options.request_timeout, options.start_timeout) == (30.0, 10.0, 5.0)
    assert options.required_capabilities == ("tools",)
    assert used is way


def test_a_light_probe_only_shakes_hands(validated):
    pod_probe.probe_pod("10.0.0.1", SPEC, TIMEOUTS, light=True)
    [(_target, options, _dial)] = validated
    assert (options.light, options.timeout, options.required_capabilities) == (True, 3.0, ())


@pytest.mark.parametrize("light", [False, True])
def test_a_session_that_stays_open_sends_the_same(validated, monkeypatch, light):
    kept = []

    class Session:
        def check(self, options):
            kept.append(options)
            return Report(compliant=False) if len(kept) == 1 else None

    monkeypatch.setattr(pod_probe, "validate_and_keep", lambda *of: (pod_probe.validate(*of), Session()))
    pod_probe.probe_pod("10.0.0.1", SPEC, TIMEOUTS, light=light)
    found, session = pod_probe.probe_pod_and_keep("10.0.0.1", SPEC, TIMEOUTS, light=light)
    assert found["compliant"] is True
    assert validated[0] == validated[1]
    assert pod_probe.probe_again(session, SPEC, TIMEOUTS, light=light)["compliant"] is False
    assert pod_probe.probe_again(session, SPEC, TIMEOUTS, light=light) is None
    assert kept == [validated[0][1]] * 2


def test_a_path_that_is_no_path_opens_no_session():
    found, session = pod_probe.probe_pod_and_keep("10.0.0.1", SPEC._replace(path="/a b\n"), TIMEOUTS)
    assert (found["compliant"], session) == (False, None)


@pytest.mark.parametrize("where", ["beside others", "again"])
def test_how_a_server_ends_is_read_from_the_issues_that_say_so(where):
    error, warning = {"code": "NOT_MCP", "level": "error"}, {"code": "JSON_BOM", "level": "warning"}
    report = {"issues": [error, warning] if where == "beside others" else []}
    for ending in pod_probe.Ending:
        report = pod_probe.with_ending(report, ending)
        assert pod_probe.ending_in(report["issues"]) is ending
        assert pod_probe.ends_with_session(report)
    codes = [issue["code"] for issue in report["issues"]]
    assert codes == (
        ["NOT_MCP", "ENDS_WITH_SESSION", "JSON_BOM"] if where == "beside others" else ["ENDS_WITH_SESSION"]
    )
    assert pod_probe.ending_in([{"code": "ENDS_WITH_SESSION", "message": "By the validator."}]) is None


def test_a_path_that_is_no_path_is_a_report_and_no_error():
    found = pod_probe.probe_pod("10.0.0.1", SPEC._replace(path="/a b\n"), TIMEOUTS)
    assert found["compliant"] is False
    assert found["issues"][0]["level"] == "error"


@pytest.mark.parametrize(
    ("codes", "transient"),
    [(["TIMEOUT"], True), (["TIMEOUT", "NOT_MCP"], False), (["NOT_MCP"], False), ([], False)],
)
def test_failures_that_may_pass_by_themselves(codes, transient):
    issues = [{"code": code, "level": "error"} for code in codes]
    assert pod_probe.is_transient({"issues": [*issues, {"code": "JSON_BOM", "level": "warning"}]}) is transient


@pytest.mark.parametrize(
    ("codes", "transient", "inconclusive"),
    [
        (["TIMEOUT", "CONNECT_FAILED"], True, True),
        (["FORBIDDEN"], False, True),
        (["SERVER_ERROR"], False, True),
        (["TIMEOUT", "TLS_EXPECTED"], False, True),
        (["NOT_MCP"], False, False),
        (["TIMEOUT", "INVALID_PROTOCOL"], False, False),
        ([], False, False),
        (["TIMEOUT", "EXPECTATION_FAILED"], True, True),
        (["EXPECTATION_FAILED"], False, False),
        (["TOOL_CALL_FAILED"], False, False),
    ],
)
def test_only_an_answer_that_violates_mcp_is_evidence_against_a_server(codes, transient, inconclusive):
    warning = {"level": "warning", "code": "NO_CAPABILITIES"}
    report = {"issues": [warning, *({"level": "error", "code": code} for code in codes)]}
    assert pod_probe.is_transient(report) is transient
    assert pod_probe.is_inconclusive(report) is inconclusive


CALL = ToolCall("search", '{"query":"Bern"}')


def test_a_full_probe_calls_the_tool_and_a_light_one_does_not(validated):
    spec = SPEC._replace(tool_call=CALL, expect=("tools",))
    pod_probe.probe_pod("10.0.0.1", spec, TIMEOUTS)
    pod_probe.probe_pod("10.0.0.1", spec, TIMEOUTS, light=True)
    full, light = (options for _target, options, _dial in validated)
    assert (full.tool_call.name, full.tool_call.arguments, full.expect) == ("search", {"query": "Bern"}, ("tools",))
    assert (light.tool_call, light.expect) == (None, ())


def test_an_invalid_expression_is_a_report_and_no_error():
    found = pod_probe.probe_pod("10.0.0.1", SPEC._replace(expect=("tools[",)), TIMEOUTS)
    assert found["compliant"] is False
    assert "is not a JMESPath expression" in found["issues"][0]["message"]


def test_a_missing_library_proves_nothing_about_the_server(monkeypatch):
    monkeypatch.setitem(sys.modules, "jmespath", None)
    monkeypatch.setitem(sys.modules, "jmespath.parser", None)
    with pytest.raises(MissingLibrary):
        pod_probe.probe_pod("10.0.0.1", SPEC._replace(expect=("tools",)), TIMEOUTS)
