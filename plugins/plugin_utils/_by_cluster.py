# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The hosts of one play may be MCPServers of several clusters: each cluster gets a client and a batch of its own."""

from __future__ import annotations

import json
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.client import Client
from ..module_utils._kube.errors import ConfigError
from ..module_utils._util import clean
from ._argspec import AUTH

# What a host may say about the way to its cluster.
_OWN = ("kubeconfig", "context")
# And what it may know of the cluster itself: the address of its API server.
_EXPECTED = "api_server"

T = t.TypeVar("T")
Results = dict[str, dict[str, t.Any]]
Work = t.Callable[[Client, dict[str, T]], Results]


def by_connection(options: t.Mapping[str, t.Any], items: t.Mapping[str, T], work: Work[T]) -> Results:
    """Do the work for the items of each cluster, all clusters at once.

    :param options: the connection options, and in ``connections`` those of the hosts that say their own.
    :param items: host name -> what the work needs to know of it.
    :param work: takes a client and the items of its cluster; returns a result for each host.
    :return: host name -> result; where a cluster cannot be used, the results of its hosts say why.
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
    """Refuse to work on another cluster than the one on which a host was found.

    :param expected: the address of the API server, empty where nobody knows it.
    :raises ConfigError: the options lead elsewhere.
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
