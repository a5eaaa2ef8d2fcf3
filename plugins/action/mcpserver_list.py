# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""List the MCPServers of clusters."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._util import clean
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._argspec import AUTH
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import Cluster, list_clusters
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import Connection


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "clusters": {"type": "dict", "required": True},
        "namespaces": {"type": "list", "elements": "str", "default": []},
        "find_operator": {"type": "bool", "default": False},
        "timeout": {"type": "float", "default": 30.0},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """List all clusters in parallel."""
        wanted = [_connection(options, name, own) for name, own in options["clusters"].items()]
        found = list_clusters(wanted, options["timeout"], find_operator=options["find_operator"])
        clusters = {
            name: _result(cluster, str(own.get("api_server") or ""))
            for (name, own), cluster in zip(options["clusters"].items(), found)
        }
        return {"changed": False, "clusters": clusters}


def _connection(options: t.Mapping[str, t.Any], name: str, own: t.Mapping[str, t.Any]) -> Connection:
    auth = {key: options.get(key) for key in AUTH}
    auth.update({key: own[key] for key in ("kubeconfig", "context") if own.get(key)})
    return Connection(
        auth,
        name=name,
        label=name,
        namespaces=tuple(own.get("namespaces") or options["namespaces"]),
        label_selector="",
        portable=False,
    )


def _result(cluster: Cluster, expected: str) -> dict[str, t.Any]:
    error = str(cluster.error) if cluster.error else ""
    if not error and expected and cluster.api_server != expected.rstrip("/"):
        error = (
            f"This cluster is on {clean(expected)}, but the connection options lead to {cluster.api_server}. Correct "
            "mcp_api_server or the connection. [WRONG_CLUSTER]"
        )
    if error:
        return {"error": error}
    servers = [
        {
            "namespace": one["manifest"]["metadata"]["namespace"],
            "name": one["manifest"]["metadata"]["name"],
            **one,
        }
        for one in cluster.servers
    ]
    return {"api_server": cluster.api_server, "operator_version": cluster.operator_version, "servers": servers}
