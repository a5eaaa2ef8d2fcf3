# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import CLIENT_VERSION
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import (
    Auth,
    Issue,
    Listing,
    Offers,
    Report,
    Revision,
    ToolCallResult,
)

GALAXY = Path(__file__).resolve().parents[6] / "galaxy.yml"
ERROR = Issue("NOT_MCP", "error", "A page came.", "spec", "Check the port.")


def test_the_client_version_is_the_version_of_the_collection() -> None:
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
def test_summaries(report: Report, text: str) -> None:
    assert report.summary("u") == text


def test_a_report_survives_its_dictionary() -> None:
    listing = Listing(1, ("t",), truncated=True)
    report = Report(
        compliant=None,
        auth=Auth(scheme="Bearer", scopes=("a",)),
        server_info={"name": "x"},
        tools=listing,
        prompts=listing,
        revisions=(Revision("2025-11-25", tools=listing, differs=("tools",)),),
        offers=Offers(None, {"tools": "d"}, "None is known."),
        tool_call=ToolCallResult(
            "t", is_error=False, content=("text",), structured=True, structured_content={"a": [1]}
        ),
        issues=(ERROR,),
        not_checked=("GET_UNEXPECTED",),
    )
    again = Report.from_dict(json.loads(json.dumps({"msg": "not of the report", **report.to_dict()})))
    assert again.to_dict() == report.to_dict()
    for field in dataclasses.fields(Report):
        assert type(getattr(again, field.name)) is type(getattr(report, field.name)), field.name
    assert isinstance(again.revisions[0].tools, Listing)
    with pytest.raises(TypeError):
        Report.from_dict({"issues": [{"code": "x"}]})
    with pytest.raises(KeyError):
        Report.from_dict({"compliant": True})
