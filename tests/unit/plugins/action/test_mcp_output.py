# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A text without a file is displayed, and drives no terminal."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcp_output


@pytest.mark.parametrize(("shows", "expected"), [(True, ["\na:\n  b: \N{REPLACEMENT CHARACTER}[2J\n"]), (False, [])])
def test_a_text_is_displayed_unless_it_is_for_a_file_only(monkeypatch, shows, expected):
    shown = []
    monkeypatch.setattr(mcp_output.display, "display", shown.append)
    action = mcp_output.ActionModule.__new__(mcp_output.ActionModule)
    options = {"content": "a:\n  b: \x1b[2J\n", "dest": None, "display": shows}
    assert (action.act(options), shown) == ({"changed": False}, expected)
