# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: validated
short_description: Whether an MCPServer has passed validation
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - True if the server has passed validation as it is specified now. A status of an earlier generation does not count.
  - A server that requires credentials which validation does not have is not validated; its state is V(AuthRequired).
options:
  _input:
    description: An MCPServer with its status, or the result of M(mcp.kubernetes.mcpserver).
    type: dict
    required: true
seealso:
  - plugin: mcp.kubernetes.reachable
    plugin_type: test
"""

EXAMPLES = r"""
- name: Read the MCPServers
  mcp.kubernetes.mcpserver_info:
    namespace: mcp
  register: found

- name: Require that all are validated
  ansible.builtin.assert:
    that: found.mcpservers | reject('mcp.kubernetes.validated') | length == 0
"""

RETURN = r"""
_value:
  description: Whether it has passed validation.
  type: bool
"""

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.summary import is_validated
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_test import server_test


class TestModule:
    """The tests of this file."""

    def tests(self) -> dict[str, t.Callable[..., bool]]:
        """Return them by name."""
        return {"validated": server_test("validated", is_validated)}
