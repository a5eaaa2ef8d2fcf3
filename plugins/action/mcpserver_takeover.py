# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Takes MCPServers over from another operator, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._takeover import Takeover, require_stopped
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._takeover_install import remove_installation


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        "reference_namespace": {"type": "str", "default": "mcp-operator-system"},
        "remove_installation": {"type": "bool", "default": False},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check that the other operator is stopped, and take its MCPServers over."""
        client = self.client(options)
        namespace = options["reference_namespace"]
        is_left = require_stopped(client, namespace)
        hosts = Takeover(client, dry_run=self.check_mode).take_all(options["servers"])
        result = {"hosts": hosts, "stopped_deployment": is_left, "changed": False, "installation": []}
        if options["remove_installation"] and not any(host["failed"] for host in hosts.values()):
            result.update(remove_installation(client, namespace, dry_run=self.check_mode))
        return result
