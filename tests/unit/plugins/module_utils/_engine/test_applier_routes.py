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


# What a field adds: its value, the group and plural of the kind, and the key of the object.
ADDED = {
    "kuadrant": ("/apis/mcp.kuadrant.io/v1", "mcpserverregistrations", "MCPServerRegistration.v1.mcp.kuadrant.io/a"),
    "envoyAIGateway": (
        "/apis/aigateway.envoyproxy.io/v1beta1",
        "mcproutes",
        "MCPRoute.v1beta1.aigateway.envoyproxy.io/a",
    ),
}


def added(field):
    return {**server(expose={**EXPOSE, field: {}}), "status": VALIDATED}


@pytest.mark.parametrize("field", ADDED)
def test_what_a_field_adds_comes_and_goes_with_it(api, applier, state, field):  # noqa: F811
    group, plural, key = ADDED[field]
    api.groups[group] = [plural]
    applier.present(added(field), state())
    assert key in api.objects
    applier.present(exposed(), state())
    assert key not in api.objects
    assert ROUTE in api.objects


@pytest.mark.parametrize("field", ADDED)
def test_without_a_validation_what_a_field_added_remains(api, applier, state, field):  # noqa: F811
    group, plural, key = ADDED[field]
    api.groups[group] = [plural]
    applier.present(added(field), state())
    applier.present({**added(field), "status": {}}, state())
    assert key in api.objects


@pytest.mark.parametrize("field", ADDED)
@pytest.mark.parametrize("forbidden", [True, False])
def test_a_missing_kind_or_permission_is_a_warning(api, applier, state, monkeypatch, forbidden, field):  # noqa: F811
    group, plural, key = ADDED[field]
    kind = key.partition(".")[0]
    apply = api.apply

    def refuse(body, **more):
        if body["kind"] == kind:
            raise ApiForbidden("no right")
        return apply(body, **more)

    monkeypatch.setattr(api, "apply", refuse)
    if forbidden:
        api.groups[group] = [plural]
    known = state()
    applier.present(added(field), known)
    [text] = known.warnings
    assert f"spec.expose.{field}" in text
    assert (f"{field}.enable" if forbidden else f"{kind}s") in text
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
