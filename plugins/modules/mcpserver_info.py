#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_info
short_description: Read MCPServers and their status
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the MCPServers of a cluster, and a summary of the status of each. There may be none.
options:
  name:
    description: Only MCPServers of this name.
    type: str
  namespace:
    description:
      - Only MCPServers of this namespace. One that does not exist is an error.
      - The default, all, requires the right to list them in all.
    type: str
  label_selectors:
    description: Only MCPServers that match all of these selectors, for example V(team=search).
    type: list
    elements: str
    default: []
  field_selectors:
    description: Only MCPServers whose fields match. The API server supports C(metadata.name) and C(metadata.namespace).
    type: list
    elements: str
    default: []
seealso:
  - module: mcp.kubernetes.mcpserver
  - module: mcp.kubernetes.mcpserver_table
  - plugin: mcp.kubernetes.mcpservers
    plugin_type: inventory
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Read the MCPServers of a team
  mcp.kubernetes.mcpserver_info:
    namespace: mcp
    label_selectors: [team=search]
  register: found

- name: Fail if one of them is not healthy
  ansible.builtin.assert:
    that: found.summary | rejectattr('healthy') | length == 0
    fail_msg: "{{ found.summary | rejectattr('healthy') | map(attribute='message') | join('; ') }}"

- name: Write the configuration of an MCP client for those that are validated
  ansible.builtin.copy:
    content: "{{ validated | mcp.kubernetes.mcp_client_config('claude-code') }}"
    dest: .mcp.json
    mode: "0644"
  vars:
    validated: "{{ found.mcpservers | select('mcp.kubernetes.validated') }}"

- name: Read one MCPServer
  mcp.kubernetes.mcpserver_info:
    name: wikipedia
    namespace: mcp
  register: wikipedia
"""

RETURN = r"""
exists:
  description: Whether there is any.
  returned: success
  type: bool
mcpservers:
  description: The MCPServers, as the API server returns them, without C(metadata.managedFields), by namespace and name.
  returned: success
  type: list
  elements: dict
summary:
  description: The summary of each MCPServer, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    namespace:
      description: Namespace.
      type: str
      returned: success
    name:
      description: Name.
      type: str
      returned: success
    phase:
      description: C(status.phase).
      type: str
      returned: success
    message:
      description: Reason for the phase and, if something failed, what to do.
      type: str
      returned: success
    replicas:
      description: Number of Pods.
      type: int
      returned: success
    ready_replicas:
      description: Number of ready Pods.
      type: int
      returned: success
    validation:
      description: State of the validation, for example V(Validated) or V(Failed).
      type: str
      returned: success
    protocol:
      description: Transport that the server speaks.
      type: str
      returned: success
    protocol_version:
      description: Negotiated MCP revision.
      type: str
      returned: success
    capabilities:
      description: Capabilities that the server advertises.
      type: list
      elements: str
      returned: success
    endpoint:
      description: URL that clients use. Empty until the server is validated.
      type: str
      returned: success
    validated:
      description: As the test P(mcp.kubernetes.validated#test).
      type: bool
      returned: success
    reachable:
      description: As the test P(mcp.kubernetes.reachable#test).
      type: bool
      returned: success
    healthy:
      description: Whether the server is ready, and its validation has passed, requires credentials or is disabled.
      type: bool
      returned: success
  sample:
    - namespace: mcp
      name: wikipedia
      phase: Running
      message: MCPServer is running and validated.
      replicas: 1
      ready_replicas: 1
      validation: Validated
      protocol: sse
      protocol_version: "2024-11-05"
      capabilities: [tools, resources, prompts]
      endpoint: http://wikipedia.mcp.svc:3001/sse
      validated: true
      reachable: true
      healthy: true
"""
