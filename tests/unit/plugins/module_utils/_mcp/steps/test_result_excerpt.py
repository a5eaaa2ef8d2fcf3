# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What of a tool's structured content is in the report."""

from __future__ import annotations

import json

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.steps.result_excerpt import excerpt_of


def test_numbers_that_json_does_not_have_are_none() -> None:
    content = json.loads('{"kilos": NaN, "meters": [Infinity, -1e999, 1.5]}')

    assert excerpt_of(content, 100) == {"kilos": None, "meters": [None, None, 1.5]}
