#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_soak
short_description: (internal) Watch MCPServers for a soak time
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Reads the status of each MCPServer again and again. It must stay ready and validated, at the generation that was
    applied. One that does not fails at once, and the others are watched on.
  - A cluster that does not answer for a while is no failure, as long as it answers at the end.
options:
  servers:
    description:
      - The MCPServers by host name, as M(mcp.kubernetes.mcpserver_observe) returns them in C(hosts). Those without
        C(server) are skipped.
    type: dict
    required: true
  seconds:
    description: The soak time. With 0, and in check mode, each MCPServer is read once.
    type: float
    default: 60.0
  interval:
    description: Seconds between two reads.
    type: float
    default: 5.0
  require_validated:
    description: Whether a server that is ready and has failed validation, without strict mode, is a failure.
    type: bool
    default: true
seealso:
  - module: mcp.kubernetes.mcpserver_observe
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
  - mcp.kubernetes._workload.clusters
"""

EXAMPLES = r"""
- name: Watch what was deployed for ten minutes
  mcp.kubernetes.mcpserver_soak:
    servers: "{{ observed.hosts }}"
    seconds: 600
  run_once: true
"""

RETURN = r"""
hosts:
  description: The result for each host.
  returned: always
  type: dict
  contains:
    failed:
      description: Whether the MCPServer did not stay validated, or could not be read.
      type: bool
      returned: always
    msg:
      description: What was seen.
      type: str
      returned: always
    server:
      description: The MCPServer as it was read last.
      type: dict
      returned: when the MCPServer exists
"""
