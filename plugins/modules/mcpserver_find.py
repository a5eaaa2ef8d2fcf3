#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_find
short_description: (internal) Find the MCPServers of a playbook
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Reads MCPServers from manifests, from hosts of the inventory or from a namespace, and checks the prerequisites in
    their clusters.
  - Installs the CustomResourceDefinition and creates namespaces, if this is wanted.
options:
  playbook:
    description: The name of a playbook of this collection, whose variables are checked first.
    type: str
  install_crd:
    description: Whether to install or upgrade the CustomResourceDefinition. This requires cluster-admin.
    type: bool
    default: false
  create_namespaces:
    description: Whether to create the namespaces that do not exist.
    type: bool
    default: false
  manifests:
    description: Files and folders with manifests, for O(purpose=deploy).
    type: list
    elements: path
  servers:
    description: Manifests, for O(purpose=deploy).
    type: list
    elements: dict
  hosts:
    description: Hosts of the inventory plugin P(mcp.kubernetes.mcpservers#inventory), in place of manifests or names.
    type: list
    elements: str
  pattern:
    description: The pattern of O(hosts), for messages.
    type: str
    default: mcpservers
  names:
    description:
      - Names of MCPServers, for the other purposes. V(*) is all of the namespace, as is the default of
        O(purpose=validate); O(purpose=undeploy) needs names, or O(hosts).
    type: list
    elements: str
    default: []
  namespace:
    description: The namespace. Defaults to V(default).
    type: str
  any_namespace:
    description: Accept manifests and hosts of another namespace.
    type: bool
    default: false
  api_server:
    description: The expected address of the API server. It is an error if the connection has another one.
    type: str
  require_crd:
    description: Whether a missing CustomResourceDefinition is an error. O(purpose=validate) always requires it.
    type: bool
    default: true
  require_namespaces:
    description: Whether a missing namespace is an error.
    type: bool
    default: true
  purpose:
    description: What the MCPServers are for. It determines the required permissions.
    type: str
    choices: [deploy, validate, undeploy]
    default: deploy
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._workload.apply_mode
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
"""

EXAMPLES = r"""
- name: Find the MCPServers of a namespace
  mcp.kubernetes.mcpserver_find:
    purpose: validate
    namespace: mcp
  run_once: true
  register: found
"""

RETURN = r"""
servers:
  description: The MCPServers by the names of the hosts that stand for them.
  returned: success
  type: dict
targets:
  description: C(namespace) and C(name) by host name.
  returned: success
  type: dict
objects:
  description: C(kind), C(name) and C(action) of each object that was wanted.
  returned: success
  type: list
  elements: dict
connections:
  description: C(kubeconfig), C(context) and C(api_server) by host name. Empty for the connection of the task.
  returned: success
  type: dict
"""
