# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Open a connection, and read and write it under a deadline."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import typing as t

from ..._util import clean
from ..errors import ConnectError, McpError
from . import tls
from .deadline import Deadline

if t.TYPE_CHECKING:
    from ..options import Dialer
    from .urls import Origin

    _Address = tuple[int, int, int, str, t.Any]

READ_BYTES = 64 * 1024


class Connection:
    """A connected socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.used = False  # it has carried a response

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of the data."""
        doing = "sending the request"
        try:
            self._sock.settimeout(deadline.remaining(doing))
            self._sock.sendall(data)
        except OSError as exc:
            raise tls.translate(exc, deadline, doing) from None

    def receive(self, deadline: Deadline, waiting_for: str) -> bytes:
        """Return the next bytes; empty at the end of the connection."""
        try:
            self._sock.settimeout(deadline.remaining(waiting_for))
            return self._sock.recv(READ_BYTES)
        except ssl.SSLEOFError:
            return b""
        except OSError as exc:
            raise tls.translate(exc, deadline, waiting_for) from None

    def receive_available(self) -> bytes | None:
        """Return the available bytes without waiting; empty at the end of the connection, None if there are none yet.

        A readable TLS connection need not have data: it may have received a session ticket.
        """
        try:
            self._sock.settimeout(0)
            return self._sock.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""

    @property
    def idle(self) -> bool:
        """Whether the connection is open and has received no unexpected data."""
        return self.receive_available() is None

    @property
    def pending(self) -> bool:
        """Whether there are decrypted bytes, which a selector does not see."""
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def fileno(self) -> int:
        """Return the file descriptor for a selector."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def wait_readable(connections: t.Sequence[Connection], seconds: float) -> list[Connection]:
    """Wait for at most ``seconds`` until a connection is readable, and return the readable ones."""
    ready = [connection for connection in connections if connection.pending]
    if ready:
        return ready
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        return [t.cast("Connection", key.fileobj) for key, _events in selector.select(seconds)]


def connect(
    origin: Origin, server_name: str, context: ssl.SSLContext | None, dial: Dialer, deadline: Deadline
) -> Connection:
    """Open a connection, with TLS if a context is given.

    :raises McpError: if that fails, with the reason.
    """
    doing = f"a connection to {origin.host} port {origin.port}"
    try:
        sock = dial(origin.host, origin.port, deadline.remaining(doing))
    except McpError:
        raise
    except (socket.timeout, TimeoutError):
        raise deadline.exceeded(doing) from None
    except OSError as exc:
        seen = f"No connection to {origin.host} port {origin.port}: {clean(exc.strerror or exc)}."
        raise ConnectError(seen, refused=isinstance(exc, ConnectionRefusedError)) from None
    return Connection(sock if context is None else tls.wrap(sock, context, server_name, deadline))


class Dialing:
    """Opens connections by a dialer, by TCP if there is none, and records whether one was opened."""

    def __init__(self, dial: Dialer | None) -> None:
        self.succeeded = False
        self._dial = dial or dial_tcp

    def __call__(self, host: str, port: int, seconds: float) -> socket.socket:
        """Return a connected socket, see :data:`..options.Dialer`."""
        sock = self._dial(host, port, seconds)
        self.succeeded = True
        return sock


def dial_tcp(host: str, port: int, seconds: float, check: t.Callable[[str], None] | None = None) -> socket.socket:
    """Connect by TCP. The addresses of the host share the time equally.

    :param check: is called with each address before a connection is opened, and raises to prevent that.
    """
    deadline = Deadline(seconds)
    addresses = _resolve(host, port, deadline)
    if check is not None:
        for *_kind, address in addresses:
            check(str(address[0]))
    failure: OSError = OSError("the name has no address")
    for index, (family, kind, protocol, _name, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.remaining("a connection") / (len(addresses) - index))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as exc:
            sock.close()
            failure = exc
        else:
            return sock
    raise failure


def _resolve(host: str, port: int, deadline: Deadline) -> list[_Address]:
    """Resolve the host name, in a thread that may outlive the call: the resolver has no timeout."""
    try:
        return t.cast("list[_Address]", socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST))
    except (socket.gaierror, UnicodeError):
        pass  # not an IP address
    results: list[t.Any] = []

    def look_up() -> None:
        try:
            results.append(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as exc:
            results.append(exc)

    thread = threading.Thread(target=look_up, name="mcp-resolve", daemon=True)
    thread.start()
    thread.join(deadline.remaining("name resolution"))
    if not results:
        raise deadline.exceeded(f"resolution of the name {clean(host)}")
    if isinstance(results[0], Exception):
        reason = clean(getattr(results[0], "strerror", None) or results[0])
        # The name of a Service may appear later; an invalid name never resolves.
        retryable = isinstance(results[0], OSError)
        raise ConnectError(
            f"The name {clean(host)} does not resolve: {reason}.", code="DNS_FAILED", retryable=retryable
        )
    return t.cast("list[_Address]", results[0])
