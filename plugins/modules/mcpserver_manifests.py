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
  - Reads YAML and JSON files as C(kubectl apply -f) does, several documents a file included.
  - Documents of another kind are skipped and listed. A malformed MCPServer, or two of one name, end in an error that
    names the file.
options:
  paths:
    description: Files, and folders whose C(.yaml), C(.yml) and C(.json) files are read.
    type: list
    elements: path
    default: []
  servers:
    description: Manifests that are no files, for example from a variable. They are checked in the same way.
    type: list
    elements: dict
    default: []
  namespace:
    description: The namespace for manifests that name none.
    type: str
    default: default
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
  description: The place and the kind of each document that is no MCPServer.
  returned: success
  type: list
  elements: str
"""
