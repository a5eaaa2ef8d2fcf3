# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A value conforms to a schema, or not, or that is unknown; never is a value rejected that the library accepts."""

from __future__ import annotations

import time
from typing import Any

import jsonschema
import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.input_schema import schema_defect
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.schema_evaluator import violation
from hypothesis import given
from hypothesis import strategies as st

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
NUMBER = {"type": "number"}
TREE = {
    "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}, "required": ["id"]}},
    "$ref": "#/$defs/node",
}


@pytest.mark.parametrize(
    ("schema", "good", "wrong"),
    [
        ({"type": "integer"}, 3.0, 3.5),
        ({"type": ["string", "null"]}, None, True),
        (NUMBER, 1, True),
        ({"enum": [1, "a", {"x": [None]}]}, {"x": [None]}, True),
        ({"const": [1.0]}, [1], [True]),
        ({"minimum": 1, "exclusiveMaximum": 3}, 1, 3),
        ({"multipleOf": 3}, 9, 10),
        ({"minLength": 2, "maxLength": 3}, "äö", "a"),
        ({"minItems": 1, "uniqueItems": True}, [1, True, "1"], [1, 1.0]),
        ({"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}),
        ({"required": ["a"], "properties": {"a": NUMBER}}, {"a": 1, "b": "x"}, {"b": 1}),
        ({"properties": {"a": NUMBER}, "additionalProperties": False}, {"a": 1}, {"b": 1}),
        ({"additionalProperties": {"type": "string"}}, {"a": ""}, {"a": 1}),
        ({"pattern": "^[a-z][a-z0-9_-]*$"}, "a-1", "A"),
        ({"pattern": r"^\d{4}-\d{2}-\d{2}$"}, "2026-01-31", "31.1.2026"),
        ({"pattern": "b"}, "abc", "ac"),
        ({"pattern": r"\.$"}, "a.", "a"),
        ({"pattern": r"^a\$"}, "a$", "a"),
        ({"propertyNames": {"maxLength": 1}}, {"a": 1}, {"ab": 1}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 1}, {"a": 1}),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"b": 1}, {"a": 1}),
        ({"prefixItems": [NUMBER], "items": {"type": "string"}}, [1, "a"], [1, 2]),
        ({"items": NUMBER}, [1, 2], [1, "2"]),
        ({"$schema": DRAFT_07, "items": [NUMBER], "additionalItems": False}, [1], [1, 2]),
        ({"contains": NUMBER, "maxContains": 1}, ["a", 1], [1, 2]),
        ({"contains": NUMBER}, ["a", 1], ["a"]),
        ({"allOf": [NUMBER, {"minimum": 2}]}, 2, 1),
        ({"anyOf": [NUMBER, {"type": "null"}]}, None, "a"),
        ({"oneOf": [NUMBER, {"type": "integer"}]}, 1.5, 1),
        ({"not": NUMBER}, "a", 1),
        ({"if": NUMBER, "then": {"minimum": 1}, "else": {"type": "string"}}, "a", 0),
        (TREE, {"id": 1, "next": {"id": 2}}, {"id": 1, "next": {}}),
        ({"$schema": DRAFT_07, **TREE}, {"id": 1}, {"id": 1, "next": 2}),
        ({"properties": {"a": False}}, {}, {"a": 1}),
    ],
)
def test_a_value_conforms_or_not(schema: dict[str, Any], good: Any, wrong: Any) -> None:
    assert violation(schema, good).valid is True
    found = violation(schema, wrong)
    assert found.valid is False
    assert found.defect.isprintable()
    validator = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)(schema)
    assert (validator.is_valid(good), validator.is_valid(wrong)) == (True, False)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": "^(a+)+$"}, "a" * 5000 + "!"),
        ({"patternProperties": {"^(a+)+$": NUMBER}}, {"a" * 5000 + "!": "x"}),
        ({"patternProperties": {"^x": True}, "additionalProperties": False}, {"x": 1}),
        ({"$ref": "https://evil.invalid/schema.json"}, 1),
        ({"$ref": "#elsewhere"}, 1),
        ({"$ref": "#"}, 1),
        ({"not": {"pattern": "(a)"}}, "a"),
        ({"oneOf": [{"pattern": "(a)"}, {"pattern": "(b)"}]}, "a"),
        ({"anyOf": [{"pattern": "(a)"}, NUMBER]}, "a"),
        ({"if": {"pattern": "(a)"}, "then": False}, "a"),
        ({"pattern": "^a$"}, "ä"),
        ({"pattern": "^a$"}, "a" * 129),
        ({"pattern": "a*b*c*d"}, "a"),
        ({"pattern": "[a--z]"}, "a"),
        ({"pattern": "a*+"}, "a"),
        ({"pattern": "[z-a]"}, "a"),
        ({"unevaluatedProperties": False}, {"a": 1}),
        ({"multipleOf": 0.1}, 0.3),
        ({"minimum": 1, "exclusiveMinimum": True}, 1),
        ({"$schema": "https://example.com/my-dialect", "type": "string"}, 1),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "type": "string"}, 1),
        ({"$defs": {"a": {"$id": "https://x/", "$ref": "#/$defs/b"}}, "$ref": "#/$defs/a"}, 1),
        ({"dependencies": {"a": ["b"]}}, {"a": 1}),
    ],
)
def test_what_cannot_be_decided_is_unknown(schema: dict[str, Any], value: Any) -> None:
    assert violation(schema, value).valid is None


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}] * 9}}, "$ref": "#/$defs/a"}, 1),
        ({"items": {"enum": [[number] for number in range(5000)]}}, [["x"]] * 5000),
        ({"items": {"pattern": "[ab]*[ab]*c"}}, ["ab" * 64] * 5000),
        ({"uniqueItems": True}, [[number] for number in range(5000)]),
        ({"additionalProperties": {"allOf": [NUMBER] * 500}}, {str(number): 1 for number in range(5000)}),
    ],
)
def test_a_hostile_schema_takes_no_long_time(schema: dict[str, Any], value: Any) -> None:
    before = time.process_time()
    violation(schema, value)
    assert time.process_time() - before < 2.0


