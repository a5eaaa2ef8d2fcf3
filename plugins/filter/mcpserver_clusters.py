# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcpserver_clusters
short_description: The connections and overlays of hosts that stand for clusters
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the C(clusters) of M(mcp.kubernetes.mcpserver_fleet) and M(mcp.kubernetes.mcpserver_list).
options:
  _input:
    description:
      - The variables of the hosts. The filter uses C(mcp_kubeconfig), C(mcp_context) and C(mcp_api_server).
      - Overlays are C(mcp_overlays) and, after it in alphabetical order, each variable whose name begins with
        C(mcp_overlays_), so that groups and hosts can have overlays that do not replace each other.
    type: list
    elements: dict
    required: true
seealso:
  - module: mcp.kubernetes.mcpserver_fleet
"""

EXAMPLES = r"""
- name: List the MCPServers of all clusters
  mcp.kubernetes.mcpserver_list:
    clusters: "{{ groups['clusters'] | map('extract', hostvars) | mcp.kubernetes.mcpserver_clusters }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: C(kubeconfig), C(context), C(api_server) and C(overlays) of each cluster, by the name of its host.
  type: dict
"""

import typing as t

_OVERLAYS = "mcp_overlays"


def mcpserver_clusters(hosts: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, dict[str, t.Any]]:
    """Return the clusters in the order of the hosts."""
    return {
        str(host["inventory_hostname"]): {
            "kubeconfig": host.get("mcp_kubeconfig") or "",
            "context": host.get("mcp_context") or "",
            "api_server": host.get("mcp_api_server") or "",
            "overlays": [host[name] for name in sorted(host) if _is_overlay(str(name)) and host[name]],
        }
        for host in hosts
    }


def _is_overlay(name: str) -> bool:
    return name == _OVERLAYS or name.startswith(f"{_OVERLAYS}_")


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"mcpserver_clusters": mcpserver_clusters}
