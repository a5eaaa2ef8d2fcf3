# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The collection under the real program ansible-operator, whose proxy stands between a run and the API server."""

from __future__ import annotations

from collections import Counter

import pytest

from support import cluster
from support.ansible_operator_process import ansible_operator
from support.mcpservers import KEY, Servers

COLLECTIONS = cluster.ROOT / ".cache" / "collections"
# A run takes about ten seconds of a core that nothing else uses.
SECONDS = 120

pytestmark = pytest.mark.test_all


@pytest.fixture
def running(kubeconfig, crd, namespace, tmp_path):
    options = {"kubeconfig": kubeconfig, "namespace": namespace, "collections": COLLECTIONS}
    with ansible_operator(tmp_path, **options) as operator:
        yield operator


def test_an_mcpserver_reaches_its_status_and_each_run_succeeds(running, client, namespace):
    servers = Servers(client, namespace)
    for generation in range(1, 4):
        servers.apply("wikipedia", image=f"registry.example.com/server:{generation}")

        def is_observed(generation=generation):
            status = client.get(*KEY, namespace, "wikipedia").get("status") or {}
            return status.get("observedGeneration") == generation and status["phase"] == "Running"

        try:
            cluster.until(f"generation {generation} is observed", is_observed, SECONDS)
            # A change of the Deployment starts another run, which can begin before the MCPServer's own change.
            servers.right(SECONDS)
        except AssertionError:
            print(running.output[-4000:])
            raise
    cluster.until("three runs have ended", lambda: running.runs() >= 3, SECONDS)
    errors = [entry for entry in running.entries() if entry["level"] == "error"]
    # Each run looks for a Certificate to delete, which the proxy logs as an error without cert-manager.
    assert [entry for entry in errors if entry["msg"] != "Cache miss, can not find in rest mapper"] == []
    assert len(errors) <= running.runs(), errors
    reads = Counter(str(entry.get("resource")) for entry in running.entries() if "from cache" in entry["msg"])
    assert max(reads.values()) < 20, reads
