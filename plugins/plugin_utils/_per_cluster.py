# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Split a batch by cluster: the hosts of one play may stand for MCPServers of several clusters."""

from __future__ import annotations

import json
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.client import Client
from ..module_utils._kube.errors import ConfigError
from ..module_utils._util import clean
from ._argspec import AUTH

# The connection options that a host may override.
_OWN = ("kubeconfig", "context")
# The address that the connection must lead to, if the host sets it.
_EXPECTED = "api_server"

# Documented in plugins/doc_fragments/_workload.py, in the fragment CLUSTERS.
CONNECTIONS: dict[str, dict[str, t.Any]] = {"connections": {"type": "dict", "default": {}}}

T = t.TypeVar("T")
Results = dict[str, dict[str, t.Any]]
Work = t.Callable[[Client, dict[str, T]], Results]


def run_per_cluster(options: t.Mapping[str, t.Any], items: t.Mapping[str, T], work: Work[T]) -> Results:
    """Run the work for the items of each cluster, all clusters in parallel.

    :param options: the connection options, with those of individual hosts in ``connections``.
    :param items: host name -> input of the work.
    :param work: takes a client and the items of its cluster; returns a result for each host.
    :return: host name -> result. If a cluster cannot be used, its hosts have failed with the reason.
    """
    clusters: dict[str, dict[str, T]] = {}
    for host, item in items.items():
        clusters.setdefault(_connection(options, host), {})[host] = item

    def run(connection: str, part: dict[str, T]) -> Results:
        try:
            own = json.loads(connection)
            expected = own.pop(_EXPECTED)
            client = Client(own)
            require_api_server(client, expected)
            return work(client, part)
        except McpKubernetesError as exc:
            return {host: {"failed": True, "msg": str(exc), "error": exc.to_dict()} for host in part}

    with ThreadPoolExecutor(max_workers=max(1, len(clusters)), thread_name_prefix="cluster") as pool:
        parts = pool.map(run, clusters, clusters.values())
        return {host: result for part in parts for host, result in part.items()}


def require_api_server(client: Client, expected: str) -> None:
    """Check that a client is connected to the cluster on which a host was found.

    :param expected: the address of the API server; empty if unknown.
    :raises ConfigError: the client is connected to another cluster.
    """
    if expected and client.api_server != expected.rstrip("/"):
        raise ConfigError(
            f"This MCPServer is on {clean(expected)}, but the connection options lead to {client.api_server}.",
            "Give the options or K8S_AUTH_* variables with which the inventory found it.",
            code="WRONG_CLUSTER",
        )


def _connection(options: t.Mapping[str, t.Any], host: str) -> str:
    own = (options.get("connections") or {}).get(host) or {}
    merged = {name: options.get(name) for name in AUTH}
    merged.update({name: own[name] for name in _OWN if own.get(name)})
    merged[_EXPECTED] = own.get(_EXPECTED) or ""
    return json.dumps(merged, sort_keys=True)
