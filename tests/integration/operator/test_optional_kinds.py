# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Informers and a kind whose CustomResourceDefinition comes, goes and comes back."""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound, KubeError
from mcp_operator._vendor._kube.client import Client
from mcp_operator.cluster.informers import Informers
from mcp_operator.cluster.source import Source
from mcp_operator.cluster.store import Store
from mcp_operator.watches.definition import GroupVersionKind

from support import cluster

from .conftest import TIMING

GROUP = "optional.example.com"
DEFINITIONS = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/toys.{GROUP}"
SCHEMA = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"toys.{GROUP}"},
    "spec": {
        "group": GROUP,
        "scope": "Namespaced",
        "names": {"kind": "Toy", "plural": "toys"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": SCHEMA}],
    },
}
QUERY = {"fieldManager": "tests", "force": "true"}


@pytest.fixture
def define(client):
    def apply():
        client.request("PATCH", DEFINITIONS, what="define a kind", body=ApplyPatch(DEFINITION), query=QUERY)

    yield apply
    with contextlib.suppress(ApiNotFound):
        client.request("DELETE", DEFINITIONS, what="remove a kind")


@pytest.fixture
def make(client, namespace):
    """Make an object as soon as the API server serves its kind."""

    def created(name):
        body = {"apiVersion": f"{GROUP}/v1", "kind": "Toy", "metadata": {"name": name}}
        path = f"/apis/{GROUP}/v1/namespaces/{namespace}/toys"
        with contextlib.suppress(KubeError):
            return client.request("POST", path, what="make an object", body=body)
        return None

    return lambda name: cluster.until(f"{name} is made", lambda: created(name))


@pytest.fixture
def informers(testbed):
    made = Informers(Client({"kubeconfig": testbed.kubeconfig}), Store(), timing=TIMING)
    yield made
    made.stop()


def names(informers):
    keys = informers.store.keys()
    return sorted(key.name for key in keys)


def test_objects_come_and_go_with_the_definition_of_their_kind(client, define, make, informers):
    informers.add(Source(id="Toy", gvk=GroupVersionKind(GROUP, "v1", "Toy"), optional=True))
    # Nothing waits for a kind that the API server does not serve.
    assert informers.wait(10)
    define()
    make("a")
    cluster.until("the object is known", lambda: names(informers) == ["a"])
    client.request("DELETE", DEFINITIONS, what="remove a kind")
    cluster.until("the object is forgotten", lambda: not names(informers))
    cluster.until("the kind is gone", lambda: not cluster.found(client, DEFINITIONS))
    define()
    make("b")
    cluster.until("the new object is known", lambda: names(informers) == ["b"])
    assert informers.unready() == []
