#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_fleet
short_description: (internal) Plan which MCPServers are on which clusters, and in which waves they are changed
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Merges the manifests of a fleet with the overlays of each cluster, and divides the clusters into waves. Manifests
    are data, and are never evaluated as templates.
  - Fails if two clusters have the same connection, or if a variable K8S_AUTH_* has credentials, which would be sent to
    all clusters.
options:
  servers:
    description: The manifests, as M(mcp.kubernetes.mcpserver_manifests) returns them.
    type: list
    elements: dict
    required: true
  clusters:
    description:
      - C(kubeconfig), C(context), C(api_server) and C(overlays) by cluster, as the filter
        P(mcp.kubernetes.mcpserver_clusters#filter) returns them.
      - An overlay is a dictionary. Its keys are C(NAME), C(NAMESPACE/NAME) or a pattern of MCPServers. Its values are
        JSON merge patches (RFC 7396) of C(spec), C(metadata.namespace), C(metadata.labels) and C(metadata.annotations).
    type: dict
    required: true
  groups:
    description: The groups of the inventory, the variable C(groups).
    type: dict
    required: true
  placement:
    description:
      - Rules with C(servers), names or patterns, and C(clusters), host patterns as in a play. An MCPServer is on the
        clusters of all rules that name it, and on all clusters if there is none.
    type: list
    elements: dict
    default: []
  waves:
    description:
      - Host patterns, one for each wave. A cluster of several patterns is in the first of them.
      - By default the first cluster is a wave, and all others are the second one.
    type: list
    elements: str
    default: []
  wave_size:
    description: The most clusters of a wave, as a number or a percentage of all clusters. Larger waves are divided.
    type: str
    default: ""
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Plan the fleet
  mcp.kubernetes.mcpserver_fleet:
    servers: "{{ read.servers }}"
    clusters: "{{ groups['clusters'] | map('extract', hostvars) | mcp.kubernetes.mcpserver_clusters }}"
    groups: "{{ groups }}"
    placement:
      - servers: ["search-*"]
        clusters: ["europe", "america:!edge"]
    waves: [canary, europe, "*"]
    wave_size: 25%
  run_once: true
  register: plan
"""

RETURN = r"""
waves:
  description: C(name) and C(clusters) of each wave. Clusters without MCPServers are in no wave.
  returned: success
  type: list
  elements: dict
servers:
  description: The manifests by cluster, and by C(CLUSTER/NAMESPACE/NAME).
  returned: success
  type: dict
connections:
  description: C(kubeconfig), C(context) and C(api_server) by cluster.
  returned: success
  type: dict
digest:
  description: A hash of the manifests of all clusters.
  returned: success
  type: str
"""
