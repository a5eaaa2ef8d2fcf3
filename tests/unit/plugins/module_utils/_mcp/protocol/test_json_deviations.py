# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol import json_deviations


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (b'{"a": [1, "\\ud83d\\ude00"]}', []),
        (b'{"a": "\\\\ud83d"}', []),  # a backslash, and five letters
        (b'"\\ud83d \\ude00"', ["JSON_LONE_SURROGATE"]),
        (b'"\\uDE00"', ["JSON_LONE_SURROGATE"]),
        (b'"\\ud83d\\ud83d\\ude00"', ["JSON_LONE_SURROGATE"]),
        (b'"\\ud83d"', ["JSON_LONE_SURROGATE"]),
        (b'{"NaN": "is \\"NaN\\", not Infinity"}', []),
        (b'{"a": NaN}', ["JSON_NOT_A_NUMBER"]),
        (b"[-Infinity]", ["JSON_NOT_A_NUMBER"]),
        ('"ä"'.encode(), []),
        ('"ä"'.encode("latin-1"), ["UTF8_REPLACED"]),
        (b"[" * 201 + b"]" * 201, ["JSON_NESTING"]),
    ],
)
def test_deviations(text: bytes, codes: list[str]) -> None:
    assert [note.code for note in json_deviations.find(text)] == codes
