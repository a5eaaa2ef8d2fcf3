# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Pod serves while Argo Rollouts or Flagger replaces the Pods."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.serving_pod import serving_pod
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import NoServingPod

READY = {"conditions": [{"type": "Ready", "status": "True"}]}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}


def item(kind, name, owner=None, **fields):
    owners = [{"kind": owner[0], "name": owner[1], "uid": owner[2], "controller": True}] if owner else []
    meta = {"name": name, "namespace": "team", "uid": f"u-{name}", "ownerReferences": owners}
    return {"kind": kind, "metadata": meta, **fields}


class FakeClient:
    def __init__(self, *items):
        self.items = {(found["kind"], found["metadata"]["name"]): found for found in items}

    def find(self, _version, kind, _namespace, name):
        return self.items.get((kind, name))

    def list(self, _version, kind, _namespace, **_selectors):
        return [found for (one, _name), found in self.items.items() if one == kind]


def server(manager):
    meta = {"name": "wiki", "namespace": "team", "uid": "u-server"}
    return {"metadata": meta, "spec": {"rollout": {"managedBy": manager}}}


OWN = item("Deployment", "wiki", ("MCPServer", "wiki", "u-server"), spec={"replicas": 0})


def pods(owner):
    return [
        item("ReplicaSet", "set", owner),
        item("Pod", "a", ("ReplicaSet", "set", "u-set"), status={}),
        item("Pod", "b", ("ReplicaSet", "set", "u-set"), status=READY),
        item("Pod", "forged", ("ReplicaSet", "set", "u-other"), status=READY),
    ]


def test_a_ready_pod_of_the_rollout_serves():
    rollout = item("Rollout", "wiki", spec={"workloadRef": DEPLOYMENT})
    client = FakeClient(OWN, rollout, *pods(("Rollout", "wiki", "u-wiki")))
    assert serving_pod(client, server("argo-rollouts"))["metadata"]["name"] == "b"


def test_a_ready_pod_of_the_primary_deployment_serves():
    primary = item("Deployment", "wiki-primary", ("Canary", "wiki", "u-canary"))
    client = FakeClient(OWN, primary, *pods(("Deployment", "wiki-primary", "u-wiki-primary")))
    assert serving_pod(client, server("flagger"))["metadata"]["name"] == "b"


@pytest.mark.parametrize(
    ("manager", "other"),
    [
        ("argo-rollouts", item("Rollout", "wiki", spec={"workloadRef": {**DEPLOYMENT, "name": "other"}})),
        ("flagger", item("Deployment", "wiki-primary", ("MCPServer", "wiki-primary", "u-other"))),
        ("flagger", item("Deployment", "wiki-primary")),
    ],
)
def test_pods_of_something_else_do_not(manager, other):
    owner = (other["kind"], other["metadata"]["name"], other["metadata"]["uid"])
    with pytest.raises(NoServingPod, match="scaled to zero"):
        serving_pod(FakeClient(OWN, other, *pods(owner)), server(manager))
