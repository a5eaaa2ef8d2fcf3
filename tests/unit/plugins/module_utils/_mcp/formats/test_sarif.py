# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.formats import sarif
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.formats.formats import (
    Location,
    ServerReport,
    as_sarif,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ISSUE_KINDS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Issue, Report

from support.sarif import checked_run

PAGE = Path(__file__).resolve().parents[6] / "docs" / "validation-issues.md"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def issue(code: str, message: str = "It was seen.") -> Issue:
    level, spec, action = ISSUE_KINDS[code][1:]
    return Issue(code, level, message, spec, action)


def listed(*codes: str, url: str = "https://h.example.com/mcp", line: int = 3, label: str = "weather") -> ServerReport:
    report = Report(compliant=False, issues=tuple(issue(code) for code in codes))
    return ServerReport(url, report, label, Location("ci/mcp targets.yml", line))


def test_every_issue_has_a_rule_that_explains_it() -> None:
    run = checked_run(as_sarif([listed(*ISSUE_KINDS)]))
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == set(ISSUE_KINDS)
    page = PAGE.read_text(encoding="utf-8")
    for code, rule in rules.items():
        assert rule["defaultConfiguration"]["level"] == LEVELS[ISSUE_KINDS[code].level]
        assert f'<a id="{rule["helpUri"].partition("#")[2]}"></a>`{code}`' in page
        assert rule["help"]["text"] == ISSUE_KINDS[code].action
    assert {result["ruleId"]: result["level"] for result in run["results"]} == {
        code: LEVELS[kind.level] for code, kind in ISSUE_KINDS.items()
    }


def test_a_result_is_at_the_line_that_lists_the_server() -> None:
    run = checked_run(as_sarif([listed("NOT_MCP"), listed("NOT_MCP", line=9, label="maps", url="http://maps:80/")]))
    first, second = run["results"]
    [location] = first["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "ci/mcp%20targets.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "https://h.example.com/mcp"
    assert first["message"]["text"].startswith("weather: It was seen. ")
    assert second["locations"][0]["physicalLocation"]["region"]["startLine"] == 9
    assert len(run["tool"]["driver"]["rules"]) == 1


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://localhost:8080/mcp", "http/localhost:8080/mcp"),
        ("https://[fd00::1]:8443/mcp", "https/[fd00::1]:8443/mcp"),
        ("https://h/a%20b?key=hush-hush#x", "https/h/a%20b"),
        ("weather", "weather"),
        ("", "unknown"),
    ],
)
def test_a_server_that_no_file_lists_has_its_url_as_a_path(url: str, path: str) -> None:
    report = Report(compliant=False, issues=(issue("NOT_MCP"),))
    text = as_sarif([ServerReport(url, report)])
    [result] = checked_run(text)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == path
    assert "hush" not in text


def test_a_file_outside_of_the_checkout_has_its_whole_path() -> None:
    report = listed("NOT_MCP")._replace(location=Location("/etc/targets.yml", 1))
    [result] = checked_run(as_sarif([report]))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "/etc/targets.yml"}


def test_the_same_issue_keeps_its_fingerprint_when_the_line_and_the_message_change() -> None:
    def prints(line: int, message: str) -> list[str]:
        issues = (issue("INVALID_TOOL", message), issue("INVALID_TOOL", f"{message} again"))
        report = listed(line=line)._replace(report=Report(compliant=False, issues=issues))
        results = checked_run(as_sarif([report]))["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    assert prints(3, "a") == prints(70, "b")


def test_no_server_and_no_issue_is_a_run_without_results() -> None:
    assert checked_run(as_sarif([]))["results"] == []
    assert checked_run(as_sarif([ServerReport("http://h/", Report(compliant=True))]))["results"] == []


def test_of_too_many_results_the_errors_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    run = checked_run(as_sarif([listed("JSON_BOM", "RETRIES_EXHAUSTED", "NOT_MCP")]))
    assert [result["ruleId"] for result in run["results"]] == ["NOT_MCP", "JSON_BOM"]
