# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check optional fields of objects against the schema of a revision (pure)."""

from __future__ import annotations

import re
import types
import typing as t

from ..._util import clean
from ..protocol.jsonrpc import Json, type_name, with_article

if t.TYPE_CHECKING:
    from ..issues.issue_log import IssueLog

_FIRST: t.Final = "2024-11-05"
_LAST: t.Final = "9999-12-31"
# The codes for a field that only later revisions than the negotiated one have, or only earlier ones.
LATER: t.Final = "LATER_MEMBER_INVALID"
FORMER: t.Final = "FORMER_MEMBER_INVALID"
_INEXACT: t.Final = "INEXACT_MEMBER"  # the code for a value that some clients take for one of the right type
# The strings that Pydantic takes for booleans, and those that it takes for numbers.
_BOOLEANS: t.Final = frozenset({"0", "1", "f", "false", "n", "no", "off", "on", "t", "true", "y", "yes"})
_TIME: t.Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,20})?)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
_LARGE: t.Final = 2**63
_NUMBER: t.Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")


class Field(t.NamedTuple):
    """The type of a field, and the revisions that have it.

    :param kind: a JSON type; ``integer``; ``portion`` (a number from 0 to 1); ``time``; a key of ``OBJECT_FIELDS``;
        ``[KIND]`` for a list; ``{KIND}`` for an object with such values; or ``=A|B`` for one of some strings.
    """

    kind: str
    since: str = _FIRST
    until: str = _LAST
    required: bool = False
    null: bool = True  # whether some clients accept null


_META: t.Final = {"_meta": Field("object", "2025-06-18")}
_TITLE: t.Final = {"title": Field("string", "2025-06-18")}
_ICONS: t.Final = {"icons": Field("[Icon]", "2025-11-25")}
_DESCRIPTION: t.Final = {"description": Field("string")}
_LIST_CHANGED: t.Final = {"listChanged": Field("boolean")}
_RESULT: t.Final = {"_meta": Field("object")}
_ANNOTATED: t.Final = {"annotations": Field("Annotations")}
_TEMPLATE: t.Final = {**_META, **_TITLE, **_ICONS, **_DESCRIPTION, **_ANNOTATED, "mimeType": Field("string")}
_RESOURCE: t.Final = {**_TEMPLATE, "size": Field("integer", "2025-03-26")}

OBJECT_FIELDS: t.Final[t.Mapping[str, t.Mapping[str, Field]]] = types.MappingProxyType(
    {
        "ServerResult": {**_RESULT, "instructions": Field("string")},
        "Implementation": {
            **_TITLE,
            **_ICONS,
            "description": Field("string", "2025-11-25"),
            "websiteUrl": Field("string", "2025-11-25"),
        },
        "ListResult": {**_RESULT, "nextCursor": Field("string")},
        "Tool": {
            **_META,
            **_TITLE,
            **_ICONS,
            **_DESCRIPTION,
            "annotations": Field("ToolAnnotations", "2025-03-26"),
            "execution": Field("ToolExecution", "2025-11-25", "2025-11-25"),
        },
        "ToolAnnotations": {
            "title": Field("string"),
            "readOnlyHint": Field("boolean"),
            "destructiveHint": Field("boolean"),
            "idempotentHint": Field("boolean"),
            "openWorldHint": Field("boolean"),
        },
        "ToolExecution": {"taskSupport": Field("=forbidden|optional|required")},
        "Resource": _RESOURCE,
        "ResourceTemplate": _TEMPLATE,
        "Prompt": {**_META, **_TITLE, **_ICONS, **_DESCRIPTION, "arguments": Field("[PromptArgument]")},
        "PromptArgument": {
            **_TITLE,
            **_DESCRIPTION,
            "name": Field("string", required=True),
            "required": Field("boolean"),
        },
        "Icon": {
            "src": Field("string", required=True),
            "mimeType": Field("string"),
            "sizes": Field("[string]"),
            "theme": Field("=dark|light"),
        },
        "Annotations": {
            "audience": Field("[=assistant|user]"),
            "priority": Field("portion"),
            "lastModified": Field("time", "2025-06-18"),
        },
        "Capabilities": {
            "tools": Field("ListChanged"),
            "prompts": Field("ListChanged"),
            "resources": Field("ResourcesCapability"),
            "logging": Field("object"),
            "completions": Field("object", "2025-03-26"),
            "experimental": Field("{object}"),
            "tasks": Field("Tasks", "2025-11-25", "2025-11-25"),
            "extensions": Field("{object}", "2026-07-28"),
        },
        "ListChanged": _LIST_CHANGED,
        "ResourcesCapability": {**_LIST_CHANGED, "subscribe": Field("boolean")},
        "Tasks": {"list": Field("object"), "cancel": Field("object"), "requests": Field("TaskRequests")},
        "TaskRequests": {"tools": Field("TaskTools")},
        "TaskTools": {"call": Field("object")},
        "CallToolResult": {**_RESULT, "isError": Field("boolean", null=False)},
        "Content": {**_META, **_ANNOTATED},
        "ResourceLink": _RESOURCE,
        "ResourceContents": {**_META, "mimeType": Field("string")},
    }
)

