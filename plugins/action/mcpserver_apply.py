# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Apply MCPServers and their workloads, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.network_default import NetworkDefault
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply import DeployBatch
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import AUTO, CHOICES, ApplyModes
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import Results, run_per_cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._role import TEMPLATES, network

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        "connections": {"type": "dict", "default": {}},
        "templates": {"type": "path", "default": TEMPLATES},
        "apply": {"type": "str", "choices": list(CHOICES), "default": AUTO},
        "namespace": {"type": "str", "default": "default"},
        "default_resources": {"type": "dict"},
        "bridge_images": {"type": "dict"},
        "network": {"type": "dict"},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Apply all manifests."""
        renderer = Renderer(options["templates"], options["bridge_images"], options["network"])

        default = network(options["network"])["default"]

        def work(client: Client, servers: dict[str, t.Any]) -> Results:
            batch = DeployBatch(
                client,
                Applier(
                    client, renderer, options["default_resources"], network_default=NetworkDefault(client, default)
                ),
                ApplyModes(client, options["apply"]),
                default_namespace=options["namespace"],
                dry_run=self.check_mode,
            )
            return batch.apply_all(servers)

        return {"hosts": run_per_cluster(options, options["servers"], work)}
