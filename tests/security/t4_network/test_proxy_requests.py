# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Requests that cost a neighbor little, and the sidecar before an HTTP server or the server itself much."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import requests

from support.bridging.attacks import JSON, MIB, connect, half_sent, head, peak, received, send, status
from support.bridging.proxying import free_port, metrics, proxied

# The default limit of the container is 128 MiB.
LIMIT = 96 * MIB
LARGEST = 16 * MIB
GIB = 1024 * MIB
CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read"}}'


class Recorder(BaseHTTPRequestHandler):
    """A server that records the bodies it gets."""

    protocol_version = "HTTP/1.1"
    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        answer = b'{"jsonrpc":"2.0","id":1,"result":{}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        """Send events without an end, until the client disconnects."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _number in range(4096):
                self.wfile.write(b"data: {" + b'"a":' * 16384)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def sidecar(program, tmp_path):
    Recorder.bodies.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with proxied(program, f"http://127.0.0.1:{server.server_port}", tmp_path, max_connections=256) as running:
        yield running
    server.shutdown()
    server.server_close()


def usable(running):
    response = requests.post(f"{running.url}/mcp", CALL, headers=JSON, timeout=30)
    return response.status_code == 200


def test_a_body_of_a_gibibyte(sidecar):
    assert status(send(sidecar, head("POST", "/mcp", Content_Length=GIB, **JSON) + b"{")) == 413
    assert status(send(sidecar, head("POST", "/mcp", Content_Length=GIB, Content_Type="text/plain") + b"x")) == 413
    assert usable(sidecar)
    assert peak(sidecar) < LIMIT


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_body_without_an_end(sidecar, kind):
    chunk = b"100000\r\n" + b"[" * MIB + b"\r\n"
    headers = head("POST", "/mcp", Transfer_Encoding="chunked", Content_Type=kind)
    assert status(send(sidecar, headers + chunk * 20)) == 413
    assert usable(sidecar)
    assert peak(sidecar) < LIMIT


def test_many_large_bodies_at_once(sidecar):
    body = b'{"jsonrpc":"2.0","id":1,"method":"x","params":"' + b"x" * (LARGEST - 100) + b'"'
    with half_sent(sidecar, 20, head("POST", "/mcp", Content_Length=LARGEST, **JSON) + body):
        assert usable(sidecar)
    assert peak(sidecar) < LIMIT


def test_connections_that_send_nothing_more(sidecar):
    with half_sent(sidecar, 600, b"POST /mcp HTTP/1.1\r\nHost: "):
        assert usable(sidecar)
    assert peak(sidecar) < LIMIT


@pytest.mark.parametrize("headers", [b"X: " + b"y" * 40_000 + b"\r\n", b"X-Y: z\r\n" * 20_000], ids=["long", "many"])
def test_headers_that_are_too_large(sidecar, headers):
    assert status(send(sidecar, b"POST /mcp HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n")) == 431
    assert usable(sidecar)


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"[" * 100_000 + b"]" * 100_000, {}, 400),
        (b'{"method":"tools/call","id":1,"params":{"name":"read","name":"delete"}}', {}, 400),
        (b'{"method":"tools/list","Method":"tools/call","id":1}', {}, 400),
        (CALL, {"Mcp-Method": "tools/list"}, 400),
        (CALL, {"Mcp-Name": "delete"}, 400),
        (CALL, {"Content-Encoding": "gzip"}, 415),
        (CALL, {"Content-Type": "application/json; charset=utf-7"}, 415),
        (CALL.decode().encode("utf-16"), {"Content-Type": "text/plain"}, 400),
    ],
)
def test_what_servers_read_differently_does_not_reach_them(sidecar, body, headers, expected):
    response = requests.post(f"{sidecar.url}/mcp", body, headers={**JSON, **headers}, timeout=30)
    assert response.status_code == expected
    assert Recorder.bodies == []


def test_two_lengths_are_one_request(sidecar):
    smuggled = b"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
    data = head("POST", "/mcp", Content_Length=6, Transfer_Encoding="chunked", **JSON) + b"0\r\n\r\n" + smuggled
    with connect(sidecar) as sock:
        sock.settimeout(3)
        sock.sendall(data)
        answers = received(sock)
    # The body ends where Transfer-Encoding says, or the request is refused; the server gets no length of the client.
    assert Recorder.bodies in ([], [b""], [b"", b""])
    assert answers.startswith(b"HTTP/1.1 ")


def test_a_server_whose_event_does_not_end(sidecar):
    with requests.get(f"{sidecar.url}/sse", timeout=30, stream=True) as response:
        got = sum(len(part) for part in response.iter_content(1 << 20))
    assert got > 200 * MIB
    assert peak(sidecar) < LIMIT


def test_a_client_cannot_make_series(program, tmp_path, sidecar):
    port = free_port()
    target = sidecar.url
    with proxied(
        program, target, tmp_path, metrics_listen=f"127.0.0.1:{port}", metrics_names="otel,compatible"
    ) as other:
        with requests.Session() as session:
            for number in range(40):
                call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": f"tool-{number}"}}
                session.post(f"{other.url}/mcp", json=call, headers={"Mcp-Protocol-Version": str(number)}, timeout=10)
                session.post(f"{other.url}/mcp", json={**call, "method": f"m-{number}"}, timeout=10)
        assert [name for name in metrics(port) if "tool-" in name or "m-" in name] == []