_MAX_VALUES: t.Final = 200  # items of one list or values of one object that are checked


class SchemaChecker(t.NamedTuple):
    """Checks objects and adds an issue for each invalid field."""

    version: str  # the revision
    code: str  # of the issue for a field of the wrong type
    issues: IssueLog

    def check_fields(self, what: str, value: Json, shape: str) -> None:
        """Check the fields of an object. null is not allowed, although many clients treat it as missing."""
        for name, member in OBJECT_FIELDS[shape].items():
            if name not in value:
                if member.required and self.version <= member.until:
                    self.issues.add(self.code, f"{what} has no {name}.")
                continue
            # Clients parse all members that they know, whichever revision was negotiated.
            former = self.version > member.until
            code = FORMER if former else self.code if self.version >= member.since else LATER
            checker = self if code == self.code else self._replace(code=code)
            if value[name] is not None or not member.null:
                checker._check_field(what, name, value[name], member)  # noqa: SLF001  # of the same class
            elif not former:
                later = ", a member of a later revision" if checker.code == LATER else ""
                self.issues.add("NULL_MEMBER", f"{what} has null as {name}{later}.")

    def _check_field(self, what: str, name: str, value: t.Any, member: Field) -> None:
        self._value(f"{what} has", f"as {name}", f"{what}: {name}", value, member.kind)

    def _value(self, has: str, role: str, inside: str, value: t.Any, kind: str) -> None:
        """Check a value; the other arguments are the parts of the message."""
        wrong = _defect(value, kind)
        if wrong is not None:
            self.issues.add(
                _INEXACT if _is_inexact(value, kind) else self.code, f"{has} {wrong[0]} {role}, not {wrong[1]}."
            )
        elif kind[0] == "[":
            for number, item in enumerate(value[:_MAX_VALUES]):
                self._value(f"{inside} has", f"at {number}", f"{inside}[{number}]", item, kind[1:-1])
        elif kind[0] == "{":
            for key, item in list(value.items())[:_MAX_VALUES]:
                name = clean(key, 80)
                self._value(f"{inside} has", f"as {name}", f"{inside}: {name}", item, kind[1:-1])
        elif kind in OBJECT_FIELDS:
            self.check_fields(inside, value, kind)


def _is_inexact(value: t.Any, kind: str) -> bool:
    """Tell whether some clients take a wrong value for one of the right type.

    Those with Pydantic convert strings, and booleans to numbers. Those in TypeScript take each number for an integer.
    """
    if kind == "time":
        return isinstance(value, str)
    if kind == "boolean":
        return value in (0, 1) or (isinstance(value, str) and value.lower() in _BOOLEANS)
    if kind not in ("integer", "portion"):
        return False
    numeric = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    if kind == "integer":
        return numeric or isinstance(value, (bool, float))
    return isinstance(value, bool) or (numeric and 0 <= float(value) <= 1)


def _defect(value: t.Any, kind: str) -> tuple[str, str] | None:
    """Return what the value is and what it should be; None if it is valid."""
    found = type_name(value)
    if kind[0] == "=":
        choices = kind[1:].split("|")
        return None if value in choices else (clean(repr(value), 40), f"one of {', '.join(choices)}")
    if kind == "time":
        fits = found == "string" and _TIME.fullmatch(value) is not None
        return None if fits else (clean(repr(value), 40), "a time such as 2026-01-31T15:00:00Z")
    if kind == "integer":
        whole = found == "number" and (isinstance(value, int) or (value.is_integer() and abs(value) < _LARGE))
        return None if whole else (with_article(found) if found != "number" else str(value), "an integer")
    if kind == "portion":
        fits = found == "number" and 0 <= value <= 1
        return (
            None if fits else (with_article(found) if found != "number" else clean(value, 40), "a number from 0 to 1")
        )
    wanted = {"[": "array", "{": "object"}.get(kind[0], "object" if kind in OBJECT_FIELDS else kind)
    return None if found == wanted else (with_article(found), with_article(wanted))
