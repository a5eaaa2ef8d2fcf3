# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A port of this machine whose connections are forwarded to a Pod of an MCPServer by the API server."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import typing as t
import zlib

from .._vendor._engine.serving_pod import serving_pod
from .._vendor._errors import McpKubernetesError
from .._vendor._kube.portforward import PodDialer
from .._vendor._workload.errors import NoServingPod
from .._vendor._workload.names import server_key
from .._vendor._workload.ports import served_port
from ..errors import ArgumentsInvalid

if t.TYPE_CHECKING:
    import types

    from .._vendor._kube.client import Client

_HOST: t.Final = "127.0.0.1"
_FIRST_PORT: t.Final = 20_000
_PORTS: t.Final = 10_000  # below the ports that systems give to outgoing connections
_CONNECTIONS: t.Final = 64  # at once, each with four threads
_DIAL_TIMEOUT: t.Final = 10.0  # seconds
_BLOCK: t.Final = 65_536  # bytes
_ACCEPT_DELAY: t.Final = 0.1  # seconds after a failure, for example because too many files are open

Object = t.Mapping[str, t.Any]


def usual_port(server: Object) -> int:
    """Return the local port of an MCPServer, which is the same each time, as a client's file has it."""
    return _FIRST_PORT + zlib.crc32(server_key(server).encode()) % _PORTS


def usual_ports(servers: t.Mapping[str, Object]) -> dict[str, int]:
    """Return the local ports of MCPServers that are connected at once, by the names in the mapping.

    They are the usual ones, except for servers whose ports would be the same.
    """
    found: dict[str, int] = {}
    for name, server in sorted(servers.items(), key=lambda item: server_key(item[1])):
        port = usual_port(server)
        while port in found.values():
            port = _FIRST_PORT + (port + 1 - _FIRST_PORT) % _PORTS
        found[name] = port
    return found


class LocalForward:
    """A context manager that listens on a loopback port.

    All connections go to one Pod while it serves, because a session exists in one Pod only.

    :raises ArgumentsInvalid: the port is in use.
    """

    def __init__(self, client: Client, server: Object, port: int) -> None:
        self._client = client
        self._server = server
        self._pod: str | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._free = threading.BoundedSemaphore(_CONNECTIONS)
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listener.bind((_HOST, port))
        except OSError as exc:
            self._listener.close()
            raise ArgumentsInvalid(
                f"The port {port} for MCPServer {server_key(server)} cannot be used: {exc.strerror}.",
                "Give another one with --local-port, or end the process that uses it.",
            ) from None
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, name=f"forward {server_key(server)}", daemon=True)

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._closed.set()
        # To close the listener alone would leave the thread in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self) -> None:
        failure: int | None = None
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError as exc:
                if self._closed.wait(_ACCEPT_DELAY):
                    return
                if exc.errno != failure:
                    failure = exc.errno
                    self._say(f"a connection could not be accepted: {exc.strerror}")
                continue
            failure = None
            if not self._free.acquire(blocking=False):
                self._say(f"more than {_CONNECTIONS} connections at once; one is closed")
                connection.close()
                continue
            threading.Thread(target=self._forward, args=(connection,), daemon=True).start()

    def _forward(self, connection: socket.socket) -> None:
        with connection:
            try:
                dialer, pod = self._dial()
                try:
                    _copy_both_ways(connection, pod)
                finally:
                    dialer.close()
            except McpKubernetesError as exc:
                self._say(str(exc))
            finally:
                self._free.release()

    def _dial(self) -> tuple[PodDialer, socket.socket]:
        """Connect to the Pod of the last connection, or else to another one."""
        with self._lock:
            known = self._pod
        if known is not None:
            with contextlib.suppress(McpKubernetesError):
                return self._connect(known)
        found = serving_pod(self._client, self._server)
        if found is None:
            raise NoServingPod(f"MCPServer {server_key(self._server)} has no Pod that is ready.")
        name = str(found["metadata"]["name"])
        dialed = self._connect(name)
        with self._lock:
            self._pod = name
        if name != known:
            self._say(f"connected to Pod {name}")
        return dialed

    def _connect(self, pod: str) -> tuple[PodDialer, socket.socket]:
        namespace, port = self._server["metadata"]["namespace"], served_port(self._server)
        dialer = PodDialer(self._client.configuration, namespace, pod, port)
        try:
            return dialer, dialer.dial(_DIAL_TIMEOUT)
        except McpKubernetesError:
            dialer.close()
            raise

    def _say(self, text: str) -> None:
        sys.stderr.write(f"mcp-operator: {server_key(self._server)}: {text}\n")
        sys.stderr.flush()


def _copy_both_ways(one: socket.socket, other: socket.socket) -> None:
    """Copy until both ends have nothing more to send; nothing is kept back, so that streams stay streams."""
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while block := source.recv(_BLOCK):
            target.sendall(block)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
