#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_manifests
short_description: Read MCPServer manifests from files and folders
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Reads YAML and JSON files like C(kubectl apply -f), including files with several documents.
  - Skips documents of other kinds and lists them. Fails with the name of the file if an MCPServer is invalid, or if two
    have the same name.
  - Reads at most 16 MiB, 10,000 documents and 500,000 values in all files together, and 100,000 values in one document.
options:
  paths:
    description: Files, and folders from which C(.yaml), C(.yml) and C(.json) files are read.
    type: list
    elements: path
    default: []
  servers:
    description: Manifests that are not in files, for example from a variable. They are validated in the same way.
    type: list
    elements: dict
    default: []
  namespace:
    description: The namespace of manifests without one.
    type: str
    default: default
  only_namespace:
    description: Reject a manifest that names another namespace than O(namespace), as C(kubectl apply -n) does.
    type: bool
    default: false
    version_added: 0.2.0
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Read the manifests
  mcp.kubernetes.mcpserver_manifests:
    paths:
      - manifests/
  run_once: true
  register: read
"""

RETURN = r"""
servers:
  description: The MCPServers, each with its namespace.
  returned: success
  type: list
  elements: dict
others:
  description: The file and the kind of each document that is not an MCPServer.
  returned: success
  type: list
  elements: str
"""
