#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_import
short_description: Make manifests of MCPServers from a registry or from other projects
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Reads a C(server.json) of the MCP registry, schema 2025-12-11, or MCPServers of kmcp, ToolHive and
    mcp-lifecycle-operator, and returns manifests like the command C(mcp-operator import).
  - Applies nothing, and downloads no package. Values that are probably secrets are not repeated.
options:
  source:
    description: A file, a URL, or with O(registry) the name of a server, for example V(com.example/weather).
    type: str
    required: true
  registry:
    description: URL of a registry with the API v0.1, for example V(https://registry.modelcontextprotocol.io).
    type: str
    default: ""
  version:
    description: Version of the server in the registry.
    type: str
    default: latest
  name:
    description: Name of the MCPServer. By default that of the source.
    type: str
    default: ""
  package:
    description: Type of the package of a C(server.json). By default the first of these that it has.
    type: str
    choices: ["", oci, npm, pypi]
    default: ""
  remotes:
    description: Return the remote URLs for M(mcp.kubernetes.mcp_validate), instead of manifests.
    type: bool
    default: false
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
notes:
  - A URL is read for at most 30 seconds and 1 MiB, without redirects.
"""

EXAMPLES = r"""
- name: Read a server from a registry
  mcp.kubernetes.mcpserver_import:
    source: com.example/weather
    registry: https://registry.example.com
    version: 1.2.3
  run_once: true
  register: imported

- name: Require that the manifest is complete
  ansible.builtin.assert:
    that: imported.missing | length == 0
"""

RETURN = r"""
servers:
  description: The manifests.
  returned: success
  type: list
  elements: dict
targets:
  description: The remote URLs, with O(remotes=true).
  returned: success
  type: list
  elements: dict
missing:
  description: What you must add before you apply the manifests.
  returned: success
  type: list
  elements: str
dropped:
  description: The fields of another project's manifest that were left out, with the reasons.
  returned: success
  type: list
  elements: str
notes:
  description: What you should review.
  returned: success
  type: list
  elements: str
text:
  description: What C(mcp-operator import) prints, as YAML with all of this as comments.
  returned: success
  type: str
"""
