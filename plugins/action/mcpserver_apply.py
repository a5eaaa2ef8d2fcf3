# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Apply MCPServers and their workloads, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import APPLY_MODE, RENDER, apply_servers
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import CONNECTIONS, Results, run_per_cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._role import TEMPLATES

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        **CONNECTIONS,
        "templates": {"type": "path", "default": TEMPLATES},
        **APPLY_MODE,
        "namespace": {"type": "str", "default": "default"},
        **RENDER,
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Apply all manifests."""

        def work(client: Client, servers: dict[str, t.Any]) -> Results:
            return apply_servers(client, servers, options, options["templates"], dry_run=self.check_mode)

        return {"hosts": run_per_cluster(options, options["servers"], work)}
