# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Display MCPServers as the table of ``kubectl get mcpservers``."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.operator_lease import (
    OperatorLease,
    is_unobserved,
    unmanaged,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.table import unhealthy
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_list import read_servers
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._table import show


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "list", "elements": "dict"},
        "namespace": {"type": "str"},
        "find_operator": {"type": "bool", "default": False},
        "messages": {"type": "bool", "default": False},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Display the table."""
        servers = options["servers"]
        if servers is None:
            servers = read_servers(self.client(options), options["namespace"] or None)
            options = {**options, "find_operator": True}
        found = unhealthy(servers, self._problem(options, servers))
        messages = [f"{one['namespace']}/{one['name']}: {one['message']}" for one in found]
        lines = show(servers, options["namespace"], messages if options["messages"] else [])
        return {"changed": False, "table": lines, "unhealthy": found}

    def _problem(
        self, options: dict[str, t.Any], servers: t.Sequence[t.Mapping[str, t.Any]]
    ) -> t.Callable[[t.Mapping[str, t.Any]], str]:
        """Return a function that tells why an MCPServer is not observed."""
        if not options["find_operator"] or not any(map(is_unobserved, servers)):
            return lambda _server: ""
        lease = OperatorLease(self.client(options))

        def problem(server: t.Mapping[str, t.Any]) -> str:
            namespace = str(server["metadata"].get("namespace"))
            return unmanaged(namespace) if is_unobserved(server) and not lease.manages(namespace) else ""

        return problem
