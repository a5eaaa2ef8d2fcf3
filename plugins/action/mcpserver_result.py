# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Return the part of a batch's result for one host, so that the recap has a row for each MCPServer."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "batch": {"type": "dict", "required": True},
        "host": {"type": "str", "required": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return the host's part. A host without one was not processed."""
        missing = {"failed": True, "msg": f"{options['host']} was not processed. Run it again."}
        part = dict((options["batch"].get("hosts") or {}).get(options["host"], missing))
        if part["failed"]:
            # Keep the output on the terminal short; the batch's result has the rest.
            part = {key: part[key] for key in ("changed", "failed", "msg", "error") if key in part}
        elif not self._task.diff:
            part.pop("diff", None)
        return {"changed": False, **part}
