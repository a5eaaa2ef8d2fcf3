# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Watch MCPServers for a soak time, a whole batch in one task."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction, display
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import CONNECTIONS, Results, run_per_cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._soak import soak

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        **CONNECTIONS,
        "seconds": {"type": "float", "default": 60.0},
        "require_validated": {"type": "bool", "default": True},
        "interval": {"type": "float", "default": 5.0},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Watch all MCPServers."""
        targets = {key: _target(result["server"]) for key, result in options["servers"].items() if result.get("server")}
        seconds = 0.0 if self.check_mode else options["seconds"]
        if targets and seconds:
            what = "one MCPServer" if len(targets) == 1 else f"{len(targets)} MCPServers"
            display.display(f"  Watching {what} for {seconds:g} s")

        def work(client: Client, part: dict[str, dict[str, t.Any]]) -> Results:
            return soak(
                client,
                part,
                seconds=seconds,
                interval=options["interval"],
                require_validated=options["require_validated"],
            )

        return {"changed": False, "hosts": run_per_cluster(options, targets, work)}


def _target(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    meta = server["metadata"]
    return {"namespace": meta["namespace"], "name": meta["name"], "generation": meta.get("generation")}
