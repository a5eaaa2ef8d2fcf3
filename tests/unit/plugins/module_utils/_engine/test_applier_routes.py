# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The route of an exposed server comes with its validation, and goes with ``spec.expose`` only."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiNotFound, KubeError

from .test_applier import api, applier, server, state  # noqa: F401 - fixtures

ROUTE = "HTTPRoute.v1.gateway.networking.k8s.io/a"
POLICY = "BackendTLSPolicy.{}.gateway.networking.k8s.io/a"
EXPOSE = {"parentRefs": [{"name": "shared"}]}
VALIDATED = {"exposure": {"serverPath": "/mcp"}}


@pytest.fixture(autouse=True)
def served(api):  # noqa: F811
    api.groups["/apis/gateway.networking.k8s.io/v1"] = ["gateways", "httproutes"]
    api.groups["/apis/gateway.networking.k8s.io/v1alpha3"] = ["backendtlspolicies"]


def exposed(status=VALIDATED, **spec):
    return {**server(expose=EXPOSE, **spec), "status": status}


def test_the_route_goes_with_the_field(api, applier, state):  # noqa: F811
    applier.present(exposed(), state())
    assert ROUTE in api.objects
    applier.present(server(), state())
    assert ROUTE not in api.objects


def test_without_a_validation_a_route_is_neither_created_nor_deleted(api, applier, state):  # noqa: F811
    applier.present(exposed({}), state())
    assert ROUTE not in api.objects
    applier.present(exposed(), state())
    applier.present(exposed({}), state())
    assert ROUTE in api.objects


KUADRANT, REGISTRATION = "/apis/mcp.kuadrant.io/v1", "MCPServerRegistration.v1.mcp.kuadrant.io/a"
REGISTERED = {"expose": {**EXPOSE, "kuadrant": {}}}


def test_the_registration_comes_and_goes_with_the_field(api, applier, state):  # noqa: F811
    api.groups[KUADRANT] = ["mcpserverregistrations"]
    applier.present({**server(**REGISTERED), "status": VALIDATED}, state())
    assert REGISTRATION in api.objects
    applier.present(exposed(), state())
    assert REGISTRATION not in api.objects
    assert ROUTE in api.objects


@pytest.mark.parametrize("forbidden", [True, False])
def test_without_the_kind_or_the_permission_a_warning_says_so(api, applier, state, monkeypatch, forbidden):  # noqa: F811
    apply = api.apply

    def refuse(body, **more):
        if body["kind"] == "MCPServerRegistration":
            raise ApiForbidden("no right")
        return apply(body, **more)

    monkeypatch.setattr(api, "apply", refuse)
    if forbidden:
        api.groups[KUADRANT] = ["mcpserverregistrations"]
    known = state()
    applier.present({**server(**REGISTERED), "status": VALIDATED}, known)
    [text] = known.warnings
    assert ("kuadrant.enable" if forbidden else "no MCPServerRegistrations") in text
    assert len(text) <= 120, "the result of a run cuts it"
    assert ROUTE in api.objects


@pytest.mark.parametrize("version", ["v1", "v1alpha3"])
def test_the_policy_has_the_version_of_the_cluster(api, applier, state, version):  # noqa: F811
    if version == "v1":
        api.groups["/apis/gateway.networking.k8s.io/v1"].append("backendtlspolicies")
    applier.present(exposed(tls={"secretName": "cert"}), state())
    assert POLICY.format(version) in api.objects
    applier.present(exposed(), state())
    assert POLICY.format(version) not in api.objects
    assert ROUTE in api.objects


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ApiNotFound("no kind"), "the Gateway API"),
        (ApiForbidden("no right"), "gatewayAPI.enable"),
        (KubeError(".spec.rules[0].sessionPersistence: field not declared in schema"), "the experimental channel"),
    ],
)
def test_what_is_missing_is_named(api, applier, state, monkeypatch, error, text):  # noqa: F811
    apply = api.apply

    def refuse(body, **more):
        if body["kind"] == "HTTPRoute":
            raise error
        return apply(body, **more)

    monkeypatch.setattr(api, "apply", refuse)
    with pytest.raises(KubeError, match=text):
        applier.present(exposed(), state())
