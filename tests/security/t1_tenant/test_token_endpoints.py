# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer names an address of the operator's network as its token endpoint: to read it, or to be led there."""

from __future__ import annotations

import base64
import contextlib
import http.server
import socket
import ssl
import threading

import pytest
from mcp_operator._vendor._engine import issued_tokens
from mcp_operator._vendor._engine.probe_access import read_access
from mcp_operator._vendor._workload.errors import ProbeAccessError
from zoo.certificates import Certificates

PAGE = b"<html>the internal page</html>"


def server(url):
    settings = {
        "tokenURL": url,
        "clientID": "c",
        "clientSecretRef": {"name": "client", "key": "secret"},
        "caConfigMapRef": {"name": "ca", "key": "ca.crt"},
    }
    auth = {"type": "clientCredentials", "clientCredentials": settings}
    return {"metadata": {"name": "s", "namespace": "team"}, "spec": {"validation": {"auth": auth}}}


class Api:
    """An API server with the tenant's Secret and CA."""

    def __init__(self, ca):
        labels = {"mcp.mcp-operator.io/validation-credentials": "true"}
        meta = {"uid": "u", "resourceVersion": "1", "labels": labels}
        secret = base64.b64encode(b"client-secret").decode()
        self.objects = {"Secret": {"secret": secret}, "ConfigMap": {"ca.crt": ca}}
        self.meta = meta

    def find(self, _version, kind, _namespace, _name):
        return {"metadata": self.meta, "data": self.objects[kind]}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/internal")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/endless":
            self.end_headers()
            for _part in range(200):
                self.wfile.write(b" " * 65536)
            return
        body = PAGE if self.path == "/internal" else b'{"access_token": "t0ken", "token_type": "Bearer"}'
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        with contextlib.suppress(OSError):  # the client has seen enough
            super().handle()

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def internal(tmp_path_factory):
    """An internal HTTPS server on loopback, and the CA that signed its certificate."""
    certificates = Certificates(tmp_path_factory.mktemp("tls"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.paths = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.leaf("good"))
        made.socket = context.wrap_socket(made.socket, server_side=True)
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made, certificates.authority.read_text(encoding="utf-8")
        made.shutdown()


def refusal(internal, host, path):
    made, ca = internal
    made.paths.clear()
    with pytest.raises(ProbeAccessError) as caught:
        read_access(Api(ca), server(f"https://{host}:{made.server_port}{path}")).token()
    assert "internal page" not in str(caught.value)
    return caught.value.code, made.paths


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "169.254.169.254"])
def test_the_operator_s_own_host_and_metadata_services_are_not_dialled(internal, host):
    assert refusal(internal, host, "/token") == ("AUTH_TOKEN_FAILED", [])


@pytest.fixture
def reachable(internal, monkeypatch):
    """The same server, at an address that may be dialled."""
    monkeypatch.setattr(
        issued_tokens,
        "dial_outside",
        lambda _host, port, seconds: socket.create_connection(("127.0.0.1", port), seconds),
    )
    return internal


def test_a_redirect_is_not_followed(reachable):
    assert refusal(reachable, "localhost", "/redirect") == ("AUTH_TOKEN_FAILED", ["/redirect"])


@pytest.mark.parametrize("path", ["/internal", "/endless"])
def test_what_an_internal_server_answers_is_bounded_and_not_shown(reachable, path):
    assert refusal(reachable, "localhost", path) == ("AUTH_TOKEN_FAILED", [path])


def test_a_token_endpoint_is_served(reachable):
    made, ca = reachable
    assert read_access(Api(ca), server(f"https://localhost:{made.server_port}/token")).token() == "t0ken"
