# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import server as workload

from support.rendered import objects_of

STREAMABLE = {"serverPath": "/api/mcp", "protocol": "streamable-http"}
SSE = {"serverPath": "/sse", "protocol": "sse"}


def server(*integrations, exposure=STREAMABLE, **spec):
    expose = {"parentRefs": [{"name": "shared"}], "integrations": list(integrations)}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 1},
        "spec": {"image": "wiki:1", "expose": expose, "service": {"port": 8000}, **spec},
        "status": {"exposure": exposure},
    }


def service(*arguments, **more):
    return objects_of(server(*arguments, **more))["Service"]


def test_nothing_is_added_by_default():
    plain = service()
    assert "appProtocol" not in plain["spec"]["ports"][0]
    assert "annotations" not in plain["metadata"]
    assert not any("kagent" in label for label in plain["metadata"]["labels"])


@pytest.mark.parametrize(("exposure", "expected"), [(STREAMABLE, "mcp"), (SSE, "mcp-sse")])
def test_the_port_says_the_detected_transport(exposure, expected):
    found = service("agentgateway", exposure=exposure)
    assert found["spec"]["ports"][0]["appProtocol"] == f"agentgateway.dev/{expected}"
    assert found["metadata"]["annotations"] == {"agentgateway.dev/mcp-path": exposure["serverPath"]}


@pytest.mark.parametrize(("exposure", "expected"), [(STREAMABLE, "STREAMABLE_HTTP"), (SSE, "SSE")])
def test_agents_of_kagent_find_the_service(exposure, expected):
    found = service("kagent", exposure=exposure)["metadata"]
    assert found["labels"]["kagent.dev/mcp-service"] == "true"
    assert found["annotations"] == {
        "kagent.dev/mcp-service-path": exposure["serverPath"],
        "kagent.dev/mcp-service-port": "8000",
        "kagent.dev/mcp-service-protocol": expected,
    }


def test_a_server_that_has_not_passed_is_not_found():
    assert service("agentgateway", "kagent", exposure={}) == service(exposure={})


def registered(exposure=STREAMABLE, **more):
    made = server(exposure=exposure)
    made["spec"]["expose"].update(kuadrant={"prefix": "wiki_"}, **more)
    return made


def test_the_route_is_registered_with_kuadrant():
    found = objects_of(registered())["MCPServerRegistration"]
    assert found["spec"] == {
        "targetRef": {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "wiki"},
        "path": "/api/mcp",
        "prefix": "wiki_",
    }
    assert found["metadata"]["ownerReferences"][0]["controller"] is True


def test_no_other_server_is_registered():
    assert "MCPServerRegistration" not in objects_of(registered({}))
    assert "MCPServerRegistration" not in objects_of(server())


def test_a_registered_route_needs_the_path_of_the_server():
    [text] = workload.warnings(registered(path="/wiki"))
    assert "spec.expose.path" in text
    assert len(text) <= 120, "the result of a run cuts it"
    assert workload.warnings(registered()) == []


def routed_by_envoy(exposure=STREAMABLE, **more):
    made = server(exposure=exposure)
    made["spec"]["expose"].update({"envoyAIGateway": {}, **more})
    return made


def test_envoy_ai_gateway_gets_an_mcproute():
    found = objects_of(routed_by_envoy())["MCPRoute"]
    assert found["apiVersion"] == "aigateway.envoyproxy.io/v1beta1"
    assert found["spec"] == {
        "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "shared"}],
        "path": "/mcp/wiki",
        "backendRefs": [{"group": "", "kind": "Service", "name": "wiki", "port": 8000, "path": "/api/mcp"}],
    }
    assert found["metadata"]["ownerReferences"][0]["controller"] is True


def test_the_path_of_the_mcproute_can_be_set():
    found = objects_of(routed_by_envoy(envoyAIGateway={"path": "/tools"}))["MCPRoute"]
    assert found["spec"]["path"] == "/tools"


def test_an_mcproute_has_the_gateways_of_its_namespace_only():
    both = [{"name": "far", "namespace": "gateways"}, {"name": "near", "sectionName": "https"}]
    [parent] = objects_of(routed_by_envoy(parentRefs=both))["MCPRoute"]["spec"]["parentRefs"]
    assert (parent["name"], parent["sectionName"]) == ("near", "https")


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (routed_by_envoy(SSE), "HTTP+SSE"),
        (routed_by_envoy(parentRefs=[{"name": "far", "namespace": "gateways"}]), "namespace"),
    ],
)
def test_what_envoy_ai_gateway_cannot_serve_gets_none_and_a_warning(made, text):
    assert "MCPRoute" not in objects_of(made)
    [warning] = workload.warnings(made)
    assert text in warning
    assert len(warning) <= 120, "the result of a run cuts it"


def test_no_other_server_gets_an_mcproute():
    assert "MCPRoute" not in objects_of(routed_by_envoy({}))
    assert "MCPRoute" not in objects_of(server())


def test_an_mcproute_with_the_path_of_the_httproute_is_warned_about():
    same = {"envoyAIGateway": {"path": "/api/mcp"}}
    [warning] = workload.warnings(routed_by_envoy(**same))
    assert "envoyAIGateway.path" in warning
    assert len(warning) <= 120, "the result of a run cuts it"
    assert workload.warnings(routed_by_envoy(**same, hostnames=["wiki.example.com"])) == []
    assert workload.warnings(routed_by_envoy()) == []


def test_the_manifest_overrides_annotations():
    own = {"port": 8000, "annotations": {"kagent.dev/mcp-service-path": "/other"}}
    assert service("kagent", service=own)["metadata"]["annotations"]["kagent.dev/mcp-service-path"] == "/other"


def test_servers_with_tls_are_not_found_and_a_warning_says_so():
    secured = {"tls": {"secretName": "cert"}}
    found = service("agentgateway", "kagent", **secured)
    assert found["spec"]["ports"][0]["appProtocol"] == "https"
    assert "kagent.dev/mcp-service" not in found["metadata"]["labels"]
    [text] = [one for one in workload.warnings(server("kagent", **secured)) if "integrations" in one]
    assert "without TLS" in text
    assert not any("integrations" in one for one in workload.warnings(server("kagent")))
