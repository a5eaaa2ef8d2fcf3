# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A neighbor in the network connects to a server with mutual TLS, without a certificate that is allowed."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests

from support.bridging.attacks import connect, head, received
from support.bridging.volumes import Authority
from support.cluster import until

ALLOWED = "spiffe://cluster.local/ns/team/sa/client"
HALF_OPEN = 300


@pytest.fixture
def mutual(volume):
    return {**volume.options(), "tls_client_ca_file": str(volume.folder / "ca.crt"), "tls_client_san": [ALLOWED]}


def call(running, authority, certificate):
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    url = f"https://127.0.0.1:{running.port}/mcp"
    return requests.post(url, json=body, verify=str(authority.file), cert=certificate, timeout=10)


def test_no_other_certificate_is_accepted(sidecar, behind, authority, mutual, tmp_path):
    evil = Authority(tmp_path, "evil")
    evil.name = authority.name
    with sidecar(behind.url, **mutual) as running:
        for certificate in (
            None,
            evil.client(ALLOWED),
            authority.client("spiffe://cluster.local/ns/team/sa/client2"),
            authority.client("spiffe://cluster.local/ns/other/sa/client"),
            authority.client("*.team.svc"),
            authority.client("cluster.local"),
        ):
            with pytest.raises(requests.ConnectionError):
                call(running, authority, certificate)
        assert behind.heads == []
        assert call(running, authority, authority.client(ALLOWED)).status_code == 200


def test_plain_http_and_old_versions_are_refused(sidecar, behind, authority, volume):
    with sidecar(behind.url, **volume.options(), tls_min_version="1.3") as running:
        with connect(running) as plain:
            plain.sendall(head("GET", "/mcp"))
            assert b"HTTP/1.0 400 Bad Request" in received(plain)
        context = ssl.create_default_context(cafile=str(authority.file))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with connect(running) as old, pytest.raises(ssl.SSLError):
            context.wrap_socket(old, server_hostname="127.0.0.1")
        assert behind.heads == []


def test_half_open_handshakes_do_not_keep_clients_out(sidecar, behind, authority, mutual):
    with sidecar(behind.url, **mutual, max_connections=HALF_OPEN // 2) as running:
        held = []
        try:
            for _ in range(HALF_OPEN):
                held.append(socket.create_connection(("127.0.0.1", running.port), 10, source_address=("127.0.0.2", 0)))
                held[-1].sendall(b"\x16\x03\x01\x02\x00\x01")
            certificate = authority.client(ALLOWED)
            until("a call", lambda: call(running, authority, certificate).status_code == 200)
        finally:
            for connection in held:
                connection.close()
        # Failed handshakes fill no log.
        assert len(running.log().splitlines()) < 60
