#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_delete
short_description: (internal) Delete MCPServers and wait until they are deleted
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Deletes MCPServers and waits until their workloads are deleted, too. One that does not exist is no failure.
  - Without an MCPServer, the objects that M(mcp.kubernetes.mcpserver_apply) applied in the mode V(standalone) are
    deleted.
options:
  servers:
    description: C(namespace) and C(name) of each MCPServer, by host name.
    type: dict
    required: true
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
  - mcp.kubernetes._workload.clusters
  - mcp.kubernetes._workload.wait
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
  description: C(changed), C(failed), C(msg), C(objects) and C(diff) for each host.
  returned: always
  type: dict
"""
