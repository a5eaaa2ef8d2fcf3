# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Connections: opening, reuse, deadlines."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import (
    ConnectError,
    DeadlineExceeded,
    InvalidTarget,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import connection
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.deadline import Deadline
from zoo.certificates import Certificates
from zoo.fake_server import FakeServer
from zoo.fake_servers.reach import Stale
from zoo.fake_servers.refusals import StreamingGet
from zoo.run import HOST, Zoo
from zoo.servers import LegacySse, Streamable

DESCRIPTORS = Path("/proc/self/fd")
Open = Callable[[object], contextlib.AbstractContextManager[int]]


@pytest.fixture
def port_of(tmp_path: Path) -> Open:
    """Return a context manager that runs a fake server and yields its port."""

    @contextlib.contextmanager
    def serve(keeper: object) -> Iterator[int]:
        with Zoo([FakeServer("it", keeper)], tmp_path) as zoo:  # type: ignore[arg-type]
            yield zoo.ports["it"]

    return serve


class Counting:
    """A dialer that counts connections."""

    def __init__(self) -> None:
        self.dialled: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((host, port))
        return socket.create_connection((host, port), seconds)


@pytest.mark.parametrize(
    ("keeper", "path", "dials"),
    [
        (Streamable, "/mcp", {1}),
        (partial(Streamable, mode="sse"), "/mcp", {1}),
        (partial(Streamable, session=None), "/mcp", {1}),
        (StreamingGet, "/mcp", {2}),  # one for the stream beside the requests
        (LegacySse, "/sse", {4}),  # two POSTs that are refused, the stream, and one for all further POSTs
        # One for each request, unless the connection of the GET is still open when the next request begins.
        (Stale, "/mcp", {10, 11}),
    ],
)
def test_connections_are_reused(port_of: Open, keeper: object, path: str, dials: set[int]) -> None:
    dial = Counting()
    with port_of(keeper) as port:
        report = validate(Target(host=HOST, port=port, path=path), dial=dial)
    assert report.compliant
    assert set(dial.dialled) == {(HOST, port)}
    assert len(dial.dialled) in dials


def test_tls_connections_are_reused(tmp_path: Path) -> None:
    dial = Counting()
    with Zoo([FakeServer("it", Streamable, tls="good")], tmp_path) as zoo:
        target = Target(host=HOST, port=zoo.ports["it"], scheme="https", path="/mcp")
        report = validate(target, Options(ca_cert=zoo.authority), dial=dial)
    assert report.compliant, report.issues
    assert len(dial.dialled) == 1


def test_a_dialer_may_return_a_socket_pair(port_of: Open) -> None:
    """A port-forward does that."""
    carriers: list[threading.Thread] = []
    with port_of(Streamable) as port:

        def dial(host: str, number: int, seconds: float) -> socket.socket:
            assert (host, number) == ("pod.invalid", 80)
            near, far = socket.socketpair()
            there = socket.create_connection((HOST, port), seconds)
            for one, other in ((far, there), (there, far)):
                carriers.append(threading.Thread(target=carry, args=(one, other)))
                carriers[-1].start()
            return near

        report = validate(Target(url="http://pod.invalid/mcp"), dial=dial)
    for carrier in carriers:
        carrier.join(5)
    assert report.compliant
    assert report.endpoint == "http://pod.invalid/mcp"


def carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    one.close()


def refuses(error: Exception) -> Report:
    def dial(host: str, port: int, seconds: float) -> socket.socket:
        raise error

    return validate(Target(url="http://h/"), Options(timeout=2), dial=dial)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError("no route\x1b[2J"), "CONNECT_FAILED"),
        (ConnectionRefusedError(111, "Connection refused"), "CONNECT_FAILED"),
        (TimeoutError(), "TIMEOUT"),
        (ConnectError("The Pod is gone.", code="CONNECT_FAILED"), "CONNECT_FAILED"),
    ],
)
def test_errors_of_a_dialer(error: Exception, code: str) -> None:
    report = refuses(error)
    assert [issue.code for issue in report.issues] == [code]
    assert not report.connected
    assert (report.reached, report.compliant, report.transport) == (False, False, None)
    assert report.issues[0].message.isprintable()


