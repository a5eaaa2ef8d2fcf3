# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Delete MCPServers, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._batch import run_for_each
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deletion import Deletion
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import WAIT
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import CONNECTIONS, Results, run_per_cluster

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        **CONNECTIONS,
        **WAIT,
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Delete all MCPServers."""

        def work(client: Client, part: dict[str, dict[str, t.Any]]) -> Results:
            deletion = Deletion(client, wait_timeout=options["wait_timeout"], dry_run=self.check_mode)

            def delete(host: str) -> dict[str, t.Any]:
                return deletion.delete(str(part[host]["namespace"]), str(part[host]["name"]))

            return run_for_each(part, delete, _failed)

        hosts = run_per_cluster(options, options["servers"], work)
        return {"changed": any(one.get("changed") for one in hosts.values()), "hosts": hosts}


def _failed(_key: str, error: McpKubernetesError) -> dict[str, t.Any]:
    return {"changed": False, "failed": True, "msg": str(error), "error": error.to_dict()}
