# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Wait for MCPServers, validate their Pods and write their status, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.operator_lease import OperatorLease
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction, display
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import WORKLOAD
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._job_probe import JobProbe
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._observe import observe
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import Results, run_per_cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollback import Rollbacks
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._routes import Routes
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._settings import Settings

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        "connections": {"type": "dict", "default": {}},
        "wait_timeout": {"type": "float", "default": 120.0},
        "validate_timeout": {"type": "float", "default": 30.0},
        "write_status": {"type": "bool", "default": True},
        "fail_on_invalid": {"type": "bool", "default": True},
        "templates": {"type": "path"},
        "default_resources": {"type": "dict"},
        "bridge_images": {"type": "dict"},
        "network": {"type": "dict"},
        "validation_image": {"type": "str"},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Observe all MCPServers."""
        targets = {host: {"mode": WORKLOAD, **target} for host, target in options["servers"].items()}
        renderer = (
            Renderer(options["templates"], options["bridge_images"], options["network"])
            if options["templates"]
            else None
        )
        may_write = options["write_status"] and not self.check_mode
        image = options["validation_image"]

        def work(client: Client, part: dict[str, dict[str, t.Any]]) -> Results:
            # There is one writer of a status: the operator where one answers.
            operator = OperatorLease(client)
            settings = Settings(
                wait_timeout=options["wait_timeout"],
                check_timeout=options["validate_timeout"],
                may_write=lambda namespace: may_write and not operator.manages(namespace),
                has_operator=operator.manages,
                check=self.check_mode,
                fail_on_invalid=options["fail_on_invalid"],
                report=lambda line: display.display(f"  {line}"),
                jobs=JobProbe(client, image) if image and not self.check_mode else None,
                rollbacks=Rollbacks(client, renderer, options["default_resources"])
                if renderer and not self.check_mode
                else None,
                routes=Routes(client, Applier(client, renderer, options["default_resources"]), dry_run=self.check_mode)
                if renderer
                else None,
            )
            return observe(client, part, settings)

        return {"hosts": run_per_cluster(options, targets, work)}
