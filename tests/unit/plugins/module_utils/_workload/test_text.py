# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.mask import MASK, masked
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.text import clean


def test_control_characters_and_length_are_taken_away():
    assert clean("a\x1b[31mb\r\nc\u202e") == "a [31mb c"
    assert clean(None) == ""
    assert len(clean("x" * 5000, 100)) == 100


def test_secret_looking_values_are_masked_and_references_are_not():
    container = {
        "env": [
            {"name": "API_KEY", "value": "s3cret"},
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ],
        "volumes": [{"secret": {"secretName": "tls"}}],
    }
    found = masked(container)
    assert found["env"][0]["value"] == MASK
    assert found["env"][1]["value"] == "info"
    assert found["env"][2] == container["env"][2]
    assert found["volumes"] == container["volumes"]
