# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Read MCPServers of one cluster."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.summary import summary, without_bookkeeping
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_list import read_servers

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "name": {"type": "str"},
        "namespace": {"type": "str"},
        "label_selectors": {"type": "list", "elements": "str", "default": []},
        "field_selectors": {"type": "list", "elements": "str", "default": []},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Read them."""
        found = [without_bookkeeping(server) for server in _read(self.client(options), options)]
        found.sort(key=names.server_key)
        return {
            "changed": False,
            "exists": bool(found),
            "mcpservers": found,
            "summary": [summary(server) for server in found],
        }


def _read(client: Client, options: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    labels, fields = options["label_selectors"], list(options["field_selectors"])
    if options["name"]:
        # Not a get: its 404 does not tell whether the kind is installed.
        fields.append(f"metadata.name={options['name']}")
    selectors = {"labelSelector": ",".join(labels), "fieldSelector": ",".join(fields)}
    given = {key: value for key, value in selectors.items() if value}
    return read_servers(client, options["namespace"] or None, **given)
