#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_apply
short_description: Apply MCPServers and the objects made of them
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Applies each MCPServer, renders its ServiceAccount, Service, Deployment, HorizontalPodAutoscaler and
    PodDisruptionBudget and applies those, all by server-side apply, many MCPServers at once.
  - Returns as soon as everything is applied; M(mcp.kubernetes.mcpserver_observe) waits for the Pods.
  - An object of the same name that belongs to somebody else is left as it is, and the MCPServer fails.
  - Manifests are data. No string of them is ever looked at for Jinja.
options:
  servers:
    description:
      - The manifests, by the name of the host that stands for each.
      - Each is checked by itself; one that is malformed fails alone.
    type: dict
    required: true
  connections:
    description:
      - For hosts whose MCPServer is on another cluster than the one of the connection options, C(kubeconfig) and
        C(context) by the name of the host. The clusters are worked on at the same time.
      - C(api_server) is the address that the connection must lead to; nothing is done where it leads elsewhere.
    type: dict
    default: {}
  templates:
    description: Folder of the templates. Defaults to that of the role P(mcp.kubernetes.mcpserver#role).
    type: path
  apply:
    description:
      - Who makes the workload of an MCPServer.
      - V(auto) leaves it to the operator where one answers for the namespace, which its Lease tells, and does it
        otherwise.
      - V(object) only applies the MCPServer.
      - V(workload) always does it, and without MCPServers where the cluster does not know them; labels then take the
        place of an owner.
    type: str
    choices: [auto, object, workload]
    default: auto
  namespace:
    description: The namespace for manifests that name none.
    type: str
    default: default
  default_resources:
    description:
      - Requests and limits for manifests without C(spec.resources).
      - By default C(requests) of 50m CPU and 64Mi memory, and C(limits) of 512Mi memory.
    type: dict
  bridge_images:
    description:
      - Images that contain the bridge of servers with C(transport.type=stdio).
      - From C(inject) the bridge is copied into the Pods of servers that have an image. Servers without one run in
        C(package).
    type: dict
seealso:
  - module: mcp.kubernetes.mcpserver_observe
  - module: mcp.kubernetes.mcpserver_result
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
"""

EXAMPLES = r"""
- name: Apply two MCPServers
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
      description: Whether the resource version of an object moved, or would move.
      type: bool
      returned: always
    failed:
      description: Whether something could not be applied.
      type: bool
      returned: always
    msg:
      description: What happened to each object, or why it failed and what to do.
      type: str
      returned: always
    error:
      description: The error's stable C(code), what was C(seen), and the C(action) to take.
      type: dict
      returned: failure
    objects:
      description: C(kind), C(name) and C(action) (V(created), V(configured), V(unchanged), V(deleted)) of each object.
      type: list
      elements: dict
      returned: always
    diff:
      description: The objects before and after, in check mode those that would change.
      type: list
      elements: dict
      returned: always
    warnings:
      description: What the user should know about a manifest that is accepted all the same.
      type: list
      elements: str
      returned: always
    namespace:
      description: The namespace of the MCPServer.
      type: str
      returned: when the manifest is well-formed
    mode:
      description:
        - V(object) where an operator does the rest, V(workload) where the workload was applied too, V(standalone) where
          it was applied without an MCPServer.
      type: str
      returned: when the manifest is well-formed
    manifest:
      description: The manifest.
      type: dict
      returned: when mode is standalone
    name:
      description: The name of the MCPServer.
      type: str
      returned: when the manifest is well-formed
"""
