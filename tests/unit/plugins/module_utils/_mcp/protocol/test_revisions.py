# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The headers that mirror a tool's arguments."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol.revisions import (
    encode,
    tool_parameter_headers,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("plain", ["", "us-west1", "a b", "a\tb", "!"])
def test_plain_values_are_not_encoded(plain: str) -> None:
    assert encode(plain) == plain


@given(st.text())
def test_every_value_can_be_encoded_and_decoded(value: str) -> None:
    coded = encode(value)
    assert coded.isascii()
    assert not set(coded) & {"\r", "\n", "\0"}
    assert coded == coded.strip()
    back = base64.b64decode(coded[9:-2]).decode() if coded.startswith("=?base64?") else coded
    assert back == value


def test_only_marked_arguments_become_headers() -> None:
    schema = {
        "properties": {
            "region": {"x-mcp-header": "Region"},
            "other": {},
            "count": {"x-mcp-header": "Count"},
            "yes": {"x-mcp-header": "Yes"},
            "ratio": {"x-mcp-header": "Ratio"},
            "huge": {"x-mcp-header": "Huge"},
            "deep": {"properties": {"er": {"x-mcp-header": "Deeper"}}},
            "evil": {"x-mcp-header": "Evil\r\nX: y"},
        }
    }
    arguments = {
        "region": "Zürich",
        "other": "x",
        "count": 7,
        "yes": True,
        "ratio": 0.5,
        "huge": 2**60,
        "deep": {"er": "d"},
        "evil": "x",
        "unknown": "x",
    }
    assert tool_parameter_headers(schema, arguments) == {
        "Mcp-Param-Region": encode("Zürich"),
        "Mcp-Param-Count": "7",
        "Mcp-Param-Yes": "true",
        "Mcp-Param-Deeper": "d",
    }


@pytest.mark.parametrize("schema", [None, [], "x", {"properties": []}, {"properties": {"a": 7}}])
def test_any_schema_is_accepted(schema: Any) -> None:
    assert tool_parameter_headers(schema, {"a": {"b": "c"}}) == {}
