#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_observe
short_description: (internal) Wait for MCPServers, validate their Pods and write their status
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Waits until the rollout of each MCPServer is complete, validates each of its Pods with a real MCP handshake through
    the API server's port-forward, and writes the status of the MCPServer. A slow MCPServer does not delay the others.
  - Stops waiting when it cannot succeed, for example if the image cannot be pulled or the container keeps crashing. The
    message contains the cause, from the Pod's status, its Events and its log.
  - Displays a line whenever something changes, and at least every ten seconds.
options:
  servers:
    description:
      - The MCPServers by host name, as dictionaries with C(namespace) and C(name).
      - C(mode) is the mode that M(mcp.kubernetes.mcpserver_apply) returned. With V(object), the module waits for the
        operator's status; with V(standalone), C(manifest) is the MCPServer. Defaults to V(workload).
    type: dict
    required: true
  write_status:
    description:
      - Whether to write the status of the MCPServers.
      - It is never written in check mode, or if an operator manages the namespace.
    type: bool
    default: true
  templates:
    description:
      - Folder of the templates, in this collection C(roles/mcpserver/templates).
      - If set, each Pod template that passes is recorded in a ControllerRevision, and a server that fails validation in
        strict mode is rolled back to the last one that passed, or scaled to zero if there is none.
      - The HTTPRoute of a server with C(spec.expose) is applied once it has passed. In check mode, the difference is
        returned.
    type: path
  table:
    description: Whether to display the MCPServers as a table at the end.
    type: bool
    default: false
seealso:
  - module: mcp.kubernetes.mcpserver_apply
  - module: mcp.kubernetes.mcp_validate
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
  - mcp.kubernetes._workload.clusters
  - mcp.kubernetes._workload.render
  - mcp.kubernetes._workload.validation
  - mcp.kubernetes._workload.wait
"""

EXAMPLES = r"""
- name: Wait for an MCPServer and validate it
  mcp.kubernetes.mcpserver_observe:
    servers:
      wikipedia:
        namespace: mcp
        name: wikipedia
    wait_timeout: 300
  run_once: true
  register: observed
"""

RETURN = r"""
hosts:
  description: The result for each host.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether the route of the MCPServer was changed.
      type: bool
      returned: when the MCPServer has a route
    objects:
      description: The HTTPRoute and the BackendTLSPolicy with C(kind), C(name) and C(action).
      type: list
      elements: dict
      returned: when the MCPServer has a route
    diff:
      description: What was changed, for the option C(--diff).
      type: list
      elements: dict
      returned: when the MCPServer has a route
    failed:
      description: Whether the MCPServer did not become ready, or failed validation.
      type: bool
      returned: always
    msg:
      description: The state of the MCPServer, or the error and what to do.
      type: str
      returned: always
    warnings:
      description:
        - A failed validation without strict mode, if O(fail_on_invalid=false).
        - Sessions that clients lose through the route.
      type: list
      elements: str
      returned: when the MCPServer exists
    server:
      description: The MCPServer with its new status.
      type: dict
      returned: when the MCPServer exists
    reports:
      description: The validation report of each Pod, as M(mcp.kubernetes.mcp_validate) returns it.
      type: dict
      returned: when the MCPServer exists
"""
