# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a lock file of what MCPServers offer."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.pin import (
    as_text,
    compare,
    stale_as_text,
    write,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.served_offers import fleet_covers, fleet_offers
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "path": {"type": "path", "required": True},
        "servers": {"type": "list", "elements": "str", "default": []},
        "namespace": {"type": "str"},
        "timeout": {"type": "float", "default": 30.0},
        "fail_on_unknown": {"type": "bool", "default": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Compare, and write the file if it differs."""
        path = Path(options["path"])
        client = self.client(options)
        wanted, namespace, timeout = options["servers"], options["namespace"] or None, options["timeout"]
        found = compare(
            path,
            lambda: fleet_offers(client, wanted, namespace, timeout),
            lambda name: fleet_covers(wanted, namespace, name),
        )
        if found.changed and not self.check_mode:
            write(path, found.after)
        texts = [as_text(name, items, found.digests[name]) for name, items in sorted(found.differences.items())]
        differences = {name: [one._asdict() for one in items] for name, items in found.differences.items()}
        unknown = {name: problem.to_dict() for name, problem in found.unknown.items()}
        if not (texts or unknown):
            texts.append(f"All {len(found.digests)} MCPServers offer what the lock file has.")
        result = {
            "changed": found.changed,
            "failed": bool(unknown) and options["fail_on_unknown"],
            "digests": found.digests,
            "differences": differences,
            "unknown": unknown,
            "stale": list(found.stale),
            "msg": "\n".join([*texts, *map(stale_as_text, found.stale), *map(str, found.unknown.values())]),
        }
        if found.changed:
            where = str(path)
            result["diff"] = {
                "before": found.before,
                "after": found.after,
                "before_header": where,
                "after_header": where,
            }
        return result