def test_a_server_that_accepts_a_connection_and_is_silent_was_connected_to() -> None:
    with socket.create_server((HOST, 0)) as server:
        report = validate(Target(url=f"http://{HOST}:{server.getsockname()[1]}/mcp"), Options(timeout=0.5))
    assert [issue.code for issue in report.issues] == ["TIMEOUT"]
    assert (report.connected, report.reached) == (True, False)


def test_the_deadline_holds_during_name_resolution(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def resolve(*arguments: object) -> object:
        if len(arguments) == 6:  # the check for an IP address
            raise socket.gaierror(socket.EAI_NONAME, "no")
        released.wait(10)
        return []

    monkeypatch.setattr(connection.socket, "getaddrinfo", resolve)
    began = time.monotonic()
    report = validate(Target(url="http://slow.invalid/"), Options(timeout=0.3))
    released.set()
    assert [issue.code for issue in report.issues] == ["TIMEOUT"]
    assert time.monotonic() - began < 1.5


def test_all_addresses_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as server, socket.socket() as unheard:
        unheard.bind((HOST, 0))
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", unheard.getsockname()),
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", server.getsockname()),
        ]
        monkeypatch.setattr(connection, "_resolve", lambda *_: addresses)
        with connection.dial_tcp("h", 1, 5.0) as sock:
            assert sock.getpeername() == server.getsockname()


def test_a_narrower_deadline_is_not_later_than_the_wider_one() -> None:
    wide = Deadline(0.01)
    assert wide.within(5) is wide
    assert Deadline(60).within(0.01).left <= 0.01
    time.sleep(0.02)
    assert wide.passed
    with pytest.raises(DeadlineExceeded):
        wide.remaining("anything")


def serve_tls_once(server: socket.socket, context: ssl.SSLContext) -> None:
    """Reject one connection with a TLS alert, as most servers do, unless the server ends before."""
    with contextlib.suppress(OSError):
        sock, _address = server.accept()
        with context.wrap_socket(sock, server_side=True) as encrypted:
            encrypted.recv(65536)
            encrypted.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    ("shown", "code"),
    [(None, "TLS_CLIENT_CERT_REQUIRED"), ("client_cert", "ENDPOINT_NOT_FOUND"), ("client_data", "ENDPOINT_NOT_FOUND")],
)
def test_client_certificates(tmp_path: Path, shown: str | None, code: str) -> None:
    certificates = Certificates(tmp_path)
    context = certificates.context("good")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificates.authority)
    with socket.create_server((HOST, 0)) as server:
        threads = [
            threading.Thread(target=serve_tls_once, args=(server, context), daemon=True)
            for _number in range(3)  # initialize, server/discover and GET
        ]
        for thread in threads:
            thread.start()
        file = certificates.leaf("good")
        options = Options(
            timeout=20,
            ca_cert=str(certificates.authority),
            client_cert=str(file) if shown == "client_cert" else None,
            client_data=file.read_text(encoding="utf-8") if shown == "client_data" else None,
        )
        report = validate(Target(url=f"https://{HOST}:{server.getsockname()[1]}/mcp"), options)
        server.shutdown(socket.SHUT_RDWR)  # closing it would leave the threads that got no connection
        for thread in threads:
            thread.join(20)
    assert report.issues[0].code == code, report.issues


@pytest.mark.parametrize("field", ["ca_cert", "client_cert"])
def test_unusable_tls_files(tmp_path: Path, field: str) -> None:
    (tmp_path / "bad.pem").write_text("no certificate", encoding="utf-8")
    for name in ("bad.pem", "missing.pem"):
        with pytest.raises(InvalidTarget):
            validate(Target(url="https://h/"), Options(**{field: str(tmp_path / name)}))  # type: ignore[arg-type]


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="only Linux shows the descriptors")
def test_no_descriptor_is_left_open(port_of: Open) -> None:
    with port_of(LegacySse) as port:
        before = len(list(DESCRIPTORS.iterdir()))
        for path in ("/nowhere", "/sse"):
            validate(Target(host=HOST, port=port, path=path), Options(timeout=2))
        after = len(list(DESCRIPTORS.iterdir()))
    assert after <= before + 4  # the zoo's side may not have noticed yet
