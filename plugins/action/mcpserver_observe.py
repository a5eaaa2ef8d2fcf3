# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Wait for MCPServers, validate their Pods and write their status, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import WORKLOAD
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import RENDER, VALIDATION, WAIT, observe_servers
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import CONNECTIONS, Results, run_per_cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._table import show

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        **CONNECTIONS,
        **WAIT,
        "write_status": {"type": "bool", "default": True},
        "templates": {"type": "path"},
        "table": {"type": "bool", "default": False},
        **VALIDATION,
        **RENDER,
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Observe all MCPServers."""
        targets = {host: {"mode": WORKLOAD, **target} for host, target in options["servers"].items()}

        def work(client: Client, part: dict[str, dict[str, t.Any]]) -> Results:
            return observe_servers(client, part, options, options["templates"], dry_run=self.check_mode)

        results = run_per_cluster(options, targets, work)
        servers = [result["server"] for result in results.values() if "server" in result]
        if options["table"] and servers:
            show(servers)
        return {"hosts": results}
