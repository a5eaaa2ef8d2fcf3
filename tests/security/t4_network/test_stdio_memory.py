# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Requests that cost a neighbor little and the sidecar of a stdio server much memory, or many connections.

The container's limit, 512 MiB by default, is for the processes of the server: the sidecar stays under 128 MiB.
"""

from __future__ import annotations

import contextlib
import json
import threading
from pathlib import Path

import pytest
import requests

from support.bridging.attacks import JSON, MIB, closed, connect, half_sent, head, peak, post, received, send, status
from support.bridging.client import RefusedError, Streamable
from support.cluster import until

LIMIT = 128 * MIB
# The largest message that a session may send, in bytes.
LARGEST = 16 * MIB
WITHOUT_SESSION = {"MCP_Protocol_Version": "2026-07-28"}
ONES = b"[" + b"1," * (LARGEST // 2 - 2) + b"1]"
CONNECTIONS = 256 + 4 * 8


def usable(running):
    """A client that comes meanwhile is served."""
    client = Streamable(running.url, 60)
    client.open()
    return client.tool("echo", {"text": "x"}) == "x"


def stateless(params: bytes) -> bytes:
    """Return a tools/list of the revision without sessions, with further members of _meta."""
    prefix = b'"io.modelcontextprotocol/'
    meta = b"{" + prefix + b'protocolVersion":"2026-07-28",' + prefix + b'clientCapabilities":{}' + params + b"}"
    return b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":' + meta + b"}}"


@pytest.mark.parametrize(("headers", "expected"), [({}, 413), (WITHOUT_SESSION, 400)])
def test_a_large_batch_without_a_session(bridge, headers, expected):
    with bridge() as running:
        assert status(send(running, post(ONES, **headers))) == expected
        assert usable(running)
        assert peak(running) < LIMIT


def test_a_large_batch_of_a_session(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url, 60)
        client.open()
        answer = requests.post(client.url, ONES, headers=client.headers, timeout=60)
        assert answer.status_code == 400
        assert client.tool("echo", {"text": "x"}) == "x"
        assert peak(running) < LIMIT


def test_a_batch_has_at_most_sixteen_messages(bridge):
    with bridge() as running:
        client = Streamable(running.url)
        client.open()
        ping = {"jsonrpc": "2.0", "method": "notifications/progress"}
        statuses = [
            requests.post(client.url, json.dumps([ping] * count), headers=client.headers, timeout=10).status_code
            for count in (16, 17)
        ]
        assert statuses == [202, 400]


def test_objects_with_a_million_keys(bridge):
    body = stateless(b"".join(b',"%x":1' % number for number in range(1_000_000)))
    with bridge() as running, half_sent(running, 2, post(body, Mcp_Method="tools/list", **WITHOUT_SESSION)) as sent:
        for sock in sent:
            sock.settimeout(60)
            # One without room for its body is refused.
            assert status(received(sock)) in (200, 503)
        assert usable(running)
        assert peak(running) < LIMIT


@pytest.mark.parametrize("headers", [{}, WITHOUT_SESSION], ids=["no-session", "stateless"])
def test_bodies_that_are_never_complete(bridge, headers):
    start = head("POST", "/mcp", Content_Length=LARGEST, **JSON, **headers) + b"[" + b"1" * (LARGEST - 2)
    with bridge() as running, half_sent(running, 40, start):
        assert usable(running)
        assert peak(running) < LIMIT


def test_bodies_in_chunks_that_are_never_complete(bridge):
    chunk = b"%x\r\n" % MIB + b" " * MIB + b"\r\n"
    start = head("POST", "/mcp", Transfer_Encoding="chunked", **JSON, **WITHOUT_SESSION) + chunk * 15
    with bridge() as running, half_sent(running, 40, start):
        assert usable(running)
        assert peak(running) < LIMIT


def test_large_headers(bridge):
    start = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 15_000
    with bridge() as running, half_sent(running, 300, start):
        assert usable(running)
        assert peak(running) < LIMIT
        assert status(send(running, head("GET", "/healthz", X="x" * 40_000))) == 431


def test_large_messages_of_several_clients(bridge, mode):
    with bridge(mode=mode) as running:

        def call() -> None:
            client = Streamable(running.url, 60)
            client.open()
            # One that finds no room is refused and may be sent again.
            with contextlib.suppress(RefusedError, requests.ConnectionError):
                client.tool("echo", {"text": "y" * (LARGEST - MIB)})

        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)
        assert usable(running)
        assert peak(running) < LIMIT


def test_connections_without_requests_are_bounded_and_keep_nobody_out(bridge):
    with bridge() as running, half_sent(running, 3 * CONNECTIONS, b"POST /mcp HT") as held:
        # The others are the listener, the log and the pipes of the server.
        assert len(list(Path(f"/proc/{running.process.pid}/fd").iterdir())) < CONNECTIONS + 30
        assert running.health() == "200"
        assert usable(running)
        until("the end of the oldest", lambda: sum(map(closed, held)) >= 2 * CONNECTIONS)
        with connect(running, "127.0.0.2") as other, contextlib.ExitStack() as stack:
            # Another address, such as the kubelet's, keeps its connection while the attacker goes on.
            for _ in range(CONNECTIONS):
                stack.enter_context(connect(running))
            other.sendall(head("GET", "/healthz"))
            assert other.recv(100).startswith(b"HTTP/1.1 200")
