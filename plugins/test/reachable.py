# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: reachable
short_description: Whether clients reach an MCPServer
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - True if clients reach the server as it is specified now. With C(spec.expose) that is the condition C(Reachable),
    which a validation through the Gateway proves; otherwise the condition C(Ready), which means that its Service has a
    Pod.
  - A server that is reachable need not be validated, unless it is in strict mode.
options:
  _input:
    description: An MCPServer with its status, or the result of M(mcp.kubernetes.mcpserver).
    type: dict
    required: true
seealso:
  - plugin: mcp.kubernetes.validated
    plugin_type: test
"""

EXAMPLES = r"""
- name: Read an MCPServer
  mcp.kubernetes.mcpserver_info:
    name: wikipedia
    namespace: mcp
  register: found

- name: Register it with an agent once clients reach it
  ansible.builtin.debug:
    msg: "{{ lookup('mcp.kubernetes.mcp_endpoint', 'mcp/wikipedia') }}"
  when: found.mcpservers | select('mcp.kubernetes.reachable') | length > 0
"""

RETURN = r"""
_value:
  description: Whether clients reach it.
  type: bool
"""

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.summary import is_reachable
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_test import server_test


class TestModule:
    """The tests of this file."""

    def tests(self) -> dict[str, t.Callable[..., bool]]:
        """Return them by name."""
        return {"reachable": server_test("reachable", is_reachable)}
