# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import logging
import socket
import threading
from http import HTTPStatus

import pytest
from mcp_operator.process.http_server import Limits, Response

from support.clock import eventually
from support.http import get


def ok(_request):
    return Response(HTTPStatus.OK, b"ok\n")


def connect(port, sent=b""):
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(sent)
    return connection


def received(connection):
    """Return what the server sends until it closes the connection."""
    parts = []
    with connection:
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
    return b"".join(parts)


def test_a_page_sees_the_request(serve):
    seen = []
    port = serve({"/a": lambda request: seen.append(request) or ok(request)})
    answer = received(connect(port, b"GET /a?b HTTP/1.1\r\nauthorization: Bearer x\r\nIf-None-Match: z\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: 3\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"\r\n\r\nok\n")
    assert seen == [("/a", "Bearer x", "127.0.0.1", "b", "z", "GET")]


def test_a_response_to_head_has_no_body(serve):
    answer = received(connect(serve({"/a": ok}), b"HEAD /a HTTP/1.1\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: 3\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED])
def test_a_response_that_never_has_a_body_has_no_length(serve, status):
    answer = received(connect(serve({"/a": lambda _request: Response(status, b"")}), b"GET /a HTTP/1.1\r\n\r\n"))
    assert b"Content-Length" not in answer


def test_options_is_allowed_with_header_fields_for_it(serve):
    sent = b"OPTIONS /a HTTP/1.1\r\n\r\n"
    assert b" 405 " in received(connect(serve({"/a": ok}), sent))
    assert b"\r\nA: b\r\n" in received(connect(serve({"/a": ok}, preflight={"A": "b"}), sent))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /a HTTP/1.0\r\n\r\n", 200),
        (b"POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405),
        (b"GET /a\r\n\r\n", 400),
        (b"GET /a HTTP/2\r\n\r\n", 400),
        (b"\x16\x03\x01\x00\xff\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
        (b"GET /a HTTP/1.1\r\na: " + b"b" * 20_000 + b"\r\n\r\n", 431),
        (b"GET /a HTTP/1.1\r\na: " + b"b" * 40_000, 431),
        (b"GET /a HTTP/1.1\r\n", None),
    ],
)
def test_requests_and_their_statuses(serve, sent, status):
    connection = connect(serve({"/a": ok}), sent)
    if status is None:
        connection.shutdown(socket.SHUT_WR)
        assert received(connection) == b""
    else:
        assert received(connection).split(b" ")[1] == str(status).encode()


def test_a_page_that_fails_is_an_error_and_the_server_goes_on(serve, caplog):
    def fails(_request):
        raise RuntimeError("why")

    url = f"http://127.0.0.1:{serve({'/a': fails, '/b': ok})}"
    assert get(f"{url}/a") == (500, "internal error\n")
    assert "why" in caplog.text
    assert get(f"{url}/b") == (200, "ok\n")


def test_a_request_that_comes_byte_by_byte_has_one_deadline(serve):
    """Each byte comes in time; the header fields as a whole do not."""
    port = serve({"/a": ok}, limits=Limits(head_seconds=0.3))
    connection, stop = connect(port, b"GET /a HTTP/1.1\r\n"), threading.Event()

    def drip():
        while not stop.wait(0.05):
            try:
                connection.sendall(b"a")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    assert received(connection) == b""
    stop.set()
    thread.join()


def test_one_connection_too_many_closes_the_oldest_that_waits(serve):
    go_on = threading.Event()
    began = threading.Event()

    def slow(request):
        began.set()
        assert go_on.wait(30)
        return ok(request)

    port = serve({"/slow": slow, "/a": ok}, limits=Limits(connections=3))
    responding = connect(port, b"GET /slow HTTP/1.1\r\n\r\n")
    assert began.wait(10)
    waiting = [connect(port), connect(port)]
    assert get(f"http://127.0.0.1:{port}/a") == (200, "ok\n")
    assert received(waiting[0]) == b""
    waiting[1].sendall(b"GET /a HTTP/1.1\r\n\r\n")
    assert received(waiting[1]).endswith(b"ok\n")
    go_on.set()
    assert received(responding).endswith(b"ok\n")


def test_a_response_that_is_not_read_is_given_up(serve, caplog):
    caplog.set_level(logging.DEBUG)
    big = Response(HTTPStatus.OK, b"x" * 50_000_000)
    port = serve({"/big": lambda _request: big}, limits=Limits(response_seconds=0.3))
    with connect(port, b"GET /big HTTP/1.1\r\n\r\n") as connection:
        eventually(lambda: "The connection of 127.0.0.1 ended: timeout" in caplog.text)
        assert 0 < len(received(connection)) < len(big.body)


def test_pages_have_a_fixed_number_of_threads(serve):
    go_on, most = threading.Event(), []

    def slow(request):
        most.append(sum(thread.name.startswith(f"pages-{port}") for thread in threading.enumerate()))
        assert go_on.wait(30)
        return ok(request)

    port = serve({"/slow": slow}, limits=Limits(connections=30, threads=2))
    connections = [connect(port, b"GET /slow HTTP/1.1\r\n\r\n") for _ in range(20)]
    eventually(lambda: len(most) == 2)
    go_on.set()
    assert all(received(connection).endswith(b"ok\n") for connection in connections)
    assert max(most) == 2


def test_ipv6(serve):
    port = serve({"/a": ok}, "::1")
    assert get(f"http://[::1]:{port}/a") == (200, "ok\n")
