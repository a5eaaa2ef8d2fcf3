# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Compare a fleet over clusters with its manifests."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction, display
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._drift import STATES, Drift


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "plan": {"type": "dict", "required": True},
        "found": {"type": "dict", "required": True},
        "labels": {"type": "dict", "default": {}},
        "operator_version": {"type": "str", "default": ""},
        "fail_on": {"type": "list", "elements": "str", "default": list(STATES)},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Compare. A debug task would print the line ends of the table as backslash escapes."""
        drift = Drift(
            options["plan"],
            options["found"],
            labels={str(key): str(value) for key, value in options["labels"].items()},
            operator_version=options["operator_version"],
        )
        hosts = drift.hosts(options["fail_on"])
        table = drift.table()
        display.display("\n" + "\n".join(table) + "\n")
        return {"changed": False, "report": drift.to_dict(), "table": table, "hosts": hosts}
