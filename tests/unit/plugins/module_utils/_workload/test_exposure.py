# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import exposure
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

from support.rendered import objects_of

EXPOSE = {"parentRefs": [{"name": "shared", "namespace": "gateways"}], "hostnames": ["Wiki.example.com"]}
VALIDATED = {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}}
SSE = {"exposure": {"serverPath": "/sse", "protocol": "sse"}}


def server(expose=EXPOSE, status=VALIDATED, **spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 2},
        "spec": {"image": "wiki:1", **({} if expose is None else {"expose": expose}), **spec},
        "status": status,
    }


def rule(of):
    (only,) = objects_of(of)["HTTPRoute"]["spec"]["rules"]
    return only


def test_there_is_no_route_before_the_server_passed():
    assert "HTTPRoute" not in objects_of(server(status={}))


def test_a_server_that_is_not_validated_gets_its_route_at_once():
    found = objects_of(
        server(status={}, validation={"enabled": False}, transport={"config": {"http": {"path": "/api"}}})
    )
    assert found["HTTPRoute"]["spec"]["rules"][0]["matches"] == [{"path": {"type": "Exact", "value": "/api"}}]


def test_a_server_that_is_not_exposed_has_no_route():
    assert not {"HTTPRoute", "BackendTLSPolicy"} & set(objects_of(server(expose=None)))


def test_the_route_exposes_the_endpoint_and_keeps_streams_open():
    route = objects_of(server())["HTTPRoute"]
    assert route["metadata"]["name"] == "wiki"
    assert route["metadata"]["ownerReferences"][0]["controller"] is True
    assert route["spec"]["hostnames"] == ["wiki.example.com"]
    (parent,) = route["spec"]["parentRefs"]
    assert parent == {
        "group": "gateway.networking.k8s.io",
        "kind": "Gateway",
        "name": "shared",
        "namespace": "gateways",
    }
    assert rule(server()) == {
        "matches": [{"path": {"type": "Exact", "value": "/mcp"}}],
        "filters": [{"type": "URLRewrite", "urlRewrite": {"hostname": "wiki.team.svc"}}],
        "backendRefs": [{"group": "", "kind": "Service", "name": "wiki", "port": 8080, "weight": 1}],
        "timeouts": {"request": "0s"},
    }


def test_another_path_is_rewritten():
    (filter_,) = rule(server({**EXPOSE, "path": "/wiki"}))["filters"]
    assert filter_["urlRewrite"]["path"] == {"type": "ReplaceFullPath", "replaceFullPath": "/mcp"}
    assert rule(server({**EXPOSE, "path": "/wiki"}))["matches"] == [{"path": {"type": "Exact", "value": "/wiki"}}]


def test_without_host_names_the_host_header_stays():
    """The route would pass every name on, so rewriting it would make DNS rebinding possible."""
    assert "filters" not in rule(server({"parentRefs": EXPOSE["parentRefs"]}))


def test_messages_of_http_sse_pass():
    assert rule(server(status=SSE))["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]


def test_a_path_that_http_sse_cannot_have_is_a_warning():
    (text,) = exposure.warnings(server({**EXPOSE, "path": "/wiki"}, SSE))
    assert "HTTP+SSE" in text
    assert exposure.warnings(server({**EXPOSE, "path": "/wiki"})) == []


@pytest.mark.parametrize(
    ("tls", "references"),
    [
        ({"secretName": "cert"}, {"caCertificateRefs": [{"group": "", "kind": "Secret", "name": "cert"}]}),
        (
            {"secretName": "cert", "caConfigMapRef": {"name": "ca", "key": "ca.crt"}},
            {"caCertificateRefs": [{"group": "", "kind": "ConfigMap", "name": "ca"}]},
        ),
    ],
)
def test_the_gateway_verifies_the_certificate_of_the_server(tls, references):
    policy = objects_of(server(tls=tls))["BackendTLSPolicy"]
    assert policy["spec"] == {
        "targetRefs": [{"group": "", "kind": "Service", "name": "wiki", "sectionName": "http"}],
        "validation": {"hostname": "wiki.team.svc", **references},
    }


def test_a_certificate_of_a_known_authority_is_verified_with_those_of_the_gateway():
    own = objects_of(server(transport={"config": {"http": {"tls": {}}}}))["BackendTLSPolicy"]
    assert own["spec"]["validation"]["wellKnownCACertificates"] == "System"


def test_there_is_no_policy_for_plain_http():
    assert "BackendTLSPolicy" not in objects_of(server())


@pytest.mark.parametrize("state", ["Validated", "AuthRequired"])
def test_the_path_that_validation_found_is_recorded(state):
    found = {"state": state, "endpoint": "http://wiki.team.svc:8080/api/mcp", "protocol": "streamable-http"}
    assert exposure.observed(server(status={}), found) == {"serverPath": "/api/mcp", "protocol": "streamable-http"}


@pytest.mark.parametrize("state", ["Failed", "Pending", "Validating"])
def test_a_later_failure_keeps_the_route(state):
    failed = server(status={"exposure": exposure.observed(server(), {"state": state, "endpoint": "http://x/other"})})
    assert objects_of(failed)["HTTPRoute"] == objects_of(server())["HTTPRoute"]


def test_a_server_that_has_never_passed_has_no_route():
    assert exposure.observed(server(status={}), {"state": "Failed"}) == {}


@pytest.mark.parametrize(
    "expose", [{}, {"parentRefs": []}, {"parentRefs": [{}]}, {"parentRefs": "shared"}, {**EXPOSE, "hostnames": "a"}]
)
def test_what_the_schema_refuses_is_an_error_in_a_cluster_without_it(expose):
    with pytest.raises(ManifestError):
        exposure.route(server(expose))
