# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Two operators share all namespaces between them: each does its part, and only that."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.shard import Shard

from support import cluster
from support.mcpservers import Servers

COUNT = 6
DEPLOYMENT = ("apps/v1", "Deployment")
SHARDS = (Shard(0, 2), Shard(1, 2))
_NAMESPACE = re.compile(r'^mcpserver_created_timestamp_seconds\{.*namespace="([^"]+)"', re.MULTILINE)


@pytest.fixture
def everywhere(client, servers) -> Iterator[dict[str, Servers]]:
    """Make namespaces of both shards, with an MCPServer each."""
    with contextlib.ExitStack() as stack:
        made: dict[str, Servers] = {}
        while len(made) < COUNT or len({SHARDS[0].owns(name) for name in made}) < 2:
            name = stack.enter_context(cluster.namespace(client))
            made[name] = Servers(client, name)
            made[name].apply("one")
        yield made


def of(shard: Shard, everywhere: dict[str, Servers]) -> set[str]:
    return {name for name in everywhere if shard.owns(name)}


def made(servers: Servers) -> bool:
    return servers.child(DEPLOYMENT, "one") is not None


@pytest.mark.test_all
def test_each_namespace_is_looked_after_by_one_of_them(start, everywhere, client, namespace):
    def begin(shard: Shard):
        return start(name=f"shard-{shard.index}", watch_namespace="", shard=str(shard))

    first, second = (begin(shard) for shard in SHARDS)
    for one, shard in zip((first, second), SHARDS, strict=True):
        cluster.until(f"{shard} leads, beside the other", one.leading)
        mine = of(shard, everywhere)
        cluster.until(
            f"{shard} knows its own", lambda one=one, mine=mine: set(_NAMESPACE.findall(one.get("/metrics")[1])) >= mine
        )
        told = set(_NAMESPACE.findall(one.get("/metrics")[1]))
        assert told & everywhere.keys() == mine
        lease = client.get("coordination.k8s.io/v1", "Lease", namespace, shard.lease("mcp-operator"))
        assert lease["metadata"]["annotations"]["mcp.mcp-operator.io/shard"] == str(shard)
    cluster.until("all are made", lambda: all(map(made, everywhere.values())), 60)

    second.kill()
    for name, servers in everywhere.items():
        client.delete(*DEPLOYMENT, name, "one")
        assert servers.child(DEPLOYMENT, "one") is None or SHARDS[0].owns(name)
    own, others = of(SHARDS[0], everywhere), of(SHARDS[1], everywhere)
    cluster.until("the first one mends its own", lambda: all(made(everywhere[name]) for name in own), 60)
    assert not any(made(everywhere[name]) for name in others)
    begin(SHARDS[1])
    cluster.until("whoever comes after the second mends the rest", lambda: all(map(made, everywhere.values())), 60)
