# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# ruff: noqa: INP001 - Ansible loads it by its path

"""The hosts of a run, one for each object, with variables that are data.

Ansible's own inventory formats are trusted: a string of an object with ``{{ }}`` in it would be run as a template, and
a map with a key like ``__ansible_vault`` would be taken for something else. Here nothing is looked at, keys included.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = r"""
name: mcp_objects
short_description: The objects of an operator's run
description:
  - One host for each object. No value is ever a template.
options: {}
"""


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]  # ansible-core has no type hints
    """Reads what the operator has written for one run."""

    NAME = "mcp_objects"
    trusted_by_default = False

    def verify_file(self, path: str) -> bool:
        """Say whether the file is the operator's."""
        return bool(super().verify_file(path)) and path.endswith(".mcp.json")

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the hosts."""
        super().parse(inventory, loader, path, cache)
        try:
            with Path(path).open(encoding="utf-8", errors="surrogatepass") as file:
                hosts = json.load(file)["hosts"]
        except (OSError, ValueError, KeyError) as exc:
            raise AnsibleParserError(f"{path} is no inventory of objects: {exc}") from exc
        for host, variables in hosts.items():
            self.inventory.add_host(host)
            for name, value in variables.items():
                self.inventory.set_variable(host, name, value)
