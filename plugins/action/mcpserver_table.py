# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Display MCPServers as the table of ``kubectl get mcpservers``."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.table import table, unhealthy
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction, display


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "list", "elements": "dict", "required": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Display the table. A debug task would print its line ends as backslash escapes."""
        text = table(options["servers"], dt.datetime.now(dt.timezone.utc))
        display.display(f"\n{text}\n")
        return {"changed": False, "table": text.splitlines(), "unhealthy": unhealthy(options["servers"])}
