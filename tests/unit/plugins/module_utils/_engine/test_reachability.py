# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import reachability
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.reachability import Proof, check
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiUnreachable
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import ERROR, Issue, Report

from .._workload.test_reachability import gateway, listener, mcpserver, route

URL = "https://wiki.example.com/mcp"


class Client:
    def __init__(self, found=None, error=None):
        self.objects = {"HTTPRoute": route(), "Gateway": gateway(listener("HTTPS", 443, "https")), **(found or {})}
        self.error = error

    def find(self, _api_version, kind, _namespace, _name):
        if self.error is not None:
            raise self.error
        return self.objects[kind]

    def request(self, _method, path, *, what):
        if path not in self.objects:
            raise ApiForbidden(what, "")
        return self.objects[path]


@pytest.fixture
def answer(monkeypatch):
    """Set the report of the validation, and return what was validated."""
    seen = []

    def set_report(report):
        def validate(target, options, dial):
            seen.append((target, options, dial))
            return report

        monkeypatch.setattr(reachability, "validate", validate)
        return seen

    return set_report


def failed(code, message="a text of the server"):
    return Report(compliant=False, issues=(Issue(code, ERROR, message, "", ""),))


def test_the_request_is_that_of_a_client_but_goes_to_the_address(answer):
    seen = answer(Report(compliant=True))
    found = check(Client(), mcpserver(), Proof())
    assert (found.status, found.reason, found.url) == ("True", "ValidatedThroughGateway", URL)
    [(target, options, _dial)] = seen
    assert (target.scheme, target.host, target.port, target.path) == ("https", "192.0.2.7", 443, "/mcp")
    assert (target.host_header, target.server_name) == ("wiki.example.com", "wiki.example.com")
    assert options.light
    assert (options.bearer_token, options.client_data, options.headers) == (None, None, {})


def test_a_server_that_requires_credentials_is_reached(answer):
    answer(Report(compliant=None, requires_auth=True))
    assert check(Client(), mcpserver(), Proof()).status == "True"


def test_nothing_of_the_answer_is_shown(answer):
    answer(failed("SERVER_ERROR", "secret of another server"))
    found = check(Client(), mcpserver(), Proof())
    assert (found.status, found.reason, found.url) == ("False", "ValidationFailed", URL)
    assert "SERVER_ERROR" in found.message
    assert "secret" not in found.message


def test_an_address_that_is_not_routed_from_here_proves_nothing(answer):
    answer(failed("CONNECT_FAILED", "No connection to 192.0.2.7 port 443: refused."))
    found = check(Client(), mcpserver(), Proof())
    assert (found.status, found.reason) == ("Unknown", "GatewayUnreached")


def test_a_gateway_that_does_not_exist_is_not_dialled(answer):
    seen = answer(Report(compliant=True))
    assert check(Client({"Gateway": None}), mcpserver(), Proof()).reason == "GatewayNotFound"
    assert seen == []


@pytest.mark.parametrize(
    ("error", "text"),
    [(ApiForbidden("no rights", ""), "gatewayAPI.enable"), (ApiUnreachable("no answer", ""), "no answer")],
)
def test_what_may_not_be_read_is_unknown(error, text):
    found = check(Client(error=error), mcpserver(), Proof())
    assert found.status == "Unknown"
    assert text in found.message


CLASS = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/contour"
SCHEMAS = "/openapi/v3/apis/gateway.networking.k8s.io/v1"
RULES = {"properties": {"rules": {"items": {"properties": {"sessionPersistence": {}}}}}}
EXPERIMENTAL = {"x-kubernetes-group-version-kind": [{"kind": "HTTPRoute"}], "properties": {"spec": RULES}}
FEATURES = {"status": {"supportedFeatures": [{"name": "HTTPRouteSessionPersistenceCookie"}]}}


@pytest.mark.parametrize(
    ("objects", "persistence"),
    [
        ({}, "None"),
        ({CLASS: {}}, "None"),
        ({CLASS: FEATURES, SCHEMAS: {}}, "None"),
        ({CLASS: FEATURES, SCHEMAS: {"components": {"schemas": {"r": EXPERIMENTAL}}}}, "Cookie"),
    ],
)
def test_sessions_that_the_gateway_does_not_keep_are_named(answer, objects, persistence):
    answer(Report(compliant=True))
    server = mcpserver(resolvedTransport={"keepsSessions": True})
    server["spec"]["replicas"] = 3
    seen = gateway(listener())
    seen["spec"]["gatewayClassName"] = "contour"
    found = check(Client({"Gateway": seen, **objects}), server, Proof())
    assert (found.status, found.persistence) == ("True", persistence)
    assert ("404" in found.message) is (persistence == "None")


def test_features_are_read_only_where_sessions_may_be_lost(answer):
    answer(Report(compliant=True))
    found = check(Client(), mcpserver(resolvedTransport={"keepsSessions": True}), Proof())
    assert (found.persistence, "404" in found.message) == ("", False)


def test_every_gateway_is_tried(answer):
    server = mcpserver()
    server["spec"]["expose"]["parentRefs"].append({"name": "second", "namespace": "gateways"})
    own = route()
    (entry,) = own["status"]["parents"]
    own["status"]["parents"].append({**entry, "parentRef": {"name": "second", "namespace": "gateways"}})
    seen = answer(Report(compliant=True))
    assert check(Client({"HTTPRoute": own}), server, Proof()).status == "True"
    assert len(seen) == 2
