# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Plan a fleet over clusters."""

from __future__ import annotations

import os
import typing as t

from ansible.inventory.manager import InventoryManager
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import FleetError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_plan import Resolve, plan

# Variables that are for one cluster, and would be used for each of them.
_OF_ONE_CLUSTER = ("HOST", "CONTEXT", "API_KEY", "USERNAME", "PASSWORD", "CERT_FILE", "KEY_FILE")


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "list", "elements": "dict", "required": True},
        "clusters": {"type": "dict", "required": True},
        "groups": {"type": "dict", "required": True},
        "placement": {"type": "list", "elements": "dict", "default": []},
        "waves": {"type": "list", "elements": "str", "default": []},
        "wave_size": {"type": "str", "default": ""},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Plan."""
        clusters = options["clusters"]
        if len(clusters) > 1:
            _require_own_connections(clusters)
        planned = plan(
            options["servers"],
            clusters,
            self._resolve(options["groups"]),
            placement=options["placement"],
            waves=options["waves"],
            wave_size=options["wave_size"],
        )
        return {"changed": False, **planned.to_dict()}

    def _resolve(self, groups: t.Mapping[str, t.Sequence[str]]) -> Resolve:
        """Return a function that resolves patterns as the keyword ``hosts`` of a play does."""
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in groups.items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        return lambda pattern: [host.name for host in inventory.get_hosts(pattern=pattern)]


def _require_own_connections(clusters: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
    """Check that each cluster has a connection of its own.

    :raises FleetError: two have the same, or credentials of one cluster would be sent to all.
    """
    given = [f"K8S_AUTH_{name}" for name in _OF_ONE_CLUSTER if os.environ.get(f"K8S_AUTH_{name}")]
    if given:
        raise FleetError(
            f"{', '.join(given)} is set, for one cluster, and would be used for all {len(clusters)}.",
            "Unset it, and set mcp_context or mcp_kubeconfig of each host.",
        )
    known: dict[tuple[str, str], str] = {}
    for cluster, own in clusters.items():
        place = (str(own.get("kubeconfig") or ""), str(own.get("context") or ""))
        if place in known:
            raise FleetError(
                f"The clusters {known[place]} and {cluster} have the same connection.",
                "Set mcp_context or mcp_kubeconfig of each host.",
            )
        known[place] = cluster
