# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose members are not what the schema of their revision says; what it does not know may be anything."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, correct, remarked
from ..servers import LEGACY, MODERN, Stateless, Streamable
from .handshake import advertises, introduces
from .lists import OBJECT, lists, resource, schema, tool

ICON = {"src": "data:,", "mimeType": "image/png", "sizes": ["48x48"], "theme": "dark"}
ALL = {
    "title": "T",
    "annotations": {"title": "T", "readOnlyHint": True},
    "execution": {"taskSupport": "optional"},
    "icons": [ICON],
    "outputSchema": OBJECT,
    "_meta": {},
}
# Members of later revisions with types that those do not allow.
LATER = {"title": 1, "annotations": 1, "execution": 1, "icons": 1, "_meta": 1}
ANY = {"type": "array", "items": {"type": "string"}}


def prompt(**fields: Any) -> Any:
    return lists("prompts/list", {"prompts": [{"name": "p", **fields}]})


def at(revision: str, **fields: Any) -> Any:
    return partial(
        Streamable,
        revision=revision,
        results={"tools/list": {"tools": [{"name": "t", "inputSchema": OBJECT, **fields}]}},
    )


def stateless(**fields: Any) -> Any:
    listed = {"tools": [{"name": "t", "inputSchema": OBJECT, **fields}], **Stateless.hints}
    return partial(Stateless, results={"tools/list": listed})


FAKE_SERVERS: FakeServers = [
    correct("shape-all-members", tool(**ALL), LEGACY[3]),
    correct("shape-of-no-revision", at(LEGACY[0], x=1, y=[None]), LEGACY[0]),
    correct("shape-of-the-future", at(LEGACY[0], **ALL), LEGACY[0]),
    broken(
        "shape-output-of-the-future-invalid",
        at(LEGACY[0], outputSchema="x"),
        "LATER_MEMBER_INVALID",
        version=LEGACY[0],
    ),
    broken("shape-of-the-future-invalid", at(LEGACY[0], **LATER), "LATER_MEMBER_INVALID", version=LEGACY[0]),
    correct("shape-without-tasks", stateless(execution={"taskSupport": "optional"}), MODERN),
    remarked("shape-without-tasks-invalid", stateless(execution=1), "FORMER_MEMBER_INVALID", version=MODERN),
    correct("shape-any-output", stateless(outputSchema=ANY), MODERN),
    correct("shape-any-property", stateless(inputSchema={**OBJECT, "properties": {"all": True}}), MODERN),
    correct("shape-size-float", resource(size=3.0), LEGACY[3]),
    correct("shape-capability-unknown", advertises({"tools": {}, "extensions": {}, "x": True}), LEGACY[3]),
    broken("shape-capability-later", advertises({"tools": {}, "extensions": 7}), "LATER_MEMBER_INVALID"),
    remarked("shape-property-true", schema({"properties": {"all": True}}), "TOOL_SCHEMA_KEYWORD"),
    broken("shape-output-array", tool(outputSchema=ANY), "INVALID_TOOL_SCHEMA"),
    remarked("shape-hint-string", tool(annotations={"readOnlyHint": "yes"}), "INEXACT_MEMBER"),
    broken("shape-hint-word", tool(annotations={"readOnlyHint": "maybe"}), "INVALID_TOOL"),
    remarked("shape-hint-null", tool(annotations={"readOnlyHint": None}), "NULL_MEMBER"),
    broken("shape-task-support", tool(execution={"taskSupport": "sometimes"}), "INVALID_TOOL"),
    broken("shape-icon-string", tool(icons=["x.png"]), "INVALID_TOOL"),
    broken("shape-icon-sourceless", tool(icons=[{"sizes": ["1x1"]}]), "INVALID_TOOL"),
    broken("shape-icon-sizes", tool(icons=[{**ICON, "sizes": "1x1"}]), "INVALID_TOOL"),
    broken("shape-icon-theme", prompt(icons=[{**ICON, "theme": "blue"}]), "INVALID_PROMPT"),
    broken("shape-audience", resource(annotations={"audience": ["bot"]}), "INVALID_RESOURCE"),
    broken("shape-priority", resource(annotations={"priority": 2}), "INVALID_RESOURCE"),
    remarked("shape-priority-true", resource(annotations={"priority": True}), "INEXACT_MEMBER"),
    remarked("shape-size-fraction", resource(size=1.5), "INEXACT_MEMBER"),
    broken("shape-experimental", advertises({"tools": {}, "experimental": {"x": 1}}), "INVALID_CAPABILITIES"),
    broken("shape-tasks", advertises({"tools": {}, "tasks": {"requests": {"tools": 1}}}), "INVALID_CAPABILITIES"),
    broken(
        "shape-server-icon",
        introduces(serverInfo={"name": "z", "version": "1", "icons": [{}]}),
        "INVALID_SERVER_INFO",
    ),
]
