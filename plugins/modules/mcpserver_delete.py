#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_delete
short_description: Delete MCPServers and wait until they are deleted
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Deletes MCPServers. The garbage collector deletes their workloads. One that does not exist is no failure.
options:
  servers:
    description: C(namespace) and C(name) of each MCPServer, by host name.
    type: dict
    required: true
  wait_timeout:
    description: Seconds to wait for the deletion.
    type: float
    default: 120.0
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._workload.clusters
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
"""

EXAMPLES = r"""
- name: Delete an MCPServer
  mcp.kubernetes.mcpserver_delete:
    servers:
      wikipedia:
        namespace: mcp
        name: wikipedia
  run_once: true
"""

RETURN = r"""
hosts:
  description: C(changed), C(failed) and C(msg) for each host.
  returned: always
  type: dict
"""
