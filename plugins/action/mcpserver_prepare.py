# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Install what MCPServers need in a cluster."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._prerequisites import create_namespace, install_crd


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "crd": {"type": "bool", "default": False},
        "namespaces": {"type": "list", "elements": "str", "default": []},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Install what is wanted and missing."""
        result: dict[str, t.Any] = {"changed": False, "objects": []}
        if options["crd"]:
            install_crd(self.client(options), result, dry_run=self.check_mode)
        for name in options["namespaces"]:
            create_namespace(self.client(options), name, result, dry_run=self.check_mode)
        return result
