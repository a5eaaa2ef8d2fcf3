#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_observe
short_description: Wait for MCPServers, validate their Pods and write their status
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Waits until the rollout of each MCPServer is complete, then validates each of its Pods by a real MCP handshake
    through the API server's port-forward, and writes the status of the MCPServer. Each MCPServer goes its own way;
    a slow one delays no other.
  - Gives up early where no waiting helps, for example when the image cannot be pulled or the container crashes again
    and again. The message then names the cause, from the Pod's status, its Events and its log.
  - Shows a line of progress whenever something changes, and at least every ten seconds.
options:
  servers:
    description:
      - The MCPServers as dictionaries with C(namespace) and C(name), by the name of the host that stands for each.
      - C(mode) is what M(mcp.kubernetes.mcpserver_apply) returned. With V(object) the operator's status is awaited;
        with V(standalone), C(manifest) stands for the MCPServer. V(workload) is the default.
    type: dict
    required: true
  connections:
    description:
      - For hosts whose MCPServer is on another cluster than the one of the connection options, C(kubeconfig) and
        C(context) by the name of the host. The clusters are worked on at the same time.
      - C(api_server) is the address that the connection must lead to; nothing is done where it leads elsewhere.
    type: dict
    default: {}
  wait_timeout:
    description: Seconds that the Pods may take to become ready.
    type: float
    default: 120.0
  validate_timeout:
    description:
      - Seconds that the validation of one Pod may take.
      - Where each client of a stdio server has a process for itself, its C(startTimeoutSeconds) comes on top.
    type: float
    default: 30.0
  write_status:
    description:
      - Write the status subresource of the MCPServers.
      - Never done in check mode, nor where an operator answers for the namespace.
    type: bool
    default: true
  templates:
    description:
      - Folder of the templates, in this collection C(roles/mcpserver/templates).
      - With it, each Pod template that passes is kept in a ControllerRevision, and a server that fails validation in
        strict mode goes back to the last one that passed, or to no Pods where none did.
    type: path
  default_resources:
    description: The same as for M(mcp.kubernetes.mcpserver_apply).
    type: dict
  bridge_images:
    description: The same as for M(mcp.kubernetes.mcpserver_apply).
    type: dict
  validation_image:
    description:
      - The operator's image. With it, the Pods of an MCPServer with C(spec.validation.runner=job) are dialled by a
        Job in its own namespace, which stays for an hour with the whole report in its log.
      - Without it, and in check mode, they are dialled through the port-forward as all others.
    type: str
seealso:
  - module: mcp.kubernetes.mcpserver_apply
  - module: mcp.kubernetes.mcp_validate
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Wait for what was applied, and validate it
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
    failed:
      description: Whether the MCPServer did not become ready, or failed validation in strict mode.
      type: bool
      returned: always
    msg:
      description: The state of the MCPServer, and what to do where it is a bad one.
      type: str
      returned: always
    warnings:
      description: A validation that failed without strict mode.
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
