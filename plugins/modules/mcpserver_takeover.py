#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_takeover
short_description: (internal) Take MCPServers over from vitorbari/mcp-operator
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Hands the fields that that operator wrote of each MCPServer's ServiceAccount, Service, Deployment,
    HorizontalPodAutoscaler and status to the field managers of this collection, so that the next reconciliation removes
    what is left of them.
  - Removes its finalizer, which no other program removes, and the ServiceMonitor of the proxy, unless it finds the
    metrics of the sidecar that this collection adds for C(spec.metrics.enabled).
  - Keeps the port of each Service. That operator never read C(spec.service.port); where another number is there, it
    becomes that of the Service.
  - No Pod is changed. Objects of the same names that the MCPServer does not own are left as they are.
  - Fails while that operator's Lease is fresh or its Deployment has replicas, and for an MCPServer in a namespace that
    this collection's operator manages already.
  - With O(remove_installation), removes the objects of that operator's installation that the installation of this
    collection's operator does not replace. These are its Lease, its ServiceMonitor, its metrics Service or only port
    8443 of it, the ClusterRoles C(mcp-operator-metrics-auth-role) and C(mcp-operator-metrics-reader), and the
    ClusterRoleBinding that gives the ServiceAccount the right to create token reviews. Objects with other content
    are left as they are. Objects of Helm are left to C(helm upgrade).
options:
  servers:
    description: The MCPServers as the API server has them, by the name of the host that stands for each.
    type: dict
    required: true
  reference_namespace:
    description: The namespace of that operator.
    type: str
    default: mcp-operator-system
  remove_installation:
    description: Remove what remains of that operator's installation, if every MCPServer was taken over.
    type: bool
    default: false
    version_added: 0.2.0
seealso:
  - module: mcp.kubernetes.mcpserver_reconcile
  - module: mcp.kubernetes.mcpserver_result
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
"""

EXAMPLES = r"""
- name: Take one over
  mcp.kubernetes.mcpserver_takeover:
    servers:
      default/wikipedia: "{{ found.resources[0] }}"
  run_once: true
  register: taken
"""

RETURN = r"""
hosts:
  description: The result for each host.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether something was written, or would be.
      type: bool
      returned: always
    failed:
      description: Whether it could not be taken over.
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
      description: C(kind), C(name) and C(action) (V(configured), V(unchanged), V(deleted)) of each object.
      type: list
      elements: dict
      returned: always
    diff:
      description: The field managers, finalizers and ports before and after.
      type: list
      elements: dict
      returned: always
    warnings:
      description: What of the manifest has no effect any more.
      type: list
      elements: str
      returned: always
    namespace:
      description: The namespace of the MCPServer.
      type: str
      returned: when the manifest is well-formed
    name:
      description: The name of the MCPServer.
      type: str
      returned: when the manifest is well-formed
installation:
  description:
    - C(kind), C(name), C(action) (V(deleted), V(configured), V(kept)) and C(hint) of each object of that operator's
      installation. The hint says why an object is kept, and how to remove it.
  returned: always
  type: list
  elements: dict
stopped_deployment:
  description: Whether that operator's Deployment, scaled to zero, still has the name of this collection's.
  returned: success
  type: bool
"""
