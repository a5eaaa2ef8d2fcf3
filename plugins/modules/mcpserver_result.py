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
  batch:
    description: The registered result of the batch.
    type: dict
    required: true
  observed:
    description:
      - The registered result of M(mcp.kubernetes.mcpserver_observe), if O(batch) is that of
        M(mcp.kubernetes.mcpserver_apply). The host has changed if one of both has changed it, and its message is that
        of the second one. Ignored if that task was skipped.
    type: dict
    version_added: 0.2.0
  fail:
    description:
      - Whether a host whose MCPServer failed fails. If not, only C(changed) and the diff are returned. Ansible does not
        count the change of a task that fails, so a C(rescue) section can count it by this option.
    type: bool
    default: true
    version_added: 0.2.0
  host:
    description: The name of the host, usually C(inventory_hostname).
    type: str
    required: true
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.apply
"""

EXAMPLES = r"""
- name: Return the result of this host
  mcp.kubernetes.mcpserver_result:
    batch: "{{ applied }}"
    host: "{{ inventory_hostname }}"
"""

RETURN = r"""
msg:
  description: What happened to this host's MCPServer.
  returned: with O(fail=true)
  type: str
"""
