# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The list of published servers, their last results, and how the validator's verdict is compared with the clients'."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle.judged import catalogue, compare, page

SERVERS, REASONS = catalogue.load()
RESULTS = json.loads(page.RESULTS.read_text(encoding="utf-8"))["servers"]
SERVER = catalogue.Judged("judged-1", "python", "1", {"pypi": ["judged==1"]}, ("run",))
SEEN = {
    "protocolVersion": "2025-11-25",
    "serverInfo": {"name": "judged", "version": "1"},
    "capabilities": ["tools"],
    "tools": ["add"],
    "resources": [],
    "resourceTemplates": [],
    "prompts": [],
}
REPORT = {
    "compliant": True,
    "protocol_version": "2025-11-25",
    "supported_versions": ["2025-11-25"],
    "server_info": {"name": "judged", "version": "1"},
    "capabilities": ["tools"],
    "tools": {"count": 1, "names": ["add"]},
    "resources": None,
    "resource_templates": None,
    "prompts": None,
    "revisions": [],
    "issues": [],
}
MODERN = {**SEEN, "protocolVersion": "2026-07-28"}
DUAL = {
    **REPORT,
    "supported_versions": ["2025-11-25", "2026-07-28"],
    "revisions": [{**REPORT, "protocol_version": "2026-07-28", "capabilities": ["extensions", "tools"]}],
}
FAILED = {**REPORT, "compliant": False, "issues": [{"code": "INVALID_TOOL", "level": "error"}]}
FAILS = {"error": "no"}


def test_the_list_has_enough_servers_with_exact_versions() -> None:
    assert len(SERVERS) >= 60
    for server in SERVERS:
        main = next(iter(server.packages.values()))[0]
        assert server.version in main, main
        assert re.search(r"(==|=|@)v?\d", main), main


def test_reasons_are_about_servers_of_the_list() -> None:
    for reason in REASONS:
        assert any(reason.explains(server.name) for server in SERVERS), reason
        assert bool(reason.code) != bool(reason.client), reason


def test_the_page_shows_the_last_results() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_the_last_run_judged_enough_servers_and_found_nothing_wrong() -> None:
    verdicts = {result["name"]: result["verdict"] for result in RESULTS}
    assert verdicts.keys() <= {server.name for server in SERVERS}
    assert compare.WRONG not in verdicts.values()
    assert sum(verdict != compare.NOT_JUDGED for verdict in verdicts.values()) >= 60


@pytest.mark.parametrize(
    ("report", "seen", "reasons", "verdict"),
    [
        (REPORT, SEEN, [], compare.EQUAL),
        (REPORT, FAILS, [], compare.WRONG),
        (REPORT, FAILS, [catalogue.Reason("judged-*", "Why.", client="python-1")], compare.EQUAL),
        (REPORT, FAILS, [catalogue.Reason("other-*", "Why.", client="python-1")], compare.WRONG),
        (REPORT, {**SEEN, "tools": ["add", "divide"]}, [], compare.WRONG),
        (REPORT, {**SEEN, "serverInfo": {"name": "other", "version": "1"}}, [], compare.WRONG),
        (REPORT, {**SEEN, "protocolVersion": "2025-06-18"}, [], compare.WRONG),
        (REPORT, {**SEEN, "capabilities": ["prompts", "tools"]}, [], compare.WRONG),
        ({**REPORT, "capabilities": ["elicitation", "tools"]}, SEEN, [], compare.EQUAL),
        ({**REPORT, "capabilities": ["logging", "tools"]}, SEEN, [], compare.WRONG),
        (DUAL, {**MODERN, "capabilities": ["extensions", "tools"]}, [], compare.EQUAL),
        (DUAL, MODERN, [], compare.WRONG),
        (REPORT, MODERN, [], compare.WRONG),
        (FAILED, SEEN, [], compare.WRONG),
        (FAILED, SEEN, [catalogue.Reason("judged-*", "Why.", code="INVALID_TOOL")], compare.STRICTER),
        (FAILED, FAILS, [], compare.NOT_JUDGED),
        ({**FAILED, "compliant": None, "issues": []}, SEEN, [], compare.WRONG),
    ],
)
def test_the_verdict_about_the_validator(report, seen, reasons, verdict) -> None:
    found, why = compare.compare(SERVER, report, {"python-1": seen}, reasons)
    assert found == verdict
    assert why or (verdict == compare.EQUAL and not reasons)


def test_an_entry_stands_for_its_versions_and_variants(tmp_path: Path) -> None:
    text = """
servers:
  - name: it
    versions: [1.2.0, 1.3.0]
    packages: {npm: ["it@{version}"]}
    command: ["{node}"]
    variants: [{}, {suffix: sse, transport: sse, path: /sse}]
"""
    (tmp_path / "npm.yaml").write_text(text, encoding="utf-8")
    servers, reasons = catalogue.load(tmp_path)
    assert [server.name for server in servers] == ["it-1.2.0", "it-1.2.0-sse", "it-1.3.0", "it-1.3.0-sse"]
    assert servers[3].packages == {"npm": ["it@1.3.0"]}
    assert (servers[3].transport, servers[3].path) == ("sse", "/sse")
    assert reasons == []


def test_two_servers_of_one_name_are_an_error(tmp_path: Path) -> None:
    entry = "  - {name: it, versions: [1], packages: {}, command: []}\n"
    (tmp_path / "npm.yaml").write_text(f"servers:\n{entry}{entry}", encoding="utf-8")
    with pytest.raises(ValueError, match="it-1"):
        catalogue.load(tmp_path)
