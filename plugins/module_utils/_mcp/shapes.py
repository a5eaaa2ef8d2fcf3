# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The members that objects may leave out, by revision, as the schemas of the specification have them.

What a revision does not know may be anything in it: none of its objects is closed.
"""

from __future__ import annotations

import types
import typing as t

_FIRST: t.Final = "2024-11-05"
_LAST: t.Final = "9999-12-31"


class Member(t.NamedTuple):
    """A member: what it is, and in which revisions.

    The kind is a type of JSON, ``integer``, ``portion`` (a number from 0 to 1), the name of a shape, ``[KIND]`` for a
    list, ``{KIND}`` for an object with such values, or ``=A|B`` for one of some strings.
    """

    kind: str
    since: str = _FIRST
    until: str = _LAST
    required: bool = False


_META: t.Final = {"_meta": Member("object", "2025-06-18")}
_TITLE: t.Final = {"title": Member("string", "2025-06-18")}
_ICONS: t.Final = {"icons": Member("[Icon]", "2025-11-25")}
_DESCRIPTION: t.Final = {"description": Member("string")}
_LIST_CHANGED: t.Final = {"listChanged": Member("boolean")}
_RESULT: t.Final = {"_meta": Member("object")}
_ANNOTATED: t.Final = {"annotations": Member("Annotations")}
_TEMPLATE: t.Final = {**_META, **_TITLE, **_ICONS, **_DESCRIPTION, **_ANNOTATED, "mimeType": Member("string")}
_RESOURCE: t.Final = {**_TEMPLATE, "size": Member("integer", "2025-03-26")}

SHAPES: t.Final[t.Mapping[str, t.Mapping[str, Member]]] = types.MappingProxyType(
    {
        "Introduction": {**_RESULT, "instructions": Member("string")},
        "Implementation": {
            **_TITLE,
            **_ICONS,
            "description": Member("string", "2025-11-25"),
            "websiteUrl": Member("string", "2025-11-25"),
        },
        "Page": {**_RESULT, "nextCursor": Member("string")},
        "Tool": {
            **_META,
            **_TITLE,
            **_ICONS,
            **_DESCRIPTION,
            "annotations": Member("ToolAnnotations", "2025-03-26"),
            "execution": Member("ToolExecution", "2025-11-25", "2025-11-25"),
        },
        "ToolAnnotations": {
            "title": Member("string"),
            "readOnlyHint": Member("boolean"),
            "destructiveHint": Member("boolean"),
            "idempotentHint": Member("boolean"),
            "openWorldHint": Member("boolean"),
        },
        "ToolExecution": {"taskSupport": Member("=forbidden|optional|required")},
        "Resource": _RESOURCE,
        "ResourceTemplate": _TEMPLATE,
        "Prompt": {**_META, **_TITLE, **_ICONS, **_DESCRIPTION, "arguments": Member("[PromptArgument]")},
        "PromptArgument": {
            **_TITLE,
            **_DESCRIPTION,
            "name": Member("string", required=True),
            "required": Member("boolean"),
        },
        "Icon": {
            "src": Member("string", required=True),
            "mimeType": Member("string"),
            "sizes": Member("[string]"),
            "theme": Member("=dark|light"),
        },
        "Annotations": {
            "audience": Member("[=assistant|user]"),
            "priority": Member("portion"),
            "lastModified": Member("string", "2025-06-18"),
        },
        "Capabilities": {
            "tools": Member("Changing"),
            "prompts": Member("Changing"),
            "resources": Member("Subscribing"),
            "logging": Member("object"),
            "completions": Member("object", "2025-03-26"),
            "experimental": Member("{object}"),
            "tasks": Member("Tasks", "2025-11-25", "2025-11-25"),
            "extensions": Member("{object}", "2026-07-28"),
        },
        "Changing": _LIST_CHANGED,
        "Subscribing": {**_LIST_CHANGED, "subscribe": Member("boolean")},
        "Tasks": {"list": Member("object"), "cancel": Member("object"), "requests": Member("TaskRequests")},
        "TaskRequests": {"tools": Member("TaskTools")},
        "TaskTools": {"call": Member("object")},
        "CallResult": {**_RESULT, "isError": Member("boolean")},
        "Content": {**_META, **_ANNOTATED},
        "ResourceLink": _RESOURCE,
        "ResourceContents": {**_META, "mimeType": Member("string")},
    }
)
