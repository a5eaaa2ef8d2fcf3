# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server behind a sidecar listens on its own port, too: an isolated one is reached through the sidecar only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support import cluster

from .conftest import CLIENTS, SERVERS, EnforcingTestbed

pytestmark = pytest.mark.test_all

OWN, SIDECAR, METRICS = 8080, 8081, 9090
PORTS = (OWN, SIDECAR, METRICS)
SCRAPER = "scraper"
METRICS_ENABLED = {"metrics": {"enabled": True}}
LIMITED = {"limits": {"session": {"requestsPerSecond": 100}}}
SERVERS_BEHIND: dict[str, dict[str, Any]] = {
    "unrestricted": METRICS_ENABLED,
    "measured": {**METRICS_ENABLED, "network": {"mode": "isolated"}},
    "limited": {**LIMITED, "network": {"mode": "isolated"}},
}
EVERYBODY = {*CLIENTS, SCRAPER}
ALLOWED = {"neighbour", "gateway", "operator"}
# By server and port, the clients that reach it.
WANTED = {
    ("unrestricted", OWN): EVERYBODY,
    ("unrestricted", SIDECAR): EVERYBODY,
    ("unrestricted", METRICS): EVERYBODY,
    ("measured", OWN): set(),
    ("measured", SIDECAR): ALLOWED,
    ("measured", METRICS): {SCRAPER},
    ("limited", OWN): set(),
    ("limited", SIDECAR): ALLOWED,
    ("limited", METRICS): set(),
}


@pytest.fixture(scope="module")
def reached(testbed: EnforcingTestbed) -> dict[tuple[str, int], set[str]]:
    cluster.load_images("mcp-stdio-bridge")
    container = {"name": "probe", "image": "localhost/probe:1"}
    meta = {"name": SCRAPER, "labels": {"metrics": "enabled"}}
    testbed.apply(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": meta},
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": SCRAPER, "namespace": SCRAPER},
            "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
        },
    )
    testbed.wait(SCRAPER)
    testbed.deploy(SERVERS_BEHIND)
    addresses = {server: testbed.address(server) for server in SERVERS_BEHIND}
    namespaces = {**{name: namespace for name, (namespace, _labels, _of_pod) in CLIENTS.items()}, SCRAPER: SCRAPER}

    def reaches(one: tuple[str, int, str]) -> bool:
        server, port, client = one
        return testbed.reaches(namespaces[client], client, addresses[server], port)

    tried = [(server, port, client) for server in SERVERS_BEHIND for port in PORTS for client in namespaces]
    with ThreadPoolExecutor(5) as pool:
        found = [one for one, result in zip(tried, pool.map(reaches, tried), strict=True) if result]
    return {
        (server, port): {client for of, at, client in found if (of, at) == (server, port)}
        for server in SERVERS_BEHIND
        for port in PORTS
    }


@pytest.mark.parametrize(("server", "port"), WANTED)
def test_who_reaches_which_port(reached: dict[tuple[str, int], set[str]], server: str, port: int) -> None:
    print(reached)
    assert reached[server, port] == WANTED[server, port]


def test_the_pods_of_the_servers_are_ready(testbed: EnforcingTestbed, reached: dict[tuple[str, int], set[str]]) -> None:
    """The kubelet connects to the health checks of the sidecar, which no rule names."""
    testbed.wait(SERVERS)
