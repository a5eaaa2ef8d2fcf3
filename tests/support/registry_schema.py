# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the schemas of the MCP registry and of Server Cards require of the documents of a catalogue.

Written for these tests from the facts in

* https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json, and ServerList and ServerResponse of
  https://github.com/modelcontextprotocol/registry/blob/145c2ec/docs/reference/api/openapi.yaml
* https://github.com/modelcontextprotocol/experimental-ext-server-card/blob/8924e08/schema.json and docs/discovery.md

They are stricter: a field that a catalogue does not write is an error.
"""

from __future__ import annotations

from typing import Any

_STRING = {"type": "string"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
_COUNT = {"type": "integer", "minimum": 0}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


_HEADER = _object(
    "name", name=_STRING, description=_STRING, isRequired={"type": "boolean"}, isSecret={"type": "boolean"}
)
_REMOTE = {
    "type": {"enum": ["sse", "streamable-http"]},
    "url": {"type": "string", "pattern": r"^https?://[^\s]+$"},
    "headers": {"type": "array", "items": _HEADER},
}
_KNOWN: dict[str, Any] = {
    "name": {"type": "string", "pattern": "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", "minLength": 3, "maxLength": 200},
    "description": {"type": "string", "minLength": 1, "maxLength": 100},
    "title": {"type": "string", "minLength": 1, "maxLength": 100},
    "version": {"type": "string", "minLength": 1, "maxLength": 255, "not": {"const": "latest"}},
}
SERVER = _object(
    "$schema name description version",
    **{"$schema": {"const": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"}},
    **_KNOWN,
    remotes={"type": "array", "items": _object("type url", **_REMOTE)},
)
RESPONSE = _object(
    "server _meta",
    server=SERVER,
    _meta=_object(
        "io.modelcontextprotocol.registry/official mcp.mcp-operator.io/validation",
        **{
            "io.modelcontextprotocol.registry/official": _object(
                "status publishedAt updatedAt isLatest",
                status={"enum": ["active", "deprecated", "deleted"]},
                publishedAt=_TIME,
                updatedAt=_TIME,
                isLatest={"type": "boolean"},
            ),
            "mcp.mcp-operator.io/validation": _object(
                "protocolVersion", protocolVersion=_STRING, tools=_COUNT, resources=_COUNT, prompts=_COUNT
            ),
        },
    ),
)
LIST = _object(
    "servers metadata",
    servers={"type": "array", "items": RESPONSE},
    metadata=_object("count", count=_COUNT, nextCursor=_STRING),
)
CARD = _object(
    "$schema name description version",
    **{"$schema": {"const": "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"}},
    **_KNOWN,
    remotes={
        "type": "array",
        "items": _object("type url", **_REMOTE, supportedProtocolVersions={"type": "array", "items": _STRING}),
    },
)
CATALOG = _object(
    "specVersion entries",
    specVersion={"enum": ["draft", "1.0"]},
    entries={
        "type": "array",
        "items": _object(
            "identifier displayName type url",
            identifier={"type": "string", "pattern": r"^urn:air:[a-z0-9.-]+(:[a-z0-9.-]+)?:[A-Za-z0-9._-]+$"},
            displayName=_STRING,
            type={"const": "application/mcp-server-card+json"},
            url={"type": "string", "pattern": r"^https?://[^\s]+$"},
        ),
    },
)
