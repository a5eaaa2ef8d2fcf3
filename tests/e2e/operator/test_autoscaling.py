# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A HorizontalPodAutoscaler that sees real CPU, by metrics-server, and what becomes of its number when it goes."""

from __future__ import annotations

import time

import pytest

from support import cluster
from support.calls import calling

GO = "localhost/mcp-servers/go-sdk:1.8.0"
METRICS = "/apis/metrics.k8s.io/v1beta1"
# A server that may use twice what it asks for, and is to use half of that.
SPEC = {
    "image": GO,
    "args": ["--stateless"],
    "resources": {"requests": {"cpu": "50m", "memory": "32Mi"}, "limits": {"cpu": "100m", "memory": "128Mi"}},
}
HPA = {
    "enabled": True,
    "maxReplicas": 3,
    "targetCPUUtilizationPercentage": 50,
    "scaleUpBehavior": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max"},
    "scaleDownBehavior": {
        "stabilizationWindowSeconds": 5,
        "policies": [{"type": "Pods", "value": 2, "periodSeconds": 15}],
    },
}


@pytest.fixture(scope="module")
def metrics(client):
    if not cluster.found(client, METRICS):
        cluster.tool("tests/cluster", "up", "--metrics")
    cluster.until("the metrics of Pods are served", lambda: cluster.found(client, METRICS), 60)


class Replicas:
    """How many a Deployment was to have, over time."""

    def __init__(self, server):
        self._server, self._began = server, time.monotonic()
        self.seen: list[tuple[int, int]] = []

    def now(self):
        found = self._server.child("Deployment")["spec"]["replicas"]
        if not self.seen or self.seen[-1][1] != found:
            self.seen.append((round(time.monotonic() - self._began), found))
        return found

    def become(self, number, timeout):
        cluster.until(f"there are {number} replicas: {self.seen}", lambda: self.now() == number, timeout)


@pytest.mark.test_all
def test_load_makes_it_scale_out_and_back_and_its_number_stays_when_it_goes(make, metrics) -> None:
    server = make(**SPEC, hpa=HPA)
    server.becomes("Running", "Validated")
    replicas = Replicas(server)
    assert replicas.now() == 1
    address = server.child("Service")["spec"]["clusterIP"]
    with calling(f"http://{address}:8080", clients=8) as calls:
        replicas.become(3, 180)
        server.becomes("Running", "Validated")
        server.apply(**SPEC)
        cluster.until("the autoscaler is gone", lambda: server.child("HorizontalPodAutoscaler") is None)
        kept = [replicas.now() for _turn in range(20)]
        assert server.read()["spec"]["replicas"] == 3
        server.becomes("Running", "Validated")
        kept.append(replicas.now())
    assert set(kept) == {3}
    server.apply(**SPEC, hpa=HPA)
    replicas.become(1, 240)
    print("replicas over time (s, number):", replicas.seen, calls)
    assert calls["failures"] == []
    cluster.until(
        "the status says so", lambda: (server.status["replicas"], server.status["readyReplicas"]) == (1, 1), 60
    )
    server.becomes("Running", "Validated")
