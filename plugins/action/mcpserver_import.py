# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Make manifests of MCPServers from a registry or from other projects."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import server_import
from ansible_collections.mcp.kubernetes.plugins.module_utils._util import clean
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "source": {"type": "str", "required": True},
        "registry": {"type": "str", "default": ""},
        "version": {"type": "str", "default": "latest"},
        "name": {"type": "str", "default": ""},
        "package": {"type": "str", "default": "", "choices": ["", "oci", "npm", "pypi"]},
        "remotes": {"type": "bool", "default": False},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Read the source, and return what becomes of it."""
        place = options["source"]
        if not options["registry"] and "://" not in place:
            place = str(Path(place).expanduser())
        data = server_import.read_source(server_import.Source(place, options["registry"], options["version"]))
        choices = server_import.Choices(options["name"], options["package"], options["remotes"])
        result = server_import.import_servers(data, choices)
        return {
            "changed": False,
            "servers": result.manifests,
            "targets": result.targets,
            "missing": result.missing,
            "dropped": result.dropped,
            "notes": result.notes,
            "text": server_import.as_text(result, clean(options["source"], 200)),
        }
