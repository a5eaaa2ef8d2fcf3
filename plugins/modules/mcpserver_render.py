#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_render
short_description: (internal) Render the objects of MCPServers without a cluster
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the objects that M(mcp.kubernetes.mcpserver_apply) or the operator would apply for MCPServers, for reviews
    and for policy checks in CI. Reads and changes nothing.
  - Left out is what only a cluster can add, which is the owner references, the generation of the MCPServer, the hash of
    C(configHash), and the replicas that a HorizontalPodAutoscaler or a rollback has set.
options:
  servers:
    description: The MCPServers, as M(mcp.kubernetes.mcpserver_manifests) returns them.
    type: list
    elements: dict
    required: true
  namespace:
    description: The namespace of manifests without one.
    type: str
    default: default
  with_operator:
    description: Whether an operator manages the MCPServers, so that the Pods of strict servers have its readiness gate.
    type: bool
    default: true
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
  - mcp.kubernetes._workload.render
  - mcp.kubernetes._workload.templates
"""

EXAMPLES = r"""
- name: Read the manifests
  mcp.kubernetes.mcpserver_manifests:
    paths:
      - manifests/
  run_once: true
  register: read

- name: Render their objects
  mcp.kubernetes.mcpserver_render:
    servers: "{{ read.servers }}"
  run_once: true
  register: rendered
"""

RETURN = r"""
objects:
  description: The objects, in the order in which they are applied.
  returned: success
  type: list
  elements: dict
"""
