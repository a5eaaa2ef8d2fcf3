# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The Jobs that try the NetworkPolicies of many MCPServers at the same time."""

from __future__ import annotations

import datetime as dt
import threading

from mcp_operator.cluster.store import Key
from mcp_operator.validation.network_proof import NetworkProofs

NOW = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
POD = {"metadata": {"labels": {"pod-template-hash": "a"}}, "status": {"podIP": "10.0.0.1"}}


class Lister:
    """Each MCPServer has a NetworkPolicy, and no Job ends."""

    def network_policy(self, _key, _server):
        return {"state": "1", "metadata": {}}

    def jobs(self, _server):
        return []


class Client:
    def __init__(self):
        self.jobs = []

    def find(self, *_place):
        return None

    def create(self, item, *, field_manager):
        if item["kind"] == "Job":
            self.jobs.append((item["metadata"]["namespace"], field_manager))


def test_not_all_are_tried_at_once():
    client, created = Client(), threading.Semaphore(0)
    proofs = NetworkProofs(client, Lister(), "operator:1", lambda _key: created.release())
    again = []
    for number in range(30):
        meta = {"name": f"s{number}", "namespace": f"team-{number % 15}", "uid": f"uid-{number}"}
        key = Key("servers", meta["namespace"], meta["name"])
        server = {"metadata": meta, "spec": {"image": "i"}}
        again.append(proofs.prove(key, server, [POD], NOW, validated=True)[1])
    for _job in range(10):
        assert created.acquire(timeout=10)
    proofs.stop()
    assert len(client.jobs) == 10
    assert [seconds for seconds in again if seconds != 600.0] == [60.0] * 20
