# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcpserver_targets
short_description: The namespaces and clusters of the MCPServers of hosts
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the C(targets) of M(mcp.kubernetes.mcpserver_preflight) for hosts that stand for MCPServers.
options:
  _input:
    description:
      - The variables of the hosts. The filter uses C(mcpserver_manifest) and, if set, C(mcp_kubeconfig), C(mcp_context)
        and C(mcp_api_server).
    type: list
    elements: dict
    required: true
seealso:
  - plugin: mcp.kubernetes.mcpservers
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Check the prerequisites in all clusters
  mcp.kubernetes.mcpserver_preflight:
    targets: "{{ groups['mcpservers'] | map('extract', hostvars) | mcp.kubernetes.mcpserver_targets }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: C(namespace), C(kubeconfig), C(context) and C(api_server), without duplicates.
  type: list
  elements: dict
"""

import typing as t


def mcpserver_targets(hosts: t.Iterable[t.Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return the targets of the hosts without duplicates, in the order of the hosts."""
    found: list[dict[str, t.Any]] = []
    for host in hosts:
        place = {
            "namespace": host["mcpserver_manifest"]["metadata"].get("namespace", "default"),
            "kubeconfig": host.get("mcp_kubeconfig"),
            "context": host.get("mcp_context"),
            "api_server": host.get("mcp_api_server"),
        }
        if place not in found:
            found.append(place)
    return found


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"mcpserver_targets": mcpserver_targets}
