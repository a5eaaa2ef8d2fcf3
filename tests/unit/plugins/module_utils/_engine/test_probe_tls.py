# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A Pod that serves HTTPS is validated over TLS, with the authorities and the name of its manifest."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.pod_probe import has_expired, probe_pod
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_access import ProbeAccess
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import ProbeSpec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.timeouts import Timeouts
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import Zoo

SECURE, EXPIRED = "correct-tls", "tls-expired"
TOKEN = "s3cret-t0ken"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    servers = [server for server in FAKE_SERVERS if server.name in (SECURE, EXPIRED)]
    with Zoo(servers, tmp_path_factory.mktemp("zoo")) as opened:
        yield opened


def probe(zoo, name, server_name, *, trust=True, **how):
    port = zoo.ports[name]
    ca = Path(zoo.authority).read_text(encoding="utf-8") if trust else None
    spec = ProbeSpec(port, "/mcp", "streamable-http", f"127.0.0.1:{port}", (), server_name=server_name)
    access = ProbeAccess("v", lambda: TOKEN, ca)
    return probe_pod("127.0.0.1", spec, Timeouts(5.0, 5.0, 0.0, 5.0), access=access, **how)


def codes(report):
    return {issue["code"] for issue in report["issues"] if issue["level"] == "error"}


@pytest.mark.parametrize("light", [False, True])
def test_the_name_of_the_manifest_is_verified_and_not_the_address(zoo, light):
    assert probe(zoo, SECURE, "localhost", light=light)["compliant"] is True
    assert codes(probe(zoo, SECURE, "wiki.team.svc", light=light)) == {"TLS_VERIFY_FAILED"}


def test_authorities_of_the_system_are_not_enough(zoo):
    assert codes(probe(zoo, SECURE, "localhost", trust=False)) == {"TLS_VERIFY_FAILED"}


def test_an_expired_certificate_is_evidence_against_the_server(zoo):
    assert has_expired(probe(zoo, EXPIRED, "localhost"))
    assert not has_expired(probe(zoo, SECURE, "wiki.team.svc"))
    assert not has_expired(probe(zoo, EXPIRED, "localhost", trust=False))


def test_a_way_through_the_api_server_verifies_the_same_name(zoo):
    def dial(_host, _port, seconds):
        return socket.create_connection(("127.0.0.1", zoo.ports[SECURE]), seconds)

    assert probe(zoo, SECURE, "localhost", dial=dial)["compliant"] is True


def test_a_pod_without_tls_gets_no_token():
    got = bytearray()

    def serve(listener):
        with listener, listener.accept()[0] as sock:
            got.extend(sock.recv(65536))
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    port = listener.getsockname()[1]
    spec = ProbeSpec(port, "/mcp", "streamable-http", f"127.0.0.1:{port}", (), server_name="localhost")
    found = probe_pod("127.0.0.1", spec, Timeouts(5.0, 5.0, 0.0, 5.0), access=ProbeAccess("v", lambda: TOKEN))
    assert "TLS_NOT_SPOKEN" in codes(found)
    assert got[0] == 0x16  # a TLS handshake record
    assert TOKEN.encode() not in got
