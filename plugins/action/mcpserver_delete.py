# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Delete MCPServers, a whole batch in one task."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._batch import run_for_each
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import Results, run_per_cluster

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

_PERIOD = 0.5  # seconds between two reads while an MCPServer is being deleted


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "dict", "required": True},
        "connections": {"type": "dict", "default": {}},
        "wait_timeout": {"type": "float", "default": 120.0},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Delete all MCPServers."""

        def work(client: Client, part: dict[str, dict[str, t.Any]]) -> Results:
            return run_for_each(part, lambda key: self._delete(client, part[key], options["wait_timeout"]), _failed)

        hosts = run_per_cluster(options, options["servers"], work)
        return {"changed": any(one.get("changed") for one in hosts.values()), "hosts": hosts}

    def _delete(self, client: Client, target: t.Mapping[str, t.Any], timeout: float) -> dict[str, t.Any]:
        place = (names.API_VERSION, names.KIND, str(target["namespace"]), str(target["name"]))
        named = f"MCPServer {target['namespace']}/{target['name']}"
        if client.find(*place) is None:
            return {"changed": False, "failed": False, "msg": f"{named} does not exist."}
        if self.check_mode:
            return {"changed": True, "failed": False, "msg": f"{named} would be deleted."}
        client.delete(*place)
        deadline = time.monotonic() + timeout
        while client.find(*place) is not None:
            if time.monotonic() > deadline:
                msg = f"{named} is still being deleted after {timeout:g} s. See its finalizers."
                return {"changed": True, "failed": True, "msg": msg}
            time.sleep(_PERIOD)
        return {"changed": True, "failed": False, "msg": f"{named} was deleted."}


def _failed(_key: str, error: McpKubernetesError) -> dict[str, t.Any]:
    return {"changed": False, "failed": True, "msg": str(error), "error": error.to_dict()}
