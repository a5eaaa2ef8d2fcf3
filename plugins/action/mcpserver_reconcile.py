# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Apply the workloads of the MCPServers in a run of the operator, a whole batch in one task."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleActionFail
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.network_default import NetworkDefault
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._reconcile import ReconcileBatch, Server
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._role import TEMPLATES, network

# The host variable with the MCPServer, named as by ansible-operator.
_OBJECT = "_mcp_mcp_operator_io_mcpserver"
# The host variables with the existing objects, and with the result of the last run.
_THERE = "mcp_operator_children"
_APPLIED = "mcp_operator_applied"
# Set in runs of our operator, which reads the result of each host. Elsewhere the task fails if a host has failed.
_OUR_OPERATOR = "MCP_OPERATOR_RUN_DIR"


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "templates": {"type": "path", "default": TEMPLATES},
        "default_resources": {"type": "dict"},
        "bridge_images": {"type": "dict"},
        "network": {"type": "dict"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Apply or delete the workloads."""
        hostvars = self._variables["hostvars"]
        # Raw, so that nothing in an MCPServer is a template.
        servers = {name: _server(hostvars.raw_get(name)) for name in self._variables["ansible_play_batch"]}
        try:
            client = self.client(options)
            applier = Applier(
                client,
                Renderer(options["templates"], options["bridge_images"], options["network"]),
                options["default_resources"],
                # ansible-operator sets no readiness gates, and a Pod whose gate is never set never serves.
                gated=bool(os.environ.get(_OUR_OPERATOR)),
                network_default=NetworkDefault(client, network(options["network"])["default"]),
            )
            batch = ReconcileBatch(client, applier)
            work = batch.present if options["state"] == "present" else batch.absent
            results = work(servers)
        except McpKubernetesError as exc:
            results = dict.fromkeys(servers, _failed(exc))
        failed = {name: result["msg"] for name, result in results.items() if result["failed"]}
        changed = any(result["changed"] for result in results.values())
        if failed and not os.environ.get(_OUR_OPERATOR):
            text = "; ".join(failed.values() if len(results) == 1 else (f"{name}: {failed[name]}" for name in failed))
            raise AnsibleActionFail(message=text, result={"changed": changed, "hosts": results})
        return {"changed": changed, "hosts": results}


def _server(variables: t.Mapping[str, t.Any]) -> Server:
    return Server(variables.get(_OBJECT), Known(variables.get(_THERE), variables.get(_APPLIED) or {}))


def _failed(error: McpKubernetesError) -> dict[str, t.Any]:
    result = HostResult()
    result.fail(error)
    return result.to_dict()
