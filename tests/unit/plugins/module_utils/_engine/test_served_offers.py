# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.served_offers import fleet_covers


@pytest.mark.parametrize(
    ("wanted", "namespace", "name", "covered"),
    [
        ([], None, "team/gone", True),
        ([], "team", "team/gone", True),
        ([], "other", "team/gone", False),
        # One that is wanted by name, and does not exist, is an error.
        (["team/zoo"], None, "team/gone", False),
        # Servers by URL, and those that a file of targets names.
        ([], None, "https://example.com/mcp", False),
        ([], None, "wiki", False),
        ([], None, "a/b/c", False),
        ([], None, "Team/Wiki", False),
    ],
)
def test_which_entries_of_a_lock_file_are_of_mcpservers_that_would_be_read(wanted, namespace, name, covered):
    assert fleet_covers(wanted, namespace, name) is covered
