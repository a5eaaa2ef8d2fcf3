# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Connections to a port of a Pod by the API server's port-forward.

The kubelet connects to the Pod's *loopback* interface: a server that listens only on 127.0.0.1 responds here although
no Service reaches it. A validation by port-forward must also require that a probe of the Pod's address has passed.
"""

from __future__ import annotations

import contextlib
import json
import threading
import typing as t
from urllib.parse import quote

from .errors import ApiForbidden, ApiUnauthorized, ApiUnreachable, KubeError, from_status

try:
    from kubernetes.stream.ws_client import PortForward, create_websocket
    from websocket import WebSocketBadStatusException, WebSocketException
except ImportError:  # auth.configuration reports the missing package
    PortForward = object  # type: ignore[assignment, misc]

if t.TYPE_CHECKING:
    import socket

    from kubernetes.client import Configuration


class Forward(PortForward):
    """The package's port-forward, whose thread may fail without a traceback and without a connection that stays open.

    The package raises out of its thread when an end is closed while data is on its way to it, or when the API server
    resets the connection. Then Python prints a traceback into the output of a playbook, and a client that reads from
    the port waits until its deadline.
    """

    def _proxy(self) -> None:
        try:
            super()._proxy()  # type: ignore[no-untyped-call]
        except (OSError, ValueError, RuntimeError, WebSocketException):
            for port in self.local_ports.values():
                port.python.close()
        finally:
            # The package leaves its end of the WebSocket open after the API server's close frame. Only this thread may
            # close it: while it reads, its file descriptor could become that of another connection, whose first bytes
            # it would take.
            with contextlib.suppress(OSError, WebSocketException):
                self.websocket.shutdown()


class PodDialer:
    """Connects to one port of one Pod.

    :param configuration: the official client's configuration.
    """

    def __init__(self, configuration: Configuration, namespace: str, pod: str, port: int) -> None:
        self._configuration = configuration
        self._namespace = namespace
        self._pod = pod
        self._port = port
        self._forwards: list[t.Any] = []

    def dial(self, timeout: float) -> socket.socket:
        """Return a connected stream socket.

        :param timeout: seconds until the API server must have opened the stream.
        :raises KubeError: the API server refuses the connection, or does not answer in time.
        """
        done = threading.Event()
        box: dict[str, t.Any] = {}

        def connect() -> None:
            try:
                websocket = create_websocket(self._configuration, self._url(), self._authorization())
                box["forward"] = Forward(websocket, [self._port])  # type: ignore[no-untyped-call]
            except Exception as exc:  # noqa: BLE001 - raised again in the calling thread
                box["error"] = exc
            done.set()

        # The package's handshake has no timeout, so it runs in a thread that this one stops waiting for.
        threading.Thread(target=connect, name=f"port-forward {self._pod}", daemon=True).start()
        if not done.wait(timeout):
            raise ApiUnreachable(
                f"The API server did not open a port-forward to Pod {self._namespace}/{self._pod} in {timeout:.0f} s."
            )
        if "error" in box:
            raise self._error(box["error"])
        forward = box["forward"]
        self._forwards.append(forward)
        # The package wraps one end of a socket pair in an object that is not a socket.
        wrapped = forward.socket(self._port)
        return t.cast("socket.socket", getattr(wrapped, "_socket", wrapped))

    @property
    def refused(self) -> str | None:
        """The kubelet's error message if it could not connect to the port, else None."""
        for forward in reversed(self._forwards):
            error = forward.error(self._port)
            if error:
                return str(error).strip()[:300]
        return None

    def close(self) -> None:
        """Close all connections, which ends the package's threads."""
        for forward in self._forwards:
            forward.close()

    def _url(self) -> str:
        path = f"/api/v1/namespaces/{quote(self._namespace, safe='')}/pods/{quote(self._pod, safe='')}/portforward"
        host = str(self._configuration.host).rstrip("/")
        return f"ws{host.removeprefix('http')}{path}?ports={self._port}"

    def _authorization(self) -> dict[str, str]:
        # Read for each connection: the token may have been renewed.
        settings: dict[str, t.Any] = dict(self._configuration.auth_settings())
        return {s["key"]: s["value"] for s in settings.values() if s["in"] == "header" and s["value"]}

    def _error(self, exc: Exception) -> KubeError:
        what = f"forward port {self._port} of Pod {self._namespace}/{self._pod}"
        if isinstance(exc, WebSocketBadStatusException):
            refused = from_status(int(exc.status_code), _decoded(exc.resp_body), what)
            # Waiting gives no rights, but it helps if the Pod is not running yet or the API server is busy.
            return refused if isinstance(refused, (ApiForbidden, ApiUnauthorized)) else ApiUnreachable(refused.seen)
        return ApiUnreachable(f"Could not {what}: {str(exc)[:300]}.")


def _decoded(body: bytes | None) -> t.Any:
    """Return the metav1.Status of a refused handshake, or its text."""
    text = (body or b"").decode(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
