#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_table
short_description: Display MCPServers as a table
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Displays the same table as C(kubectl get mcpservers). MCPServers of several namespaces have a column C(NAMESPACE),
    those of several clusters a column C(CLUSTER).
options:
  servers:
    description:
      - The MCPServers with their status, as the API server returns them. The key C(cluster), which
        P(mcp.kubernetes.mcpserver_objects#filter) adds, is the name of the cluster.
      - Without it, the MCPServers of O(namespace) are read, and O(find_operator) is V(true).
    type: list
    elements: dict
  namespace:
    description: The namespace to read if O(servers) is not set. By default all.
    type: str
    version_added: 0.2.0
  messages:
    description: Whether to display the messages of MCPServers that are not healthy below the table.
    type: bool
    default: false
    version_added: 0.2.0
  find_operator:
    description:
      - Whether to read the Lease of the operator for MCPServers whose status is missing or out of date, and to report
        those that no operator manages as unhealthy.
    type: bool
    default: false
    version_added: 0.2.0
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Display the MCPServers of a namespace
  mcp.kubernetes.mcpserver_table:
    namespace: mcp
    messages: true
  run_once: true

- name: Display some MCPServers
  mcp.kubernetes.mcpserver_table:
    servers: "{{ found.mcpservers | rejectattr('metadata.namespace', 'eq', 'test') }}"
  run_once: true
"""

RETURN = r"""
table:
  description: The lines of the table.
  returned: always
  type: list
  elements: str
  sample:
    - NAME        PHASE     REPLICAS   READY   PROTOCOL   VALIDATION   CAPABILITIES                      AGE
    - wikipedia   Running   1          1       sse        Validated    ["tools","resources","prompts"]   25s
unhealthy:
  description:
    - The MCPServers that are not ready, or whose validation is pending or has failed, with C(cluster), C(namespace),
      C(name) and C(message).
  returned: always
  type: list
  elements: dict
  sample: []
"""
