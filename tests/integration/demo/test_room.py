# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The end-to-end tests stop the demo's Pods and start them again."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster, demo


@pytest.fixture
def deployment(client, namespace):
    """Return how to read a Deployment of two Pods in a namespace that is labelled as the demo's."""
    path = f"/api/v1/namespaces/{namespace}"
    labels = {"metadata": {"labels": {demo.LABEL: "test"}}}
    client.request("PATCH", path, what="label a namespace", body=MergePatch(labels))
    restricted = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = {"name": "c", "image": "registry.example.com/none:1", "securityContext": restricted}
    template = {"metadata": {"labels": {"app": "demo"}}, "spec": {"containers": [container]}}
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "demo", "namespace": namespace},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "demo"}}, "template": template},
    }
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    client.request("POST", path, what="make a Deployment", body=body)
    return lambda: client.get("apps/v1", "Deployment", namespace, "demo")


def test_the_namespace_is_found_by_its_label(client, namespace, deployment):
    assert namespace in demo.namespaces_of_demos(client)


def test_stopped_twice_and_started_it_has_as_many_pods_as_before(client, namespace, deployment):
    def pods():
        return len(list(client.list("v1", "Pod", namespace)))

    cluster.until("two Pods", lambda: pods() == 2)
    for _time in range(2):
        demo.stop(client, namespace)
        assert (deployment()["spec"]["replicas"], pods()) == (0, 0)
    for _time in range(2):
        demo.start(client, namespace)
        assert deployment()["spec"]["replicas"] == 2
        assert demo.REPLICAS not in (deployment()["metadata"].get("annotations") or {})
    cluster.until("two Pods again", lambda: pods() == 2)
