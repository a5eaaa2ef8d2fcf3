# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Canaries of exposed servers through a real Gateway, with an operator that is killed at each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster, gateway
from support.official_clients import Clients
from support.operator import NAMESPACE, WATCHED

from .conftest import BROKEN, GO, Server

# Builds Contour and downloads Envoy on first use.
pytestmark = [pytest.mark.test_all, pytest.mark.stops_operator]

SECOND = [{"name": "SECOND", "value": "1"}]
STEPS = [{"weight": 10, "pause": "10s"}, {"weight": 30, "pause": "10s"}, {"weight": 50, "pause": "10s"}]
SPEC: dict[str, Any] = {
    "image": GO,
    "args": ["--stateless"],
    "replicas": 2,
    "validation": {"strictMode": True, "deadlineSeconds": 60},
    "rollout": {"strategy": "canary", "steps": STEPS},
}


@pytest.fixture(scope="module")
def gateway_address(operator: Any, client: Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway.served(client):
        gateway.permit(client, tmp_path_factory.mktemp("helm"))
        yield gateway.addresses.GATEWAY


def state(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.status.get("rollout") or {}
    return found


def weights(server: Server) -> dict[str, int]:
    route = cluster.found(server.client, f"{gateway.API}/namespaces/{WATCHED}/httproutes/{server.name}")
    assert route is not None
    [rule] = route["spec"]["rules"]
    return {backend["name"]: backend["weight"] for backend in rule["backendRefs"]}


def route_agrees(server: Server) -> bool:
    """Tell whether the route has the weight of the status, as it must during a pause."""
    found = state(server)
    return found.get("phase") != "Paused" or weights(server).get(f"{server.name}-canary") == found.get("trafficWeight")


def has_come_to(server: Server, phase: str, step: int, order: tuple[str, ...]) -> bool:
    """Tell whether a canary has come so far, or further."""
    found = state(server)
    now = order.index(found["phase"]) if found.get("phase") in order else -1
    if "step" not in found or phase not in ("Progressing", "Paused"):
        return now >= order.index(phase)
    return bool((found["step"], now) >= (step, order.index(phase)))


@pytest.fixture
def kill(operator, client):
    def end() -> None:
        for name in operator.pods():
            path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}"
            client.request("DELETE", path, what="kill the operator", body={"gracePeriodSeconds": 0})
        operator.runs()

    return end


def test_an_operator_that_is_killed_at_ten_points_loses_no_call_and_no_weight(gateway_address, make, kill) -> None:
    name = "weighted"
    spec = {**SPEC, "expose": {"parentRefs": [gateway.PARENT], "path": f"/{name}"}}
    server = make(name=name, **spec)
    server.becomes("Running", "Validated")
    cluster.until("it is reachable", lambda: server.condition("Reachable").get("status") == "True", 120)
    cluster.until("the stable template is known", lambda: state(server).get("phase") == "Stable", 30)
    assert weights(server) == {name: 1}
    clients = Clients(f"http://{gateway_address}/{name}", clients=8, rate=20)
    try:
        clients.ready()
        clients.happens("good")
        server.apply(**spec, environment=SECOND)
        order = ("Progressing", "Paused", "Promoting", "Stable")
        points = [(phase, step) for step in (1, 2, 3) for phase in order[:2]] + [("Promoting", 3)]
        cluster.until("it has begun", lambda: "canaryRevision" in state(server), 60)
        for phase, step in points:
            at = (phase, step, order)
            cluster.until(f"it has come to {phase}, {step}", lambda at=at: has_come_to(server, *at), 180)
            kill()
            cluster.until("the route has the weight of the status", lambda: route_agrees(server), 60)
        server.becomes("Running", "Validated", timeout=180)
        cluster.until("the route has one Service", lambda: weights(server) == {name: 1}, 60)
        cluster.until("the canary is deleted", lambda: not server.child("Deployment", f"{name}-canary"), 60)
        assert not server.child("Service", f"{name}-canary")
        assert server.child("Service")["spec"]["selector"] == {"app": name}
        clients.happens("bad")
        server.apply(**{**spec, "image": BROKEN, "args": ["html"]}, environment=SECOND)
        order = ("Progressing", "Aborted")
        cluster.until("it is tried", lambda: state(server).get("phase") in order, 120)
        kill()
        cluster.until("it is aborted", lambda: state(server).get("phase") == "Aborted", 180)
        kill()
        cluster.until("the canary is deleted", lambda: not server.child("Service", f"{name}-canary"), 60)
        kill()
        assert weights(server) == {name: 1}
        met = clients.met()
    finally:
        clients.close()
    print(met)
    assert met["good"]["calls"] > 100
    assert [failure for what, found in met.items() if what for failure in found["failures"]] == []


def test_clients_of_a_server_with_sessions_stay_with_the_stable_pod(gateway_address, make) -> None:
    name = "stays"
    spec = {**SPEC, "args": [], "replicas": 1, "expose": {"parentRefs": [gateway.PARENT], "path": f"/{name}"}}
    server = make(name=name, **spec)
    server.becomes("Running", "Validated")
    cluster.until("it is reachable", lambda: server.condition("Reachable").get("status") == "True", 120)
    cluster.until("the stable template is known", lambda: state(server).get("phase") == "Stable", 30)
    clients = Clients(f"http://{gateway_address}/{name}", clients=4, rate=20)
    try:
        clients.ready()
        clients.happens("canary")
        server.apply(**spec, environment=SECOND)
        cluster.until("it has come to the last step", lambda: has_come_to(server, "Paused", 3, ("Paused",)), 180)
        assert "keeps sessions" in state(server)["message"]
        assert weights(server) == {name: 100, f"{name}-canary": 0}
        met = clients.met()
    finally:
        clients.close()
    assert met["canary"]["calls"] > 100
    assert (met["canary"]["retried"], met["canary"]["failures"]) == (0, [])
