# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Routes that a compromised operator may not write: to other Services, with other filters, or without an owner."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import lax_kinds
from support.rendered import objects_of

Item = dict[str, Any]
API = "gateway.networking.k8s.io/v1"
ONLY = "may only write routes to the Service of the MCPServer"
EXPOSE = {
    "parentRefs": [{"name": "shared"}],
    "hostnames": ["wiki.example.com"],
    "kuadrant": {},
    "envoyAIGateway": {},
}
KINDS = ["HTTPRoute", "BackendTLSPolicy", "MCPServerRegistration", "MCPRoute"]
VALIDATED = {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}}


@pytest.fixture(scope="module")
def routes(client: Client) -> Iterator[None]:
    """Serve the kinds while the tests of this file run. Only admission sees the objects."""
    others = (("mcp.kuadrant.io/v1", "MCPServerRegistration"), ("aigateway.envoyproxy.io/v1beta1", "MCPRoute"))
    with lax_kinds.served(client, (API, "HTTPRoute"), (API, "BackendTLSPolicy"), *others):
        yield


@pytest.fixture
def objects(routes: None, operator: Client, mcpserver: Callable[..., Item]) -> dict[str, Item]:
    secured = mcpserver("exposed", expose=EXPOSE, tls={"secretName": "cert"})
    return copy.deepcopy(objects_of({**secured, "status": VALIDATED}))


def test_its_own_objects_pass(objects: dict[str, Item], operator: Client) -> None:
    for kind in KINDS:
        assert operator.apply(objects[kind], field_manager="mcp-operator", dry_run=True)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "database"},
        {"namespace": "kube-system"},
        {"kind": "Secret"},
        {"group": "example.com"},
        {"filters": [{"type": "RequestMirror"}]},
    ],
    ids=str,
)
def test_the_route_leads_to_no_other_backend(objects: dict[str, Item], refuses, change: Item) -> None:
    route = objects["HTTPRoute"]
    route["spec"]["rules"][0]["backendRefs"][0].update(change)
    refuses(route, ONLY)


@pytest.mark.parametrize("kind", ["RequestMirror", "RequestRedirect", "ExtensionRef", "RequestHeaderModifier"])
def test_the_route_has_no_other_filter(objects: dict[str, Item], refuses, kind: str) -> None:
    route = objects["HTTPRoute"]
    route["spec"]["rules"][0]["filters"].append({"type": kind})
    refuses(route, ONLY)


def test_the_certificate_of_another_service_is_not_described(objects: dict[str, Item], refuses) -> None:
    policy = objects["BackendTLSPolicy"]
    policy["spec"]["targetRefs"][0]["name"] = "database"
    refuses(policy, "may only describe the certificate of the Service of the MCPServer")


@pytest.mark.parametrize(
    "change",
    [
        {"targetRef": {"name": "database"}},
        {"targetRef": {"name": "exposed", "namespace": "kube-system"}},
        {"targetRef": {"name": "exposed", "kind": "Service"}},
        {"credentialRef": {"name": "token"}},
        {"tokenURLElicitation": {"url": "https://attacker.example"}},
    ],
    ids=str,
)
def test_it_registers_no_other_route_and_no_credentials(objects: dict[str, Item], refuses, change: Item) -> None:
    found = objects["MCPServerRegistration"]
    found["spec"].update(change)
    refuses(found, "may only register the route of the MCPServer, without credentials")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "database"},
        {"namespace": "kube-system"},
        {"kind": "Backend"},
        {"group": "gateway.envoyproxy.io"},
        {"securityPolicy": {"apiKey": {"secretRef": {"name": "token"}}}},
        {"forwardHeaders": [{"name": "Authorization"}]},
    ],
    ids=str,
)
def test_the_mcproute_leads_to_no_other_backend(objects: dict[str, Item], refuses, change: Item) -> None:
    route = objects["MCPRoute"]
    route["spec"]["backendRefs"][0].update(change)
    refuses(route, "may only write MCPRoutes to the Service of the MCPServer, without credentials")


def test_it_writes_none_without_an_mcpserver(objects: dict[str, Item], refuses) -> None:
    objects["HTTPRoute"]["metadata"]["ownerReferences"] = []
    refuses(objects["HTTPRoute"], "may only write objects with its label that an MCPServer controls")


@pytest.mark.parametrize("kind", KINDS)
def test_it_invents_no_owner(objects: dict[str, Item], refuses, kind: str) -> None:
    objects[kind]["metadata"]["ownerReferences"][0]["uid"] = "00000000-0000-0000-0000-000000000000"
    refuses(objects[kind], "the owner reference has not the uid of the MCPServer")
