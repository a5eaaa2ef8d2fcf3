# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Credentials are sent only to the server that they are for, after its certificate was verified."""

from __future__ import annotations

import socket
import threading

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import ClientCredentials
from zoo.fake_servers.tokens import ID, SECRET, Issuing, Redirecting
from zoo.run import HOST
from zoo.servers import Streamable

from support.hostile_server import REQUEST_TIMEOUT

TOKEN = "t0ken-of-the-client"
HTTPS = {"scheme": "https"}
MOVED = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("certificate", ["self-signed", "expired", "misnamed"])
def test_nothing_is_sent_to_a_server_with_another_certificate(visit, certificate):
    received = []

    class Recording(Streamable):
        async def __call__(self, request, out):
            received.append(request)
            await super().__call__(request, out)

    found = visit(Recording, tls=certificate, target=HTTPS, bearer_token=TOKEN)
    assert "TLS_VERIFY_FAILED" in found.codes
    assert received == []


def test_nothing_is_sent_in_clear_text_where_tls_is_expected(visit):
    received = []

    async def without_tls(reader, writer, _closing):
        received.append(await reader.read(64 * 1024))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    found = visit(raw=without_tls, target=HTTPS, bearer_token=TOKEN)
    assert "TLS_NOT_SPOKEN" in found.codes
    assert received
    assert TOKEN.encode() not in b"".join(received)


@pytest.mark.parametrize("endpoint", ["http://169.254.169.254/token", "http://127.0.0.1:1/token", "ftp://127.0.0.1/"])
def test_the_client_secret_is_not_sent_to_a_token_endpoint_without_tls(visit, network, endpoint):
    class Elsewhere(Issuing):
        token_endpoint = endpoint

    found = visit(Elsewhere, client_credentials=lambda base: ClientCredentials(ID, SECRET, issuer=base))
    assert "AUTH_TOKEN_FAILED" in found.codes
    assert set(network.connected) == {(HOST, found.port)}


def test_the_client_secret_does_not_follow_a_redirect(visit, network):
    found = visit(Redirecting, client_credentials=lambda base: ClientCredentials(ID, SECRET, token_url=f"{base}/token"))
    assert "AUTH_TOKEN_FAILED" in found.codes
    assert set(network.connected) == {(HOST, found.port)}


def test_the_token_of_the_api_server_does_not_follow_a_redirect(network):
    received = []

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            received.append(connection.recv(64 * 1024))
            connection.sendall(MOVED)

    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=serve)
        thread.start()
        client = Client({"host": f"http://{HOST}:{port}", "api_key": TOKEN}, timeout=REQUEST_TIMEOUT)
        with pytest.raises(KubeError):
            client.request("GET", "/api/v1/namespaces/team/pods", what="list Pods", retry=False)
        thread.join()
        client._pool.clear()
    assert TOKEN.encode() in received[0]
    assert set(network.connected) == {(HOST, port)}
