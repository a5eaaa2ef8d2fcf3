# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Jinja tests of MCPServers."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError

from ..module_utils._errors import McpKubernetesError

Test = t.Callable[[t.Mapping[str, t.Any]], bool]


def server_test(name: str, test: Test) -> t.Callable[[t.Any], bool]:
    """Return a test that takes an MCPServer, or a result with one in the key ``mcpserver``.

    :param name: of the test, for messages.
    """

    def run(value: t.Any) -> bool:
        server = value.get("mcpserver", value) if isinstance(value, t.Mapping) else value
        if not isinstance(server, t.Mapping):
            raise AnsibleError(f"{name} tests an MCPServer, not a value of type {type(value).__name__}.")
        try:
            return test(server)
        except McpKubernetesError as exc:
            raise AnsibleError(f"{name}: {exc}") from None

    return run
