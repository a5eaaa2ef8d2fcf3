# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.expose`` through a real Gateway: Contour and Envoy, and the official client."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from oracle import clients
from zoo.certificates import Certificates

from support import cluster, gateway
from support.bridging.client import Streamable
from support.operator import WATCHED
from support.tls_secrets import make_secret

from .conftest import BROKEN, GO, Server

# Builds Contour and downloads Envoy on first use.
pytestmark = pytest.mark.test_all

# Longer than the timeout of a route without one.
STREAM = 17.0
CLOCK = {
    "image": GO,
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "config": {"http": {"port": 3001}}},
}


@pytest.fixture(scope="module")
def url(operator: Any, client: Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway.served(client) as found:
        gateway.permit(client, tmp_path_factory.mktemp("helm"))
        yield found


def expose(host: str, parent: dict[str, Any] = gateway.PARENT, **more: Any) -> dict[str, Any]:
    return {"parentRefs": [parent], "hostnames": [host], **more}


def route(server: Server) -> dict[str, Any] | None:
    path = f"{gateway.API}/namespaces/{server.namespace}/httproutes/{server.name}"
    return cluster.found(server.client, path)


def is_reachable(server: Server, status: str, reason: str, timeout: float = 120) -> dict[str, Any]:
    """Wait until the condition says so, and return it."""

    def check() -> dict[str, Any] | None:
        found = server.condition("Reachable")
        return found if (found.get("status"), found.get("reason")) == (status, reason) else None

    try:
        return cluster.until(f"{server.name} is {reason}", check, timeout)
    except AssertionError as exc:
        raise AssertionError(f"{exc}: {server.condition('Reachable')}; {route(server)}") from None


def described(url: str, host: str, path: str = "/mcp") -> dict[str, Any]:
    """Return what the official client of Python sees, after it has called a tool."""
    [official] = [found for found in clients.catalogue() if found.name == "python-1"]
    target = {"url": url + path, "transport": "streamable-http", "headers": {"Host": host}}
    [answer] = official.describe_targets([{**target, "call": {"name": "now", "arguments": {"zone": "UTC"}}}])
    assert "error" not in answer, answer
    return answer


def test_clients_reach_a_server_once_it_has_passed(url, make) -> None:
    server = make(**CLOCK, expose=expose("clock.example.com"))
    server.becomes("Running", "Validated")
    is_reachable(server, "True", "ValidatedThroughGateway")
    assert server.status["address"]["url"] == "http://clock.example.com/mcp"
    assert "now" in described(url, "clock.example.com")["tools"]
    server.records("Reachable")
    other = requests.get(f"{url}/other", headers={"Host": "clock.example.com"}, timeout=10)
    assert other.status_code == 404


def test_a_server_that_does_not_pass_has_no_route(url, make) -> None:
    server = make(image=BROKEN, args=["html"], expose=expose("broken.example.com"))
    cluster.until("it was refused", lambda: server.status.get("validation", {}).get("state") == "Failed", 120)
    is_reachable(server, "False", "NotValidated")
    assert route(server) is None
    assert "address" not in server.status


def test_streams_are_not_cut(url, make) -> None:
    server = make(**CLOCK, expose=expose("streams.example.com"))
    is_reachable(server, "True", "ValidatedThroughGateway")
    client = Streamable(url)
    client.headers["Host"] = "streams.example.com"
    ended = threading.Event()

    def read(response: requests.Response) -> None:
        with contextlib.suppress(requests.RequestException):
            for _block in response.iter_content(None):
                pass
        ended.set()

    with client.http:
        client.open()
        headers = {**client.headers, "Accept": "text/event-stream"}
        response = client.http.get(client.url, headers=headers, stream=True, timeout=(5, None))
        assert response.headers["Content-Type"].startswith("text/event-stream")
        began = time.monotonic()
        threading.Thread(target=read, args=(response,), daemon=True).start()
        assert not ended.wait(STREAM), f"the stream ended after {time.monotonic() - began:.0f} s"
        client.request("ping")


def test_another_path_leads_to_that_of_the_server(url, make) -> None:
    server = make(**CLOCK, expose=expose("paths.example.com", path="/clock"))
    is_reachable(server, "True", "ValidatedThroughGateway")
    assert server.status["address"]["url"] == "http://paths.example.com/clock"
    assert "now" in described(url, "paths.example.com", "/clock")["tools"]


@pytest.fixture
def certificate(client: Client, tmp_path: Any) -> Iterator[str]:
    """Create the Secret of the server ``secured``."""
    name = "secured"
    make_secret(client, WATCHED, Certificates(tmp_path), name, host=f"{name}.{WATCHED}.svc")
    yield name
    client.request("DELETE", f"/api/v1/namespaces/{WATCHED}/secrets/{name}", what="delete a Secret")


def test_the_gateway_verifies_the_certificate_of_the_server(url, make, certificate, client) -> None:
    cluster.load_images("mcp-stdio-bridge")
    spec = {**CLOCK, "tls": {"secretName": certificate, "caSecretRef": {"name": certificate, "key": "ca.crt"}}}
    # The operator of these tests may not read the Secret.
    server = make(name=certificate, **spec, validation={"enabled": False}, expose=expose("secured.example.com"))
    is_reachable(server, "True", "ValidatedThroughGateway")
    assert "now" in described(url, "secured.example.com")["tools"]


def test_sessions_that_are_lost_are_named(url, make) -> None:
    server = make(**CLOCK, replicas=3, expose=expose("sessions.example.com"))
    server.becomes("Running", "Validated")

    def text() -> str:
        return server.condition("Reachable").get("message", "") if "404" in str(server.condition("Reachable")) else ""

    message = cluster.until("the condition names the loss", text, 90)
    assert "one replica" in message
    assert server.status["exposure"]["sessionPersistence"] == "None"
    [rule] = (route(server) or {})["spec"]["rules"]
    assert "sessionPersistence" not in rule
    cluster.until("an Event says so", lambda: _lost(server), 60)


def _lost(server: Server) -> bool:
    about = f"involvedObject.kind=MCPServer,involvedObject.name={server.name}"
    found = server.client.list("v1", "Event", server.namespace, fieldSelector=about)
    return any(event["type"] == "Warning" and "404" in event["message"] for event in found)


UNUSABLE = {
    "missing": ({"name": "missing", "namespace": gateway.NAMESPACE}, "GatewayNotFound", "does not exist"),
    "not programmed": ({"name": "idle", "namespace": gateway.NAMESPACE}, "NotProgrammed", "of the class contour"),
    "class": ({"name": "unserved", "namespace": gateway.NAMESPACE}, "NotProgrammed", "of the class none.example.com"),
    "listener": ({**gateway.PARENT, "sectionName": "absent"}, "RouteNotAccepted", ""),
}


@pytest.mark.parametrize("case", list(UNUSABLE))
def test_a_gateway_that_cannot_be_used_has_a_reason(url, make, client, case) -> None:
    gateway.idle_gateway(client, "idle")
    gateway.idle_gateway(client, "unserved", "none.example.com")
    parent, reason, text = UNUSABLE[case]
    server = make(**CLOCK, expose=expose("unusable.example.com", parent))
    assert text in is_reachable(server, "False", reason)["message"]
    assert server.status["phase"] == "Running"


def test_a_gateway_that_refuses_the_protocol_of_agentgateway_says_so(url, make) -> None:
    server = make(**CLOCK, expose=expose("protocol.example.com", integrations=["agentgateway"]))
    assert "agentgateway.dev/mcp" in is_reachable(server, "False", "RouteNotAccepted")["message"]


def test_a_host_name_that_is_taken_is_named_until_it_is_free(url, make) -> None:
    first = make(**CLOCK, expose=expose("taken.example.com"))
    is_reachable(first, "True", "ValidatedThroughGateway")
    second = make(**CLOCK, expose=expose("taken.example.com"))
    assert "onflict" in is_reachable(second, "False", "HostnameConflict", 180)["message"]
    is_reachable(first, "True", "ValidatedThroughGateway")
    first.delete()
    cluster.until("its route is deleted", lambda: route(first) is None, 60)
    is_reachable(second, "True", "ValidatedThroughGateway", 240)


def test_the_route_goes_with_the_field(url, make) -> None:
    server = make(**CLOCK, expose=expose("goes.example.com"))
    is_reachable(server, "True", "ValidatedThroughGateway")
    server.apply(**CLOCK)
    cluster.until("the route is deleted", lambda: route(server) is None, 60)
    cluster.until("the condition goes", lambda: not server.condition("Reachable"), 60)
    cluster.until("the URL goes", lambda: "address" not in server.status, 60)
