# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Certificates that a compromised operator may not request: for other Secrets, of authorities, for other users."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names

from support import cluster
from support.rendered import RENDERER, objects_of

Item = dict[str, Any]
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
KIND = ("cert-manager.io/v1", "Certificate")
NAME = "certificates.cert-manager.io"
# What admission sees of cert-manager; no controller issues anything.
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": NAME},
    "spec": {
        "group": "cert-manager.io",
        "scope": "Namespaced",
        "names": {"kind": "Certificate", "plural": "certificates", "singular": "certificate"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}
OTHER = "may not request certificates for other Services"
ONLY = "only request certificates for the Secret of the MCPServer"


@pytest.fixture(scope="module")
def certificates(client: Client) -> Iterator[None]:
    """Serve the kind while the tests of this file run."""
    path = f"{CRDS}/{NAME}"
    client.request("POST", CRDS, what="make the kind", body=CRD)
    try:
        cluster.until("the kind is served", lambda: established(client.request("GET", path, what="read the kind")), 30)
        yield
    finally:
        client.request("DELETE", path, what="delete the kind")


def established(crd: Item) -> bool:
    conditions = (crd.get("status") or {}).get("conditions") or []
    return any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)


@pytest.fixture
def certificate(certificates: None, operator: Client, mcpserver: Callable[..., Item]) -> Item:
    server = mcpserver("issued", tls={"issuerRef": {"name": "ca"}})
    return copy.deepcopy(objects_of(server)["Certificate"])


def test_its_own_certificate_passes_and_goes_with_the_issuer(certificates: None, operator: Client, mcpserver) -> None:
    applier = Applier(operator, RENDERER)

    def present(**spec: Any) -> Item | None:
        server = mcpserver("own", **spec)
        applier.present(server, LiveState(operator, lambda _before, _after: None))
        return operator.find(*KIND, server["metadata"]["namespace"], "own")

    made = present(tls={"issuerRef": {"name": "ca"}})
    assert made is not None
    assert made["spec"]["secretName"] == "own-tls"
    assert present(tls={"secretName": "mine"}) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"secretName": "database"}, ONLY),
        ({"isCA": True}, ONLY),
        ({"commonName": "system:masters"}, ONLY),
        ({"secretTemplate": {"labels": {"a": "b"}}}, ONLY),
        ({"dnsNames": ["kubernetes.default.svc"]}, OTHER),
        ({"dnsNames": ["issued.other.svc.cluster.local"]}, OTHER),
        ({"dnsNames": ["kubernetes"]}, OTHER),
    ],
)
def test_it_requests_no_other_certificate(certificate: Item, refuses, change: Item, why: str) -> None:
    certificate["spec"].update(change)
    refuses(certificate, why)


def test_it_requests_none_of_another_name(certificate: Item, refuses) -> None:
    certificate["metadata"]["name"] = "database"
    refuses(certificate, "may only write objects that are named after their MCPServer")


def test_it_requests_none_without_an_mcpserver(certificate: Item, refuses) -> None:
    certificate["metadata"]["ownerReferences"] = []
    refuses(certificate, "may only write objects with its label that an MCPServer controls")


def test_a_certificate_of_a_user_is_not_changed(certificate: Item, client: Client, refuses) -> None:
    users = copy.deepcopy(certificate)
    users["metadata"] = {"name": certificate["metadata"]["name"], "namespace": certificate["metadata"]["namespace"]}
    client.apply(users, field_manager="tests")
    try:
        refuses(certificate, "may not change or delete an object that is not its own")
    finally:
        found = client.find(*KIND, users["metadata"]["namespace"], users["metadata"]["name"])
        assert found is not None
        assert names.INSTANCE_LABEL not in (found["metadata"].get("labels") or {})
        client.delete(*KIND, users["metadata"]["namespace"], users["metadata"]["name"], uid=found["metadata"]["uid"])
