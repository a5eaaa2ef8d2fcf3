# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""One connection: made by a dialler, read and written under a deadline."""

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
        self.used = False  # a response came over it before

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all of the data."""
        doing = "the server to take the request"
        try:
            self._sock.settimeout(deadline.remaining(doing))
            self._sock.sendall(data)
        except OSError as exc:
            raise tls.translate(exc, deadline, doing) from None

    def receive(self, deadline: Deadline, waiting_for: str) -> bytes:
        """Return the next bytes; none at the end of the connection."""
        try:
            self._sock.settimeout(deadline.remaining(waiting_for))
            return self._sock.recv(READ_BYTES)
        except ssl.SSLEOFError:
            return b""
        except OSError as exc:
            raise tls.translate(exc, deadline, waiting_for) from None

    def receive_available(self) -> bytes | None:
        """Return the bytes that are there, none at the end of the connection, None when there is nothing yet.

        That a TLS connection can be read need not mean that there is data: it may be a session ticket.
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
        """Tell whether the connection is open and nothing came that nobody asked for."""
        return not wait_readable([self], 0) or self.receive_available() is None

    @property
    def pending(self) -> bool:
        """Tell whether decrypted bytes wait that the operating system knows nothing of."""
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def fileno(self) -> int:
        """Return the descriptor, for waiting."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def wait_readable(connections: t.Sequence[Connection], seconds: float) -> list[Connection]:
    """Return those of the connections that can be read, waiting for the first one for at most ``seconds``."""
    ready = [connection for connection in connections if connection.pending]
    if ready:
        return ready
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        return [t.cast("Connection", key.fileobj) for key, _events in selector.select(seconds)]


def connect(
    origin: Origin, server_name: str, context: ssl.SSLContext | None, dial: Dialer | None, deadline: Deadline
) -> Connection:
    """Make a connection; encrypt it when a context is given."""
    doing = f"a connection to {origin.host} port {origin.port}"
    try:
        sock = (dial or dial_tcp)(origin.host, origin.port, deadline.remaining(doing))
    except McpError:
        raise
    except (socket.timeout, TimeoutError):
        raise deadline.exceeded(doing) from None
    except OSError as exc:
        reason = clean(exc.strerror or exc)
        raise ConnectError(f"No connection to {origin.host} port {origin.port}: {reason}.") from None
    return Connection(sock if context is None else tls.wrap(sock, context, server_name, deadline))


def dial_tcp(host: str, port: int, seconds: float) -> socket.socket:
    """Connect by TCP; the time is shared fairly by the addresses of the host."""
    deadline = Deadline(seconds)
    addresses = _resolve(host, port, deadline)
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
    """Look the name up. The resolver knows no deadline, so a name is looked up in a thread that may be left behind."""
    try:
        return t.cast("list[_Address]", socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST))
    except (socket.gaierror, UnicodeError):
        pass  # no literal address
    outcome: list[t.Any] = []

    def look_up() -> None:
        try:
            outcome.append(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as exc:
            outcome.append(exc)

    thread = threading.Thread(target=look_up, name="mcp-resolve", daemon=True)
    thread.start()
    thread.join(deadline.remaining("the name to be looked up"))
    if not outcome:
        raise deadline.exceeded(f"the name {clean(host)} to be looked up")
    if isinstance(outcome[0], Exception):
        reason = clean(getattr(outcome[0], "strerror", None) or outcome[0])
        # The name of a Service may not be known yet; one that no resolver can look up never will be.
        retryable = isinstance(outcome[0], OSError)
        raise ConnectError(f"The name {clean(host)} has no address: {reason}.", code="DNS_FAILED", retryable=retryable)
    return t.cast("list[_Address]", outcome[0])
