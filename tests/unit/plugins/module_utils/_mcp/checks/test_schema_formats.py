# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Formats of JSON Schemas; ``tests/oracles/test_formats.py`` compares them with ajv-formats."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks import schema_formats
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.schema_evaluator import violation
from hypothesis import given
from hypothesis import strategies as st

NAMES = (*schema_formats._STRINGS, *schema_formats._INTEGERS)
HOSTILE = [
    text[:2_000]
    for text in (
        *(part * 2_000 for part in ("0", "a", "a.", "a-", "/", "::", "[", "(", "%41", "{a,", "\n", "~0/", "1.")),
        *("http://" + part * 2_000 + "!" for part in ("a@", "a.")),
        "P" + "1" * 2_000,
        "a:" + "b" * 1_990 + "[",
        "a@" + "b-" * 1_000,
        "2026-11-29T02:00:00." + "0" * 2_000,
    )
]


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        ("byte", "YWI=", "YWI"),
        ("date", "2024-02-29", "2026-02-29"),
        ("date-time", "2026-11-29T02:00:00.5+01:00", "2026-11-29T02:00:00"),
        ("date-time", "1990-12-31T23:59:60Z", "1990-12-31T12:59:60Z"),
        ("duration", "P1DT2H", "1DT2H"),
        ("email", "a.b@zoo.example", "a.b@zoo"),
        ("hostname", "zoo.example", "the_zoo"),
        ("int32", 2**31 - 1, 2**31),
        ("int32", 2.0, 2.5),
        ("int64", -(2**63), 0.5),
        ("ipv4", "10.0.0.1", "10.0.0.01"),
        ("ipv6", "fe80::1", "fe80::1%eth0"),
        ("ipv6", "::ffff:10.0.0.1", "::ffff:10.0.0"),
        ("iso-date-time", "2026-11-29 02:00:00", "2026-11-29"),
        ("iso-time", "02:00:00", "2:00"),
        ("json-pointer", "/a~1b", "a"),
        ("json-pointer-uri-fragment", "#/a", "/a"),
        ("regex", r"(a|b)*?|^[c\-]", "(a"),
        ("relative-json-pointer", "1/a", "/a"),
        ("time", "22:59:60-01:00", "24:00:00Z"),
        ("uri", "http://[::1]:80/a?b#c", "http://[::1/a"),
        ("uri-reference", "../a", r"..\a"),
        ("uri-template", "/a{?b,c*}", "/a{"),
        ("url", "http://zoo.example", "http://192.168.0.1"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    ],
)
def test_a_value_has_a_format_or_not(name: str, good: Any, wrong: Any) -> None:
    assert schema_formats.conforms(name, good) is True
    assert schema_formats.conforms(name, wrong) is False
    schema = {"properties": {"a": {"format": name}}}
    assert violation(schema, {"a": good}, formats=True).valid is True
    found = violation(schema, {"a": wrong}, formats=True)
    assert found.valid is False
    assert found.defect == f"'/a' is not of the format '{name}'"
    assert violation(schema, {"a": wrong}).valid is True, "formats are checked on request only"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("uri", "a" * 3000),
        ("regex", r"a\-b"),  # which some clients accept, and others do not
        ("url", "http://" + "a@" * 6 + "!"),
        ("int64", 10**400),
        ("int32", float("nan")),
    ],
)
def test_what_is_not_decided(name: str, value: Any) -> None:
    assert schema_formats.conforms(name, value) is None
    assert violation({"not": {"format": name}}, value, formats=True).valid is None


@pytest.mark.parametrize("name", [*NAMES, "unknown"])
@pytest.mark.parametrize("value", [None, True, [], {"a": 1}])
def test_values_of_other_types_have_each_format(name: str, value: Any) -> None:
    assert schema_formats.conforms(name, value) is True


def test_limits_of_formats_are_not_decided() -> None:
    schema = {"format": "date", "formatMinimum": "2026-01-01"}
    assert violation(schema, "2020-01-01", formats=True).valid is None
    assert violation({"not": schema}, "2020-01-01", formats=True).valid is None


@pytest.mark.parametrize("name", NAMES)
def test_hostile_values_take_no_long_time(name: str) -> None:
    before = time.process_time()
    for value in HOSTILE:
        schema_formats.conforms(name, value)
    assert time.process_time() - before < 0.5


@given(st.sampled_from(NAMES), st.text(max_size=40) | st.integers() | st.floats())
def test_every_value_is_judged(name: str, value: Any) -> None:
    assert schema_formats.conforms(name, value) in (True, False, None)
