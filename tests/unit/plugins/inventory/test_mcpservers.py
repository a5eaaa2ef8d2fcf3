# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.inventory.mcpservers import InventoryModule
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._argspec import AUTH
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import CHOICE

from support.inventory import constant


def test_what_is_documented_is_what_is_taken(root):
    documented = yaml.safe_load(constant(root, "DOCUMENTATION"))["options"]["connections"]["suboptions"]
    taken = {**AUTH, **CHOICE}
    assert set(documented) == set(taken)
    for name, option in taken.items():
        for part in ("type", "aliases", "elements", "default"):
            assert documented[name].get(part) == option.get(part), (name, part)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("fleet.mcpservers.yml", True),
        ("mcpservers.yaml", True),
        ("fleet.yml", False),
        ("mcpservers.json", False),
    ],
)
def test_a_file_is_ours_by_its_name(tmp_path, name, ours):
    path = tmp_path / name
    assert InventoryModule().verify_file(str(path)) is False
    path.touch()
    assert InventoryModule().verify_file(str(path)) is ours
