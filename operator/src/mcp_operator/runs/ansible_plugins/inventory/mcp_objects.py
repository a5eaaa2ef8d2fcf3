# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# ruff: noqa: INP001 - Ansible loads it by its path

"""Inventory plugin for the hosts of a run, one for each object, whose variables are plain data.

Ansible trusts its own inventory formats: it would evaluate a string with ``{{ }}`` as a template, and interpret a map
with a key like ``__ansible_vault``. This plugin interprets neither values nor keys.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = r"""
name: mcp_objects
short_description: Objects of a run of the operator
description:
  - Provides one host for each object. Values are never evaluated as templates.
options: {}
"""


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]  # ansible-core has no type hints
    """Reads the inventory file that the operator writes for a run."""

    NAME = "mcp_objects"
    trusted_by_default = False

    def verify_file(self, path: str) -> bool:
        """Return whether the operator has written the file."""
        return bool(super().verify_file(path)) and path.endswith(".mcp.json")

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the hosts."""
        super().parse(inventory, loader, path, cache)
        try:
            with Path(path).open(encoding="utf-8", errors="surrogatepass") as file:
                hosts = json.load(file)["hosts"]
        except (OSError, ValueError, KeyError) as exc:
            raise AnsibleParserError(f"{path} is not an inventory of objects: {exc}") from exc
        for host, variables in hosts.items():
            self.inventory.add_host(host)
            for name, value in variables.items():
                self.inventory.set_variable(host, name, value)
