# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Pods reach which MCPServers, with NetworkPolicies that are enforced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support import cluster

from .conftest import CLIENTS, SERVERS, EnforcingTestbed

pytestmark = pytest.mark.test_all

AGENTS = {"from": [{"namespaceSelector": {"matchLabels": {"team": "agents"}}}]}
NETWORKS: dict[str, dict[str, Any]] = {
    "open": {"mode": "open"},
    "isolated": {"mode": "isolated"},
    "behind": {"ingress": {"presets": ["gateway"]}},
    "shared": {"ingress": AGENTS, "egress": {"mode": "open"}},
}
# By server, the clients that it lets in.
WANTED = {
    "open": set(CLIENTS),
    "isolated": {"neighbour", "gateway", "operator"},
    "behind": {"gateway", "operator"},
    "shared": {"agent", "operator"},
}


def table(testbed: EnforcingTestbed) -> dict[str, set[str]]:
    """Return the clients that reach each server: 20 pairs."""
    pairs = [(server, client) for server in NETWORKS for client in CLIENTS]
    addresses = {server: testbed.address(server) for server in NETWORKS}

    def reaches(pair: tuple[str, str]) -> bool:
        server, client = pair
        return testbed.reaches(CLIENTS[client][0], client, addresses[server])

    with ThreadPoolExecutor(5) as pool:
        found = [pair for pair, reached in zip(pairs, pool.map(reaches, pairs), strict=True) if reached]
    return {server: {client for of, client in found if of == server} for server in NETWORKS}


def show(found: dict[str, set[str]]) -> str:
    """Return the table as text."""
    lines = [f"{'':10}" + "".join(f"{client:>11}" for client in CLIENTS)]
    lines += [
        f"{server:10}" + "".join(f"{'yes' if client in found[server] else '-':>11}" for client in CLIENTS)
        for server in NETWORKS
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def before(testbed: EnforcingTestbed) -> dict[str, set[str]]:
    testbed.deploy({name: {} for name in NETWORKS})
    return table(testbed)


@pytest.fixture(scope="module")
def after(testbed: EnforcingTestbed, before: dict[str, set[str]]) -> dict[str, set[str]]:
    pods = {name: testbed.address(name) for name in NETWORKS}
    testbed.deploy({name: {"network": network} for name, network in NETWORKS.items()})
    assert {name: testbed.address(name) for name in NETWORKS} == pods, "a Pod was replaced"
    return table(testbed)


def test_who_reaches_whom_before(before: dict[str, set[str]]) -> None:
    print(show(before))
    assert before == {server: set(CLIENTS) for server in NETWORKS}


def test_who_reaches_whom_after(after: dict[str, set[str]]) -> None:
    print(show(after))
    assert after == WANTED


def pod_of(testbed: EnforcingTestbed, server: str) -> str:
    return testbed.kubectl("-n", SERVERS, "get", "pods", "-l", f"app={server}", "-o", "name").stdout.strip()


@pytest.mark.parametrize(("server", "allowed"), [("open", True), ("isolated", False), ("shared", True)])
def test_what_a_server_connects_to(
    testbed: EnforcingTestbed, after: dict[str, set[str]], server: str, allowed: bool
) -> None:
    address = testbed.kubectl("-n", "strangers", "get", "pod", "stranger", "-o", "jsonpath={.status.podIP}").stdout
    assert testbed.reaches(SERVERS, pod_of(testbed, server), address) is allowed


@pytest.mark.parametrize("server", NETWORKS)
def test_every_server_resolves_names(testbed: EnforcingTestbed, after: dict[str, set[str]], server: str) -> None:
    command = ["exec", pod_of(testbed, server), "--", "/probe", "resolve", "kubernetes.default.svc.cluster.local"]
    assert testbed.kubectl("-n", SERVERS, *command).stdout.strip() == "10.96.0.1"


def test_the_pod_that_proves_isolation_is_refused(testbed: EnforcingTestbed, after: dict[str, set[str]]) -> None:
    """Its label takes it from the Pods of the namespace, which are let in."""
    address = testbed.address("isolated")
    label = "mcp.mcp-operator.io/network-probe"
    testbed.kubectl("-n", SERVERS, "label", "pod", "neighbour", f"{label}=true")
    try:
        cluster.until("it is refused", lambda: not testbed.reaches(SERVERS, "neighbour", address), 60)
    finally:
        testbed.kubectl("-n", SERVERS, "label", "pod", "neighbour", f"{label}-")
    cluster.until("it is let in again", lambda: testbed.reaches(SERVERS, "neighbour", address), 60)
