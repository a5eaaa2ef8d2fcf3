#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_result
short_description: (internal) Return the part of a batch's result for one host
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - M(mcp.kubernetes.mcpserver_apply) and M(mcp.kubernetes.mcpserver_observe) run once for all hosts. With this module,
    each host has its own row in the recap, with its own C(changed), C(failed), message and diff.
  - A host without a result fails, since it was not processed.
options:
  result:
    description:
      - This host's part of the registered result of the batch, or an empty dictionary if there is none. Hand over
        nothing else of the result, since Ansible copies the options of a task for each host.
    type: dict
    required: true
    version_added: 0.2.0
  observed:
    description:
      - The same of the result of M(mcp.kubernetes.mcpserver_observe), if O(result) is of
        M(mcp.kubernetes.mcpserver_apply). The host has changed if one of both has changed it, and its message is that
        of the second one. Omit it if nothing was observed.
    type: dict
    version_added: 0.2.0
  fail:
    description:
      - Whether a host whose MCPServer failed fails. If not, only C(changed) and the diff are returned. Ansible does not
        count the change of a task that fails, so a C(rescue) section can count it by this option.
    type: bool
    default: true
    version_added: 0.2.0
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.apply
"""

EXAMPLES = r"""
- name: Return the result of this host
  mcp.kubernetes.mcpserver_result:
    result: "{{ applied.hosts[inventory_hostname] | default({}) }}"
"""

RETURN = r"""
msg:
  description: What happened to this host's MCPServer.
  returned: with O(fail=true)
  type: str
"""