def test_names_of_megabytes_are_not_repeated() -> None:
    value: Any = "x"
    for _level in range(20):
        value = {"n" * 20_000: value}
    schema: Any = {"type": "object", "additionalProperties": {"$ref": "#"}}
    found = violation(schema, value)
    assert found.valid is False
    assert len(found.defect) < 300


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, "", "a", "ab"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
SCHEMAS = st.recursive(
    st.booleans()
    | st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
            | st.lists(st.sampled_from(["integer", "null", "string"]), min_size=1, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "minimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "multipleOf": st.integers(1, 3),
            "maxLength": st.integers(0, 2),
            "minItems": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "minProperties": st.integers(0, 2),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "dependentRequired": st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from("abc"), max_size=1)),
            "pattern": st.sampled_from(["^a", "b$"]),
            "$ref": st.sampled_from(["#/$defs/d", "#/$defs/none"]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            "additionalProperties": inner,
            "propertyNames": inner,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "c"]), inner, max_size=1),
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "items": inner,
            "contains": inner,
            "minContains": st.integers(0, 2),
            "maxContains": st.integers(0, 2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "unevaluatedProperties": inner,
        },
    ),
    max_leaves=8,
)


@given(SCHEMAS, SCHEMAS, VALUES)
def test_a_verdict_is_that_of_the_library(schema: Any, other: Any, value: Any) -> None:
    whole = {"$defs": {"d": other, "none": {}}, "allOf": [schema]}
    found = violation(whole, value).valid
    if found is not None:
        assert schema_defect(whole, "2026-07-28", of_object=False) is None
        try:
            expected = jsonschema.Draft202012Validator(whole).is_valid(value)
        except RecursionError:
            return
        assert found is expected


@pytest.mark.parametrize("index", ["\u00b2", "\u0661", "1" * 5000, "-1", "01", ""])
def test_a_reference_to_an_index_that_is_none_leads_nowhere(index: str) -> None:
    schema = {"allOf": [{"type": "string"}, {"type": "string"}], "$ref": f"#/allOf/{index}"}
    defect = schema_defect(schema, "2025-11-25", of_object=False)
    assert defect is not None
    assert "leads nowhere" in defect.seen
    assert violation(schema, "x").valid is None


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ({"pattern": 5}, "x"),
        ({"required": [["a"]]}, {"a": 1}),
        ({"dependentRequired": {"a": [["b"]]}}, {"a": 1}),
    ],
)
def test_a_reference_to_what_is_no_schema_is_no_violation(target: Any, value: Any) -> None:
    schema = {"$ref": "#/default", "default": target}
    assert schema_defect(schema, "2025-11-25", of_object=False) is None
    assert violation(schema, value).valid is not False


_ONE = ["type", "pattern", "propertyNames", "contains", "if", "multipleOf", "$ref", "a"]
_MANY = ["required", "properties", "items", "prefixItems", "anyOf", "enum", "dependentRequired", "dependentSchemas"]
_WORDS = st.sampled_from([*_ONE, *_MANY, "minItems", "minContains", "uniqueItems"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(["string", "#/default", "a", "["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(_JSON, _JSON)
def test_whatever_a_reference_leads_to_is_evaluated_without_an_error(target: Any, value: Any) -> None:
    assert violation({"$ref": "#/default", "default": target}, value).valid in (True, False, None)
