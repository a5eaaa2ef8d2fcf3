# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check that a value is a JSON Schema, by the types of the keywords and without a library."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..protocol.jsonrpc import typed
from .schema_pointer import NOTHING, follow

_TYPES: t.Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_MAPS_OF_SCHEMAS: t.Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS_OF_SCHEMAS: t.Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS: t.Final = (
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_STRINGS: t.Final = ("$ref", "$schema", "$id", "description", "format", "pattern", "title")
_CHECKED_BY_CLIENTS: t.Final = ("properties", "required")  # at the top
_COUNTS: t.Final = ("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties")
_NUMBERS: t.Final = ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf")
_ANY_PROPERTY: t.Final = "2026-07-28"  # the first revision that allows a boolean as the schema of a property
_MAX_SUBSCHEMAS = 20_000  # that are checked
_MAX_REFERENCES = 1_000


class SchemaDefect(t.NamedTuple):
    """What is wrong with a schema.

    :param seen: the predicate of a sentence.
    :param rejected: whether clients reject the tool, which look at the type, properties and required at the top.
    """

    seen: str
    rejected: bool = False


def schema_defect(
    schema: t.Any, version: str, *, of_object: bool = True, references: list[str] | None = None
) -> SchemaDefect | None:
    """Return what is wrong with a tool's schema; None if it is valid.

    MCP requires ``"type": "object"`` at the top (``of_object``) and, before 2026-07-28, an object as the schema of each
    property. The rest follows JSON Schema 2020-12 or draft-07.

    :param references: each ``$ref`` that leads outside of the schema is added to it. It is never fetched.
    """
    if schema is None:
        return SchemaDefect("is missing", rejected=True)
    if not isinstance(schema, dict):
        return SchemaDefect(f"is {typed(schema)}, not an object", rejected=True)
    if of_object and schema.get("type") != "object":
        return SchemaDefect('has no "type": "object" at its top', rejected=True)
    properties = schema.get("properties")
    if version < _ANY_PROPERTY and isinstance(properties, dict):
        for name, content in list(properties.items())[:_MAX_SUBSCHEMAS]:
            if isinstance(content, bool):
                shown = clean(repr(name), 80)
                seen = f"has a boolean as the schema of the property {shown}, which {version} does not allow"
                return SchemaDefect(seen)
    return _walk(schema, [] if references is None else references)


def _walk(schema: t.Any, references: list[str]) -> SchemaDefect | None:
    identifiers: set[str] = set()
    found: list[str] = []
    try:
        defect = _walk_all(schema, found, identifiers)
    finally:
        references += [one for one in found if one[0] != "#" and one.partition("#")[0] not in identifiers]
    if defect is None and not identifiers:  # else pointers may have another base
        missing = next((one for one in found[:_MAX_REFERENCES] if one[0] == "#" and not _leads(schema, one)), None)
        if missing is not None:
            return SchemaDefect(f"has the $ref {clean(missing, 80)!r}, which leads nowhere")
    return defect


def _leads(schema: t.Any, pointer: str) -> bool:
    """Tell whether a JSON pointer in a fragment leads somewhere. Other fragments are names, which are not looked up."""
    if not pointer.startswith("#/") or "%" in pointer:
        return True
    return follow(schema, pointer[1:]) is not NOTHING


def _walk_all(schema: t.Any, references: list[str], identifiers: set[str]) -> SchemaDefect | None:
    for where, node in _nodes(schema):
        if isinstance(node, bool):
            continue
        if not isinstance(node, dict):
            return SchemaDefect(f"has {typed(node)} at {clean(where)!r}, where a schema is required")
        defect = _keyword_defect(where, node)
        if defect is not None:
            return defect
        if node.get("$ref"):
            references.append(node["$ref"])
        if "$id" in node:
            identifiers.add(node["$id"].partition("#")[0])
    return None


def subschemas(schema: t.Any) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """Yield each object among the schemas in a schema, with its JSON pointer. There is a limit on their number."""
    return ((where, node) for where, node in _nodes(schema) if isinstance(node, dict))


def _nodes(schema: t.Any) -> t.Iterator[tuple[str, t.Any]]:
    pending: list[tuple[str, t.Any]] = [("", schema)]
    for _visit in range(_MAX_SUBSCHEMAS):
        if not pending:
            return
        where, node = pending.pop()
        yield where, node
        if isinstance(node, dict):
            pending.extend(_children(where, node))


def _keyword_defect(where: str, node: dict[str, t.Any]) -> SchemaDefect | None:
    """Check the keywords of one schema; unknown keywords are annotations."""
    kinds = node.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not kinds or not all(isinstance(kind, str) and kind in _TYPES for kind in kinds):
        return SchemaDefect(f"has an unknown type at {_shown(where)}")
    required = node.get("required", [])
    if isinstance(required, list) and not all(isinstance(name, str) for name in required):
        seen = f"has a 'required' that is not a list of strings at {_shown(where)}"
        return SchemaDefect(seen, rejected=not where)
    wrong = [key for key, value in node.items() if key in _VALID and not _VALID[key](value)]
    if not wrong:
        return None
    key = next((key for key in wrong if not where and key in _CHECKED_BY_CLIENTS), wrong[0])
    rejected = not where and key in _CHECKED_BY_CLIENTS and node[key] is not None
    return SchemaDefect(f"has a '{key}' of the wrong type at {_shown(where)}", rejected)


def _shown(where: str) -> str:
    return repr(clean(where) or "/")


def _is_count(value: t.Any) -> bool:
    return _is_number(value) and bool(value >= 0)


def _is_number(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_filled_list(value: t.Any) -> bool:
    return isinstance(value, list) and bool(value)


# Whether the value of a keyword has the right type. draft-04 has a boolean as required; later drafts have a list.
_VALID: t.Final[t.Mapping[str, t.Callable[[t.Any], bool]]] = {
    **dict.fromkeys(_STRINGS, lambda value: isinstance(value, str)),
    **dict.fromkeys(_MAPS_OF_SCHEMAS, lambda value: isinstance(value, dict)),
    **dict.fromkeys(_LISTS_OF_SCHEMAS, _is_filled_list),
    **dict.fromkeys(_COUNTS, _is_count),
    **dict.fromkeys(_NUMBERS, _is_number),
    "enum": _is_filled_list,
    "required": lambda value: isinstance(value, list),
}


def _children(where: str, node: dict[str, t.Any]) -> t.Iterator[tuple[str, t.Any]]:
    for key, value in node.items():
        if key in _MAPS_OF_SCHEMAS:
            for name, child in value.items():
                yield f"{where}/{key}/{name}", child
        elif key in _LISTS_OF_SCHEMAS or (key == "items" and isinstance(value, list)):
            for number, child in enumerate(value):
                yield f"{where}/{key}/{number}", child
        elif key in _SCHEMAS:
            yield f"{where}/{key}", value
