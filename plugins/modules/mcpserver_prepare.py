#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_prepare
short_description: (internal) Install what MCPServers need in a cluster
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Installs or upgrades the CustomResourceDefinition of MCPServers, and creates namespaces.
options:
  crd:
    description: Whether to install or upgrade the CustomResourceDefinition. This requires cluster-admin.
    type: bool
    default: false
  namespaces:
    description: Namespaces to create. Those that exist are not changed.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
"""

EXAMPLES = r"""
- name: Install the CustomResourceDefinition and create a namespace
  mcp.kubernetes.mcpserver_prepare:
    crd: true
    namespaces: [mcp]
  run_once: true
"""

RETURN = r"""
objects:
  description: C(kind), C(name) and C(action) of each object.
  returned: success
  type: list
  elements: dict
"""
