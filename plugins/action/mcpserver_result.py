# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Return the part of a batch's result for one host, so that the recap has a row for each MCPServer."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import together


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "batch": {"type": "dict", "required": True},
        "observed": {"type": "dict"},
        "host": {"type": "str", "required": True},
        "fail": {"type": "bool", "default": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return the host's part. A host without one was not processed."""
        part = _part(options["batch"], options["host"])
        # A task that was skipped has no hosts.
        if not part["failed"] and "hosts" in (options["observed"] or {}):
            part = together(part, _part(options["observed"], options["host"]))
        if not options["fail"]:
            diff = {"diff": part["diff"]} if self._task.diff and "diff" in part else {}
            return {"changed": bool(part.get("changed")), **diff}
        if part["failed"]:
            # Keep the output on the terminal short; the batch's result has the rest.
            part = {key: part[key] for key in ("changed", "failed", "msg", "error", "warnings") if key in part}
        elif not self._task.diff:
            part.pop("diff", None)
        return {"changed": False, **part}


def _part(batch: t.Mapping[str, t.Any], host: str) -> dict[str, t.Any]:
    missing = {"failed": True, "msg": f"{host} was not processed. Run it again."}
    return dict((batch.get("hosts") or {}).get(host) or missing)
