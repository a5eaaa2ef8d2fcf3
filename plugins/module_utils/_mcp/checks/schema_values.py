# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check a value by the keywords of a JSON Schema that look at this value alone (pure)."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..protocol.jsonrpc import type_name, typed
from . import safe_patterns, schema_formats

Schema = t.Any
Value = t.Any
_PATTERN_STEPS: t.Final = 1_000  # for one match
_FORMAT_STEPS: t.Final = 100
_SIZES: t.Final = ((str, "Length"), (list, "Items"), (dict, "Properties"))
Take = t.Callable[[int], None]  # counts steps, and raises if there are too many


class Outcome(t.NamedTuple):
    """Whether a value conforms; None if that is unknown.

    :param defect: what is wrong, as a sentence without its full stop.
    """

    valid: t.Optional[bool]
    defect: str = ""


VALID: t.Final = Outcome(True)
UNKNOWN: t.Final = Outcome(None)


def check_value(
    schema: t.Mapping[str, t.Any], value: Value, where: str, take: Take, *, formats: bool = False
) -> Outcome:
    """Check a value.

    :param where: its JSON pointer.
    :param formats: check ``format``.
    """
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [] if kinds is None else [kinds]
    if kinds and not any(_is_of(value, kind) for kind in kinds):
        return invalid(where, f"is {typed(value)}, not {' or '.join(map(str, kinds))}")
    choices = schema.get("enum")
    if isinstance(choices, list) and not any(_equal(value, choice, take) for choice in choices):
        return invalid(where, "is none of the values of 'enum'")
    if "const" in schema and not _equal(value, schema["const"], take):
        return invalid(where, "is not the value of 'const'")
    if isinstance(value, str) and "pattern" in schema:
        take(_PATTERN_STEPS)
        pattern = schema["pattern"]
        matched = safe_patterns.matches(pattern, value) if isinstance(pattern, str) else None
        if not matched:
            return UNKNOWN if matched is None else invalid(where, "does not match 'pattern'")
    if formats and isinstance(schema.get("format"), str):
        take(_FORMAT_STEPS)
        has_format = schema_formats.conforms(schema["format"], value)
        if not has_format:
            what = f"is not of the format {shown(schema['format'])}"
            return UNKNOWN if has_format is None else invalid(where, what)
    return _number(schema, value, where) if is_number(value) else _sized(schema, value, where, take)


def _sized(schema: t.Mapping[str, t.Any], value: Value, where: str, take: Take) -> Outcome:
    size = next((name for kind, name in _SIZES if isinstance(value, kind)), None)
    if size is not None:
        least: t.Any = schema.get(f"min{size}")
        most: t.Any = schema.get(f"max{size}")
        if (is_number(least) and len(value) < least) or (is_number(most) and len(value) > most):
            return invalid(where, f"has the length {len(value)}, which 'min{size}' or 'max{size}' does not allow")
    if isinstance(value, list) and schema.get("uniqueItems") is True:
        for number, one in enumerate(value):
            if any(_equal(one, other, take) for other in value[:number]):
                return invalid(where, "has equal items")
    return VALID


def _number(schema: t.Mapping[str, t.Any], value: float, where: str) -> Outcome:
    limits: tuple[tuple[str, t.Callable[[t.Any], bool]], ...] = (
        ("minimum", lambda limit: value < limit),
        ("maximum", lambda limit: value > limit),
        ("exclusiveMinimum", lambda limit: value <= limit),
        ("exclusiveMaximum", lambda limit: value >= limit),
    )
    for key, exceeds in limits:
        if is_number(schema.get(key)) and exceeds(schema[key]):
            return invalid(where, f"is out of the range of '{key}'")
    factor = schema.get("multipleOf")
    if factor is None or (isinstance(factor, int) and isinstance(value, int) and factor > 0 and value % factor == 0):
        return VALID
    whole = isinstance(factor, int) and isinstance(value, int) and factor > 0
    return invalid(where, "is no multiple of 'multipleOf'") if whole else UNKNOWN  # fractions are not exact


def _equal(one: Value, other: Value, take: Take) -> bool:
    """Compare JSON values: true is not 1, and 1.0 is 1."""
    take(1)
    if type_name(one) != type_name(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(content, other[key], take) for key, content in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(_equal(*pair, take) for pair in zip(one, other))
    return bool(one == other)


def _is_of(value: Value, kind: t.Any) -> bool:
    if kind == "integer":
        return is_number(value) and (isinstance(value, int) or float(value).is_integer())
    return bool(type_name(value) == kind)


def is_number(value: t.Any) -> bool:
    """Tell whether a JSON value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def invalid(where: str, what: str) -> Outcome:
    """Return a violation.

    :param what: a predicate.
    """
    return Outcome(False, f"{shown(where) if where else 'it'} {what}")


def shown(name: str) -> str:
    """Return a name for a message."""
    return repr(clean(name, 80))
