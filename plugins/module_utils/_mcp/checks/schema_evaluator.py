# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check that a value conforms to a JSON Schema (2020-12, 2019-09, draft-07 or draft-06), without a library.

Schema and value are the server's, so the work is bounded, no ``$ref`` is fetched, and only simple patterns are run.
What cannot be decided within these limits is unknown, and only a certain violation counts. ``format`` is checked on
request: it is an annotation, which some clients check.
"""

from __future__ import annotations

import math
import typing as t

from .schema_pointer import NOTHING, follow
from .schema_values import UNKNOWN, VALID, Outcome, Schema, Value, check_value, invalid, is_number, shown

MAX_STEPS: t.Final = 50_000  # pairs of a schema and a value, and values that are compared
_MAX_DEPTH: t.Final = 60
_MAX_POINTER: t.Final = 200  # characters of a pointer for messages
_DIALECTS: t.Final = ("2020-12/schema", "2019-09/schema", "draft-07/schema", "draft-06/schema")
_OLD_DIALECTS: t.Final = _DIALECTS[2:]  # in which the keywords beside $ref do not count
# Keywords with an effect that is not evaluated: what depends on them is unknown.
_UNDECIDED: t.Final = (
    "$dynamicRef",
    "$recursiveRef",
    "unevaluatedItems",
    "unevaluatedProperties",
)
# The same of keywords that are checked with ``format``.
_LIMITS: t.Final = tuple(f"format{limit}" for limit in ("Minimum", "Maximum", "ExclusiveMinimum", "ExclusiveMaximum"))


class _TooMuch(Exception):
    """The limit on the work was exceeded."""


def violation(schema: Schema, value: Value, *, formats: bool = False) -> Outcome:
    """Tell whether a value conforms to a schema that :func:`.input_schema.schema_defect` accepts.

    :param formats: check ``format``.
    """
    try:
        return _Evaluator(schema, formats=formats).evaluate(schema, value, "", 0)
    except (_TooMuch, RecursionError):
        return UNKNOWN


class _Evaluator:
    """Evaluates one schema and its local references."""

    def __init__(self, root: Schema, *, formats: bool) -> None:
        self._root = root
        self._formats = formats
        self._undecided = (*_UNDECIDED, *_LIMITS) if formats else _UNDECIDED
        self._left = MAX_STEPS
        declared = root.get("$schema") if isinstance(root, dict) else None
        dialect = str(declared).rstrip("#") if declared is not None else _DIALECTS[0]
        self._known = dialect.endswith(_DIALECTS)
        self._old = dialect.endswith(_OLD_DIALECTS)

    def evaluate(self, schema: Schema, value: Value, where: str, depth: int) -> Outcome:
        """Check one value.

        :param where: the JSON pointer of the value.
        """
        self._take(1)
        if schema is True or not self._known or depth > _MAX_DEPTH:
            return VALID if schema is True else UNKNOWN
        if schema is False:
            return invalid(where, "is not allowed")
        if not isinstance(schema, dict) or ("$id" in schema and schema is not self._root):
            return UNKNOWN  # references inside have another base
        if self._old and "$ref" in schema:
            return self._reference(schema["$ref"], value, where, depth)
        checks: list[t.Callable[[], Outcome]] = [
            lambda: check_value(schema, value, where, self._take, formats=self._formats),
            lambda: self._object(schema, value, where, depth) if isinstance(value, dict) else VALID,
            lambda: self._array(schema, value, where, depth) if isinstance(value, list) else VALID,
            lambda: self._combined(schema, value, where, depth),
        ]
        if "$ref" in schema:
            checks.append(lambda: self._reference(schema["$ref"], value, where, depth))
        found = _all(check() for check in checks)
        undecided = any(key in schema for key in self._undecided) or _has_other_exclusive(schema)
        return UNKNOWN if found.valid and undecided else found

    def _take(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooMuch

    def _reference(self, reference: t.Any, value: Value, where: str, depth: int) -> Outcome:
        if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")) or "%" in reference:
            return UNKNOWN
        node = follow(self._root, reference[1:])
        return UNKNOWN if node is NOTHING else self.evaluate(node, value, where, depth + 1)

    def _object(self, schema: t.Mapping[str, t.Any], value: t.Mapping[str, t.Any], where: str, depth: int) -> Outcome:
        # A reference can lead to what is no schema, and has not been checked.
        for name in _texts(schema.get("required")):
            self._take(1)
            if name not in value:
                return invalid(where, f"has no {shown(name)}")
        for name, names in () if self._old else _items(schema.get("dependentRequired")):
            if name in value and any(other not in value for other in _texts(names)):
                return invalid(where, f"has {shown(name)} without what it requires")
        return _all(self._members(schema, value, where, depth))

    def _members(
        self, schema: t.Mapping[str, t.Any], value: t.Mapping[str, t.Any], where: str, depth: int
    ) -> t.Iterator[Outcome]:
        properties = schema.get("properties")
        known = properties if isinstance(properties, dict) else {}
        for name, content in value.items():
            inside = f"{where}/{name}"[:_MAX_POINTER]
            if name in known:
                yield self.evaluate(known[name], content, inside, depth + 1)
            elif "additionalProperties" in schema and not schema.get("patternProperties"):
                yield self.evaluate(schema["additionalProperties"], content, inside, depth + 1)
            if "propertyNames" in schema:
                yield self.evaluate(schema["propertyNames"], name, f"{where} (name)", depth + 1)
        if schema.get("patternProperties"):
            yield UNKNOWN
        for name, dependent in () if self._old else _items(schema.get("dependentSchemas")):
            if name in value:
                yield self.evaluate(dependent, value, where, depth + 1)
        if schema.get("dependencies"):
            yield UNKNOWN

    def _array(self, schema: t.Mapping[str, t.Any], value: t.Sequence[t.Any], where: str, depth: int) -> Outcome:
        return _all(self._elements(schema, value, where, depth))

    def _elements(
        self, schema: t.Mapping[str, t.Any], value: t.Sequence[t.Any], where: str, depth: int
    ) -> t.Iterator[Outcome]:
        items, rest = schema.get("items", True), schema.get("items", True)
        first = schema.get("prefixItems", [])
        if isinstance(items, list):  # as in draft-07
            first, rest = items, schema.get("additionalItems", True)
        elif self._old:
            first = []
        first = first if isinstance(first, list) else []
        for number, content in enumerate(value):
            one = first[number] if number < len(first) else rest
            yield self.evaluate(one, content, f"{where}/{number}", depth + 1)
        if "contains" in schema:
            yield self._contains(schema, value, where, depth)

    def _contains(self, schema: t.Mapping[str, t.Any], value: t.Sequence[t.Any], where: str, depth: int) -> Outcome:
        found = [self.evaluate(schema["contains"], content, where, depth + 1).valid for content in value]
        counts = {} if self._old else schema
        least, most = counts.get("minContains", 1), counts.get("maxContains", math.inf)
        if not is_number(least) or not is_number(most):
            return UNKNOWN
        certain, possible = found.count(True), found.count(True) + found.count(None)
        if possible < least or certain > most:
            return invalid(where, f"has {certain} items of those that 'contains' describes")
        return VALID if certain >= least and possible <= most else UNKNOWN

    def _combined(self, schema: t.Mapping[str, t.Any], value: Value, where: str, depth: int) -> Outcome:
        def each(key: str) -> list[Outcome]:
            options = schema.get(key)
            return [self.evaluate(one, value, where, depth + 1) for one in options] if isinstance(options, list) else []

        found = [_all(each("allOf"))]
        if "anyOf" in schema:
            found.append(_any(each("anyOf"), where))
        if "oneOf" in schema:
            found.append(_one(each("oneOf"), where))
        if "not" in schema:
            refused = self.evaluate(schema["not"], value, where, depth + 1).valid
            found.append(invalid(where, "is what 'not' excludes") if refused else UNKNOWN if refused is None else VALID)
        if "if" in schema:
            condition = self.evaluate(schema["if"], value, where, depth + 1).valid
            branch = schema.get("then" if condition else "else", True)
            found.append(UNKNOWN if condition is None else self.evaluate(branch, value, where, depth + 1))
        return _all(found)


def _all(found: t.Iterable[Outcome]) -> Outcome:
    """Return the first violation; else what is unknown, if anything is."""
    unknown = False
    for one in found:
        if one.valid is False:
            return one
        unknown = unknown or one.valid is None
    return UNKNOWN if unknown else VALID


def _any(found: t.Sequence[Outcome], where: str) -> Outcome:
    verdicts = [one.valid for one in found]
    if True in verdicts or None in verdicts:
        return VALID if True in verdicts else UNKNOWN
    return found[0] if len(found) == 1 else invalid(where, "conforms to no schema of 'anyOf'")


def _one(found: t.Sequence[Outcome], where: str) -> Outcome:
    verdicts = [one.valid for one in found]
    if verdicts.count(True) > 1:
        return invalid(where, "conforms to more than one schema of 'oneOf'")
    if None in verdicts:
        return UNKNOWN
    return VALID if True in verdicts else invalid(where, "conforms to no schema of 'oneOf'")


def _has_other_exclusive(schema: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the schema has the booleans of draft-04, which say how to read minimum and maximum."""
    return any(isinstance(schema.get(key), bool) for key in ("exclusiveMinimum", "exclusiveMaximum"))


def _texts(value: t.Any) -> t.Iterable[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _items(value: t.Any) -> t.Iterable[tuple[str, t.Any]]:
    return value.items() if isinstance(value, dict) else ()
