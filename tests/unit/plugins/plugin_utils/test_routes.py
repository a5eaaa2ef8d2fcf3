# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The route of a server that ``deploy`` has validated."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import exposure
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._routes import Routes

from support.rendered import RENDERER

from ..module_utils._engine.test_applier import Api

EXPOSE = {"parentRefs": [{"name": "shared"}], "hostnames": ["wiki.example.com"]}
VALIDATED = {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}}
ROUTE = "HTTPRoute.v1.gateway.networking.k8s.io/wiki"


@pytest.fixture
def api():
    made = Api()
    made.groups["/apis/gateway.networking.k8s.io/v1"] = ["gateways", "httproutes", "backendtlspolicies"]
    return made


def server(status=VALIDATED, **spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 1},
        "spec": {"image": "wiki:1", "expose": EXPOSE, **spec},
        "status": status,
    }


def routes(api, *, dry_run=False):
    return Routes(api, Applier(api, RENDERER), dry_run=dry_run)


def test_the_route_is_created_once(api):
    first = routes(api).apply(server())
    assert first["changed"] is True
    assert {"kind": "HTTPRoute", "name": "wiki", "action": "created"} in first["objects"]
    assert "HTTPRoute team/wiki" in [entry["after_header"] for entry in first["diff"]]
    assert routes(api).apply(server())["changed"] is False
    assert ROUTE in api.objects


def test_sessions_that_clients_lose_are_a_warning(api):
    stateful = {**VALIDATED, "resolvedTransport": {"keepsSessions": True}}
    [text] = routes(api).apply(server(stateful, replicas=3))["warnings"]
    assert "404" in text
    assert routes(api).apply(server(stateful))["warnings"] == []


def test_the_service_says_the_transport_from_then_on(api):
    exposed = {**EXPOSE, "integrations": ["agentgateway"]}
    routes(api).apply(server(expose=exposed))
    [port] = api.objects["Service.v1/wiki"]["spec"]["ports"]
    assert port["appProtocol"] == "agentgateway.dev/mcp"
    Applier(api, RENDERER).present(
        exposure.as_recorded(server(expose=exposed)), LiveState(api, lambda _before, _after: None)
    )
    assert routes(api).apply(server(expose=exposed))["changed"] is False


def test_what_is_applied_before_the_validation_leaves_the_route(api):
    routes(api).apply(server())
    Applier(api, RENDERER).present(server({}), LiveState(api, lambda _before, _after: None))
    assert routes(api).apply(server())["changed"] is False


def test_the_policy_comes_with_it(api):
    found = routes(api).apply(server(tls={"secretName": "cert"}))
    assert [entry["kind"] for entry in found["objects"]] == ["Service", "BackendTLSPolicy", "HTTPRoute"]


@pytest.mark.parametrize("without", [server({}), {**server(), "spec": {"image": "wiki:1"}}])
def test_a_server_that_has_not_passed_or_is_not_exposed_has_none(api, without):
    assert routes(api).apply(without) == {}
    assert api.objects == {}
