# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Columns of tables, and the links from a fleet to a server and from a panel to its runbook."""

from __future__ import annotations

import re
from typing import Any

DOCS = "https://git.example.com/mcp/kubernetes/docs"
LABEL = re.compile(r"\{\{(\w+)\}\}")
NAMES = ("name", "app_kubernetes_io_instance")


def transformations(legend: str, value: str | None) -> list[dict[str, Any]]:
    """Show the labels of the legend in its order, and the value.

    :param value: the heading of the value; None if it is not shown.
    """
    labels = LABEL.findall(legend)
    columns = [*labels, *(["Value"] if value else [])]
    headings = {label: label.capitalize() for label in labels if label not in NAMES} | (
        {"Value": value} if value else {}
    )
    return [
        {"id": "filterFieldsByName", "options": {"include": {"names": columns}}},
        {
            "id": "organize",
            "options": {
                "indexByName": {name: index for index, name in enumerate(columns)},
                "renameByName": headings,
            },
        },
    ]


def overrides(legend: str) -> list[dict[str, Any]]:
    """Link the name of a server to its dashboard."""
    return [
        {
            "matcher": {"id": "byName", "options": name},
            "properties": [{"id": "displayName", "value": "MCPServer"}, {"id": "links", "value": [_server(name)]}],
        }
        for name in LABEL.findall(legend)
        if name in NAMES
    ]


def _server(name: str) -> dict[str, Any]:
    url = f"/d/mcp-operator-server?var-namespace=${{__data.fields.namespace}}&var-name=${{__data.fields.{name}}}"
    return {"title": "Show this MCPServer", "url": url, "targetBlank": False}


def runbook(name: str) -> list[dict[str, Any]]:
    """Return the link of a panel to the runbook of an alert."""
    return [{"title": f"Runbook {name}", "url": f"{DOCS}/runbooks/{name}.md", "targetBlank": True}]


def others() -> list[dict[str, Any]]:
    """Return the links of a dashboard to the others, with the same time and servers."""
    return [
        {
            "type": "dashboards",
            "title": "MCP dashboards",
            "tags": ["mcp"],
            "asDropdown": False,
            "includeVars": True,
            "keepTime": True,
            "targetBlank": False,
            "icon": "external link",
            "tooltip": "",
            "url": "",
        }
    ]
