# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Members of objects that may be left out: if they are there, they are what the revision's schema says (pure)."""

from __future__ import annotations

import types
import typing as t

from ..._util import clean
from ..protocol.jsonrpc import Json, type_name

if t.TYPE_CHECKING:
    from ..protocol.session_state import IssueLog

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

_LOOKED_AT: t.Final = 200  # items of one list or values of one object


class Checker(t.NamedTuple):
    """What all checks of one object have in common."""

    version: str  # the revision
    code: str  # of the issue for what has another type
    issues: IssueLog

    def members(self, what: str, value: Json, shape: str) -> None:
        """Check the members of an object; null is no type, though half of the clients take it for left out."""
        for name, member in SHAPES[shape].items():
            if not member.since <= self.version <= member.until:
                continue
            if name not in value:
                if member.required:
                    self.issues.add(self.code, f"{what} has no {name}.")
            elif value[name] is None:
                self.issues.add("NULL_MEMBER", f"{what} has null as {name}.")
            else:
                self._member(what, name, value[name], member)

    def _member(self, what: str, name: str, value: t.Any, member: Member) -> None:
        self._value(f"{what} has", f"as {name}", f"{what}: {name}", value, member.kind)

    def _value(self, has: str, role: str, inside: str, value: t.Any, kind: str) -> None:
        """Check a value; the texts say whose it is."""
        wrong = _defect(value, kind)
        if wrong is not None:
            self.issues.add(self.code, f"{has} {wrong[0]} {role}, not {wrong[1]}.")
        elif kind[0] == "[":
            for number, item in enumerate(value[:_LOOKED_AT]):
                self._value(f"{inside} has", f"at {number}", f"{inside}[{number}]", item, kind[1:-1])
        elif kind[0] == "{":
            for key, item in list(value.items())[:_LOOKED_AT]:
                name = clean(key, 80)
                self._value(f"{inside} has", f"as {name}", f"{inside}: {name}", item, kind[1:-1])
        elif kind in SHAPES:
            self.members(inside, value, kind)


def _defect(value: t.Any, kind: str) -> tuple[str, str] | None:
    """Return what is there and what should be, or None when it is."""
    found = type_name(value)
    if kind[0] == "=":
        choices = kind[1:].split("|")
        return None if value in choices else (clean(repr(value), 40), f"one of {', '.join(choices)}")
    if kind == "integer":
        whole = found == "number" and float(value).is_integer()
        return None if whole else (_a(found) if found != "number" else str(value), "an integer")
    if kind == "portion":
        fits = found == "number" and 0 <= value <= 1
        return None if fits else (_a(found) if found != "number" else clean(value, 40), "a number from 0 to 1")
    wanted = {"[": "array", "{": "object"}.get(kind[0], "object" if kind in SHAPES else kind)
    return None if found == wanted else (_a(found), _a(wanted))


def _a(kind: str) -> str:
    return kind if kind == "null" else f"an {kind}" if kind[0] in "aio" else f"a {kind}"
