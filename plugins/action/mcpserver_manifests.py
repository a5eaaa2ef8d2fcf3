# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Read MCPServer manifests from files and folders."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._manifest_files import read


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "paths": {"type": "list", "elements": "path", "default": []},
        "servers": {"type": "list", "elements": "dict", "default": []},
        "namespace": {"type": "str", "default": "default"},
        "only_namespace": {"type": "bool", "default": False},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Read all manifests."""
        servers, others = read(
            options["paths"], options["servers"], options["namespace"], only=options["only_namespace"]
        )
        return {"changed": False, "servers": servers, "others": others}
