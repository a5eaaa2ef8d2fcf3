#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_preflight
short_description: (internal) Check the prerequisites in the cluster
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Checks the connection to the API server, the CustomResourceDefinition, the namespaces and your rights. Fails with
    one message that names what is missing and what to do. Changes nothing.
options:
  targets:
    description:
      - The namespaces to check, as dictionaries with C(namespace), and with C(kubeconfig) and C(context) if they are in
        another cluster than that of the connection options. P(mcp.kubernetes.mcpserver_targets#filter) returns those of
        hosts.
      - C(api_server) is the expected address of the API server. The check fails if the connection has another one.
      - If empty, only the cluster is checked.
    type: list
    elements: dict
    default: []
  require_crd:
    description: Fail if the CustomResourceDefinition of MCPServers is not installed.
    type: bool
    default: true
  require_namespaces:
    description: Fail if a namespace of O(targets) does not exist.
    type: bool
    default: true
  purpose:
    description: The playbook whose rights are checked.
    type: str
    choices: [deploy, validate, undeploy]
    default: deploy
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
  - mcp.kubernetes._workload.apply_mode
"""

EXAMPLES = r"""
- name: Check the prerequisites
  mcp.kubernetes.mcpserver_preflight:
    targets:
      - namespace: mcp
  run_once: true
"""

RETURN = r"""
server_version:
  description: The version of the API server. With several clusters, that of the last one.
  returned: success
  type: str
  sample: v1.36.3
crd:
  description: Whether the CustomResourceDefinition is installed.
  returned: success
  type: bool
"""
