# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Return the part of a batch's result that is of one host, so that the recap has a row for each MCPServer."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import together


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "result": {"type": "dict", "required": True},
        "observed": {"type": "dict"},
        "fail": {"type": "bool", "default": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return the host's part. A host without one was not processed."""
        part = self._part(options["result"])
        if not part["failed"] and options["observed"] is not None:
            part = together(part, self._part(options["observed"]))
        if not options["fail"]:
            diff = {"diff": part["diff"]} if self._task.diff and "diff" in part else {}
            return {"changed": bool(part.get("changed")), **diff}
        if part["failed"]:
            # Keep the output on the terminal short; the batch's result has the rest.
            part = {key: part[key] for key in ("changed", "failed", "msg", "error", "warnings") if key in part}
        elif not self._task.diff:
            part.pop("diff", None)
        return {"changed": False, **part}

    def _part(self, found: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        missing = {"failed": True, "msg": f"{self._variables['inventory_hostname']} was not processed. Run it again."}
        return dict(found or missing)
