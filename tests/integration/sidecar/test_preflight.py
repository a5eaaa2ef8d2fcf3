# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Browsers send no token with a CORS preflight: the server answers it, and nothing else passes without a token."""

from __future__ import annotations

import contextlib
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from support.bridging.client import VERSION
from support.bridging.secured import accepting
from support.http_server import serving

ORIGIN = "https://inspector.example.com"
# What a browser sends for the MCP Inspector with a direct connection.
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version,mcp-session-id",
}


@contextlib.contextmanager
def permitting():
    """Run a server with a CORS policy, as the documentation of the official SDKs advises; return what reaches it."""
    seen: list[tuple[str, str, set[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            seen.append((self.command, self.path, {name.lower() for name in self.headers}))
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", ORIGIN)
            self.send_header("Access-Control-Allow-Headers", PREFLIGHT["Access-Control-Request-Headers"])
            self.send_header("Access-Control-Expose-Headers", "Mcp-Session-Id")
            self.send_header("Set-Cookie", "s3cret=1")
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"s3cret")

        def do_GET(self) -> None:
            self.do_OPTIONS()

        def log_message(self, *_: object) -> None:
            return

    with serving(Handler) as url:
        yield url, seen


def test_the_server_says_which_pages_may_call_it(sidecar, tokens) -> None:
    with permitting() as (url, seen), sidecar(url, **accepting(tokens), auth_tool_scope=["delete=admin"]) as running:
        headers = {**PREFLIGHT, "Cookie": "a=b", "Mcp-Session-Id": "x", "X-Forwarded-User": "admin"}
        answer = requests.options(f"{running.url}/mcp?a=b", headers=headers, timeout=10)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert "Set-Cookie" not in answer.headers
        [(method, path, names)] = seen
        assert (method, path) == ("OPTIONS", "/mcp")
        assert not names & {"cookie", "mcp-session-id", "x-forwarded-user", "authorization", "user-agent"}


@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("GET", PREFLIGHT, None),
        ("POST", PREFLIGHT, None),
        ("OPTIONS", PREFLIGHT, '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}'),
        ("OPTIONS", {"Origin": ORIGIN}, None),
        ("OPTIONS", {"Access-Control-Request-Method": "POST"}, None),
    ],
)
def test_a_request_that_looks_like_a_preflight_needs_a_token(sidecar, tokens, method, headers, body) -> None:
    with permitting() as (url, seen), sidecar(url, **accepting(tokens)) as running:
        answer = requests.request(method, f"{running.url}/mcp", data=body, headers=headers, timeout=10)
        assert (answer.status_code, seen) == (401, [])


def test_a_page_finds_the_issuer(sidecar, tokens, behind) -> None:
    with sidecar(behind.url, **accepting(tokens)) as running:
        refused = requests.post(f"{running.url}/mcp", json={}, headers={"Origin": ORIGIN}, timeout=10)
        assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")
        assert "WWW-Authenticate" in refused.headers["Access-Control-Expose-Headers"]
        path = f"{running.url}/.well-known/oauth-protected-resource/mcp"
        asked = {**PREFLIGHT, "Access-Control-Request-Method": "GET"}
        assert requests.options(path, headers=asked, timeout=10).headers["Access-Control-Allow-Origin"] == "*"
        found = requests.get(path, headers={"Origin": ORIGIN, "MCP-Protocol-Version": VERSION}, timeout=10)
        assert (found.status_code, found.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_stdio_server_permits_no_other_origin(sidecar, tokens) -> None:
    with sidecar(**accepting(tokens)) as running:
        answer = requests.options(f"{running.url}/mcp", headers=PREFLIGHT, timeout=10)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
