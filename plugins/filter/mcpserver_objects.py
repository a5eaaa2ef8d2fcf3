# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcpserver_objects
short_description: The MCPServers of inventory hosts, with their status
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the MCPServers of the hosts of the inventory plugin as the API server returns them. A host has the manifest,
    the status and the creation time of its MCPServer in three variables.
options:
  _input:
    description:
      - The variables of the hosts. Hosts without C(mcpserver_manifest) are skipped.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: mcp.kubernetes.mcpservers
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Show the fleet
  mcp.kubernetes.mcpserver_table:
    servers: "{{ groups['mcpservers'] | map('extract', hostvars) | mcp.kubernetes.mcpserver_objects }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - The MCPServers, each with C(metadata.creationTimestamp) and C(status). The additional key C(cluster) is the
      name of the cluster.
  type: list
  elements: dict
"""

import typing as t


def mcpserver_objects(hosts: t.Iterable[t.Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return the MCPServers of hosts, in the order of the hosts."""
    return [_object(host) for host in hosts if host.get("mcpserver_manifest")]


def _object(host: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    manifest = host["mcpserver_manifest"]
    metadata = {**manifest["metadata"], "creationTimestamp": host.get("mcpserver_created")}
    return {
        **manifest,
        "metadata": metadata,
        "status": host.get("mcpserver_status") or {},
        "cluster": host.get("mcp_cluster", ""),
    }


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"mcpserver_objects": mcpserver_objects}
