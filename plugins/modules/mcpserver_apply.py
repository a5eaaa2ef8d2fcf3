#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_apply
short_description: (internal) Apply MCPServers and their workloads
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Applies each MCPServer, and the ServiceAccount, Service, Deployment, HorizontalPodAutoscaler, PodDisruptionBudget
    and NetworkPolicy rendered from it, by server-side apply. Processes many MCPServers in parallel.
  - Does not wait for the Pods; M(mcp.kubernetes.mcpserver_observe) does.
  - Does not change an object of the same name that has another owner. The MCPServer fails then.
  - Manifests are data. Their strings are never evaluated as Jinja templates.
options:
  servers:
    description:
      - The manifests, by host name.
      - Each is validated separately. An invalid manifest does not affect the others.
    type: dict
    required: true
  namespace:
    description: The namespace of manifests without one.
    type: str
    default: default
seealso:
  - module: mcp.kubernetes.mcpserver_observe
  - module: mcp.kubernetes.mcpserver_result
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
  - mcp.kubernetes._workload.clusters
  - mcp.kubernetes._workload.templates
  - mcp.kubernetes._workload.render
  - mcp.kubernetes._workload.apply_mode
"""

EXAMPLES = r"""
- name: Apply an MCPServer and its workload
  mcp.kubernetes.mcpserver_apply:
    servers:
      wikipedia:
        apiVersion: mcp.mcp-operator.io/v1
        kind: MCPServer
        metadata:
          name: wikipedia
        spec:
          image: registry.example.com/wikipedia-mcp:1.2.0
    namespace: mcp
  run_once: true
  register: applied
"""

RETURN = r"""
hosts:
  description: The result for each host.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether the resource version of an object changed, or would change.
      type: bool
      returned: always
    failed:
      description: Whether an object could not be applied.
      type: bool
      returned: always
    msg:
      description: What happened to each object, or the error and what to do.
      type: str
      returned: always
    error:
      description: The error, with its stable C(code), what was C(seen) and the C(action) to take.
      type: dict
      returned: failure
    objects:
      description: C(kind), C(name) and C(action) (V(created), V(configured), V(unchanged), V(deleted)) of each object.
      type: list
      elements: dict
      returned: always
    diff:
      description: The objects before and after. In check mode, those that would change.
      type: list
      elements: dict
      returned: always
    warnings:
      description: Fields of the manifest that have no effect.
      type: list
      elements: str
      returned: always
    namespace:
      description: The namespace of the MCPServer.
      type: str
      returned: when the manifest is valid
    mode:
      description:
        - V(object) if the operator applies the workload, V(workload) if the module did, V(standalone) if the module
          applied the workload only.
      type: str
      returned: when the manifest is valid
    manifest:
      description: The manifest.
      type: dict
      returned: when mode is standalone
    name:
      description: The name of the MCPServer.
      type: str
      returned: when the manifest is valid
"""
