#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_preflight
short_description: Ask the cluster whether what follows can work
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Connects to the API server, looks for the CustomResourceDefinition, the namespaces and the rights that are needed,
    and fails with one message that says what is missing and what to do. Changes nothing.
options:
  targets:
    description:
      - The places that are going to be used, C(namespace) each, with C(kubeconfig) and C(context) where they are on
        another cluster than the one of the connection options. P(mcp.kubernetes.mcpserver_targets#filter) makes them
        of hosts.
      - C(api_server) is the address that the connection must lead to; nothing is done where it leads elsewhere.
      - Without any, only the cluster is asked.
    type: list
    elements: dict
    default: []
  require_crd:
    description: Fail where the CustomResourceDefinition of MCPServers is not installed.
    type: bool
    default: true
  require_namespaces:
    description: Fail where a namespace of O(targets) does not exist.
    type: bool
    default: true
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
  purpose:
    description: What the rights are needed for.
    type: str
    choices: [deploy, validate, undeploy]
    default: deploy
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Make sure that it can work
  mcp.kubernetes.mcpserver_preflight:
    targets:
      - namespace: mcp
  run_once: true
"""

RETURN = r"""
server_version:
  description: The version of the API server; of the last one where there are several.
  returned: success
  type: str
  sample: v1.36.3
crd:
  description: Whether the CustomResourceDefinition is installed.
  returned: success
  type: bool
"""
