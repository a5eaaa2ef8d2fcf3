#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_list
short_description: (internal) List the MCPServers of clusters
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Lists the MCPServers of all clusters in parallel. A cluster that cannot be read is no failure of the task.
options:
  clusters:
    description:
      - C(kubeconfig) and C(context) by the name of the cluster, where they differ from the connection options.
      - C(namespaces) replaces O(namespaces) for one cluster.
      - C(api_server) is the expected address of the API server. The cluster has an error if the connection has another
        one.
    type: dict
    required: true
  namespaces:
    description: Only MCPServers of these namespaces. The default, all, requires the right to list them in all.
    type: list
    elements: str
    default: []
  find_operator:
    description: Whether to read the version of the operator, too.
    type: bool
    default: false
  timeout:
    description: Seconds after which a cluster that is not listed completely has an error.
    type: float
    default: 30.0
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: List the MCPServers of two clusters
  mcp.kubernetes.mcpserver_list:
    clusters:
      eu: {context: prod-eu}
      us: {context: prod-us}
    namespaces: [search]
  run_once: true
  register: found
"""

RETURN = r"""
clusters:
  description: The result for each cluster.
  returned: always
  type: dict
  contains:
    error:
      description: Why the cluster could not be read, and what to do.
      type: str
      returned: if the cluster could not be read
    api_server:
      description: The address of the API server.
      type: str
      returned: success
    operator_version:
      description: The version of the operator, empty if it is unknown or O(find_operator) is false.
      type: str
      returned: success
    servers:
      description:
        - C(namespace), C(name), C(manifest), C(status), C(generation), C(created) and C(terminating) of each MCPServer.
      type: list
      elements: dict
      returned: success
"""
