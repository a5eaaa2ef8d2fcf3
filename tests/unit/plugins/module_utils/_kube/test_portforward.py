# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import errors
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.portforward import Forward, PodDialer
from kubernetes.client import Configuration
from websocket import ABNF, WebSocket

PORT = 8080


def frame(channel: int, data: bytes) -> bytes:
    return ABNF.create_frame(bytes([channel]) + data, ABNF.OPCODE_BINARY).format()


@pytest.fixture
def failures(monkeypatch) -> list[str]:
    """Record the threads that end with an exception."""
    seen: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(repr(args.exc_value)))
    return seen


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end and the API server's end of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def opened(ends: tuple[socket.socket, socket.socket]) -> tuple[Forward, threading.Thread]:
    """A port-forward after the frames that begin each channel, and its thread."""
    ours, theirs = ends
    websocket = WebSocket()
    websocket.sock, websocket.connected = ours, True
    before = set(threading.enumerate())
    forward = Forward(websocket, [PORT])
    [thread] = [thread for thread in set(threading.enumerate()) - before if "port forward" in thread.name]
    for channel in (0, 1):
        theirs.sendall(frame(channel, PORT.to_bytes(2, "little")))
    return forward, thread


def test_data_passes(ends):
    forward, thread = opened(ends)
    ends[1].sendall(frame(0, b"hello"))
    assert forward.socket(PORT).recv(5) == b"hello"
    # The package waits some seconds for it.
    ends[1].sendall(ABNF.create_frame(b"\x03\xe8", ABNF.OPCODE_CLOSE).format())
    forward.close()
    thread.join(5)
    assert not thread.is_alive()


def test_a_client_that_closes_with_unread_data_leaves_no_traceback_and_no_connection(ends, failures):
    forward, thread = opened(ends)
    ends[1].sendall(frame(0, b"not read"))
    select.select([forward.socket(PORT)], [], [], 5)
    forward.close()
    thread.join(5)
    assert (thread.is_alive(), forward.connected, failures) == (False, False, [])


def test_a_client_reads_the_end_when_the_api_server_sends_rubbish(ends, failures):
    forward, thread = opened(ends)
    ends[1].sendall(frame(9, b"no such channel"))
    forward.socket(PORT).settimeout(5)
    assert forward.socket(PORT).recv(1) == b""
    forward.close()
    thread.join(5)
    assert (thread.is_alive(), failures) == (False, [])


def test_only_the_thread_that_reads_a_connection_closes_it(ends):
    forward, thread = opened(ends)
    dialer = PodDialer(Configuration(), "team", "wiki-0", PORT)
    dialer._forwards.append(forward)
    forward.close()
    select.select([ends[1]], [], [], 5)  # the close frame: the package says that it is not connected, and still reads
    dialer.close()
    assert (forward.connected, ends[0].fileno()) != (False, -1)
    ends[1].sendall(ABNF.create_frame(b"\x03\xe8", ABNF.OPCODE_CLOSE).format())
    thread.join(5)
    assert (thread.is_alive(), ends[0].fileno()) == (False, -1)


class Refusal(BaseHTTPRequestHandler):
    seen: str = ""
    status = 403

    def do_GET(self) -> None:
        Refusal.seen = f"{self.path} {self.headers['Authorization']}"
        body = b'{"kind":"Status","message":"pods \\"wiki-0\\" is forbidden"}'
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Write nothing."""


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, errors.ApiUnauthorized),
        (403, errors.ApiForbidden),
        # Another attempt may succeed.
        (404, errors.ApiUnreachable),
        (429, errors.ApiUnreachable),
        (500, errors.ApiUnreachable),
    ],
)
def test_a_refused_handshake_names_what_the_api_server_said(monkeypatch, status, error):
    monkeypatch.setattr(Refusal, "status", status)
    with HTTPServer(("127.0.0.1", 0), Refusal) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        configuration = Configuration()
        configuration.host = f"http://127.0.0.1:{server.server_port}/prefix"
        configuration.api_key = {"BearerToken": "t", "authorization": "t"}
        configuration.api_key_prefix = {"BearerToken": "Bearer", "authorization": "Bearer"}
        with pytest.raises(error, match='forward port 8080 of Pod team/wiki-0: pods "wiki-0" is forbidden'):
            PodDialer(configuration, "team", "wiki-0", PORT).dial(5.0)
    assert Refusal.seen == "/prefix/api/v1/namespaces/team/pods/wiki-0/portforward?ports=8080 Bearer t"


def test_a_closed_port_of_the_api_server_is_unreachable():
    configuration = Configuration()
    configuration.host = "http://127.0.0.1:1"
    with pytest.raises(errors.ApiUnreachable, match="Could not forward port 8080"):
        PodDialer(configuration, "team", "wiki-0", PORT).dial(5.0)
