# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""RFC 8785, with the vectors of its section 3.2 and its appendix B."""

from __future__ import annotations

import json
import struct

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.canonical_json import (
    NotCanonical,
    canonical_json,
)
from hypothesis import given
from hypothesis import strategies as st

from support.canonical_json import canonical

# Appendix B: the bits of a double, and its text.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
# Section 3.2.2, and the order of section 3.2.3.
SAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
CANONICAL = (
    r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    r'"string":"€$\u000f\nA' + r"'B\"\\\\\"/" + '"}'
)
KEYS = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_a_number_is_written_as_ecmascript_does(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number).decode() == text == canonical(number)


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000"])
def test_what_is_no_number_has_no_form(bits):
    with pytest.raises(NotCanonical, match="finite"):
        canonical_json(struct.unpack(">d", bytes.fromhex(bits))[0])


def test_an_integer_is_a_double():
    assert canonical_json(2**53 + 1) == b"9007199254740992"
    assert canonical_json(-(10**21)) == b"-1e+21"
    with pytest.raises(NotCanonical):
        canonical_json(10**400)


def test_the_sample_of_the_rfc():
    assert canonical_json(json.loads(SAMPLE)).decode() == CANONICAL


def test_keys_have_the_order_of_utf16():
    assert list(json.loads(canonical_json(KEYS)).values()) == [2, 4, 6, 7, 1, 5, 3]


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a", {"b": "\ud83d"}]])
def test_a_lone_surrogate_has_no_form(value):
    with pytest.raises(NotCanonical, match="surrogate"):
        canonical_json(value)


def test_deep_nesting_has_no_form():
    value: list = []
    for _level in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="nested"):
        canonical_json(value)


def test_another_type_has_no_form():
    with pytest.raises(NotCanonical, match="bytes"):
        canonical_json({"a": b"b"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_it_is_json_and_equals_another_implementation(value):
    text = canonical_json(value)
    assert text.decode() == canonical(value)
    assert canonical_json(json.loads(text)) == text
