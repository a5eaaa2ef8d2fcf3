# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.mcp.kubernetes.plugins.filter.mcp_report import FilterModule
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import (
    Auth,
    Issue,
    Listing,
    Report,
    ToolCallResult,
)

from support.sarif import checked_run

mcp_report = FilterModule().filters()["mcp_report"]
BAD = Report(
    compliant=False,
    endpoint="http://h:80/mcp",
    auth=Auth(scheme="Bearer"),
    tools=Listing(1, ("feed",), truncated=False),
    tool_call=ToolCallResult("feed", is_error=True, content=("text",), structured=False),
    issues=(Issue("TOOL_CALL_ERROR", "error", "It failed.", "spec", "Fix it."),),
)


def result(report: Report, **more: Any) -> dict[str, Any]:
    return {"msg": report.summary("http://h:80/"), "changed": False, "failed": False, **report.to_dict(), **more}


def test_a_fleet_becomes_sarif_and_junit() -> None:
    fleet = {"reports": [result(BAD, name="weather"), result(Report(compliant=True), name="maps")]}
    run = checked_run(mcp_report(fleet, file="playbooks/fleet.yml"))
    [found] = run["results"]
    assert found["ruleId"] == "TOOL_CALL_ERROR"
    assert found["message"]["text"].startswith("weather: It failed.")
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "playbooks/fleet.yml"
    root = ET.fromstring(mcp_report(fleet, "junit"))
    assert [case.get("name") for case in root.iter("testcase")] == ["weather", "maps"]
    assert "feed" in mcp_report(fleet, format="text")


def test_a_single_server_has_its_endpoint_as_the_name() -> None:
    [found] = checked_run(mcp_report(result(BAD)))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "http/h:80/mcp"


def test_a_server_that_was_not_found_has_the_address_of_the_task() -> None:
    report = Report(compliant=False, issues=(Issue("CONNECT_FAILED", "error", "Refused.", "spec", "Start it."),))
    [found] = checked_run(mcp_report(result(report)))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "http/h:80/"


@pytest.mark.parametrize(
    ("given", "options", "seen"),
    [
        ({"reports": []}, {"format": "yaml"}, "the format 'yaml' is unknown"),
        ({"msg": "x"}, {}, "this is not a result of mcp_validate"),
        ({"reports": [7]}, {}, "this is not a result of mcp_validate"),
        (7, {}, "this is not a result of mcp_validate"),
    ],
)
def test_what_is_no_result_is_an_error(given: Any, options: dict[str, Any], seen: str) -> None:
    with pytest.raises(AnsibleFilterError, match=seen):
        mcp_report(given, **options)
