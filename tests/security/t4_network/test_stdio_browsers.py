# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Web pages of an attacker reach a stdio server through the browser of somebody in the network.

The sidecar refuses them by Host, Origin and Sec-Fetch-Site: MCP basic/transports, Security Warning.
"""

from __future__ import annotations

import contextlib
import json

import pytest
import requests

from support.bridging.attacks import connect, head, post, send, status
from support.bridging.client import Streamable
from support.cluster import until

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "page", "version": "1"}},
}


def hello(**headers):
    return post(json.dumps(HELLO).encode(), **headers)


REBOUND = (
    "evil.example",
    "evil.example:8080",
    "memory.default",  # a domain in the top-level domain "default", as far as the sidecar can know
    "memory.default.svc.evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example.",
    "EVIL.example",
    "[::1].evil.example",
    "evil.example/.svc",
    "a b",
)
FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9"},  # another program of the same machine
    {"Origin": "http://127.0.0.1@evil.example"},
    {"Origin": "file://"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
)
SAFE = ("localhost:1", "127.0.0.1", "10.1.2.3:8080", "[::1]:8080", "[fd00::7]", "memory", "memory.team.svc:80")


def test_a_rebound_name_reaches_no_server(bridge):
    with bridge() as running:
        for host in REBOUND:
            for request in (
                hello(Host=host, Origin=f"http://{host}"),
                head("GET", "/sse", Host=host, Accept="text/event-stream", Connection="close"),
                head("GET", "/healthz", Host=host, Connection="close"),
            ):
                # net/http itself refuses what is no host at all.
                assert status(send(running, request)) in (400, 421), host
        assert '"sessions":0' in running.state()


def test_the_refusal_names_the_setting(bridge):
    with bridge() as running:
        response = send(running, hello(Host="mcp.example.com"))
        assert status(response) == 421
        assert b"MCP_SIDECAR_ALLOWED_HOSTS in spec.environment of the MCPServer" in response
        assert "mcp.example.com" in running.log()


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_name_that_was_set_is_served_and_no_other(bridge, way, monkeypatch):
    options = {}
    if way == "option":
        options["allowed_host"] = "mcp.example.com"
    else:
        monkeypatch.setenv("MCP_SIDECAR_ALLOWED_HOSTS", "other.example, mcp.example.com")
    with bridge(**options) as running:
        assert status(send(running, hello(Host="mcp.example.com", Origin="https://mcp.example.com"))) == 200
        assert status(send(running, hello(Origin="https://mcp.example.com"))) == 200
        for name in ("evil.example", "mcp.example.com.evil.example", "x.mcp.example.com"):
            assert status(send(running, hello(Host=name))) == 421
            assert status(send(running, hello(Origin=f"https://{name}"))) == 403


def test_names_and_addresses_that_cannot_be_rebound_are_served(bridge):
    with bridge() as running:
        for host in SAFE:
            assert status(send(running, hello(Host=host, Origin=f"http://{host}"))) == 200, host


def test_another_site_can_neither_read_nor_write(bridge):
    with bridge() as running:
        for headers in FOREIGN:
            for request in (
                hello(**headers),
                head("GET", "/sse", Accept="text/event-stream", Connection="close", **headers),
                head("GET", "/mcp", Accept="text/event-stream", Mcp_Session_Id="guess", Connection="close", **headers),
                head("DELETE", "/mcp", Mcp_Session_Id="guess", Connection="close", **headers),
            ):
                assert status(send(running, request)) == 403, headers
        assert '"sessions":0' in running.state()


def test_streams_that_a_page_opens_take_no_sessions(bridge):
    """Over plain HTTP browsers send neither Origin nor Sec-Fetch-Site with the GET of an image."""
    with bridge(max_sessions=2) as running, contextlib.ExitStack() as stack:
        streams = [stack.enter_context(connect(running)) for _ in range(70)]
        for stream in streams:
            stream.sendall(head("GET", "/sse", Accept="*/*"))
        until("the endpoint", lambda: b"/sse/messages" in streams[-1].recv(65536))
        for _ in range(2):
            Streamable(running.url).open()
        # One process for each session, and the one with which the sidecar has verified the server.
        assert len(running.children()) == 3


def test_a_message_of_another_content_type_needs_the_permission_of_cors(bridge):
    with bridge() as running:
        answer = requests.post(
            f"{running.url}/mcp", json.dumps(HELLO), headers={"Content-Type": "text/plain"}, timeout=10
        )
        assert answer.status_code == 415
        preflight = requests.options(
            f"{running.url}/mcp", headers={"Access-Control-Request-Method": "POST"}, timeout=10
        )
        assert preflight.status_code == 405
        assert not [name for name in preflight.headers if name.lower().startswith("access-control")]
