# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Connections to a port of a Pod by the API server's port-forward.

The kubelet connects to the Pod's *loopback* interface: a server that listens only on 127.0.0.1 responds here although
no Service reaches it. A validation by port-forward must also require that a probe of the Pod's address has passed.
"""

from __future__ import annotations

import threading
import typing as t

from .errors import ApiUnreachable, KubeError, from_status

try:
    import kubernetes.client
    from kubernetes.client.exceptions import ApiException
    from kubernetes.stream import portforward
except ImportError:  # auth.configuration reports the missing package
    pass

if t.TYPE_CHECKING:
    import socket

    from kubernetes.client import Configuration


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
                # A separate ApiClient: the package replaces a method of it while it connects.
                api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(self._configuration))
                call = api.connect_get_namespaced_pod_portforward
                box["forward"] = portforward(call, self._pod, self._namespace, ports=str(self._port))
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
            if not forward.connected:
                # After the API server's close frame, the package leaves its own end of the WebSocket open.
                forward.websocket.shutdown()

    def _error(self, exc: Exception) -> KubeError:
        what = f"forward port {self._port} of Pod {self._namespace}/{self._pod}"
        if isinstance(exc, ApiException) and exc.status:
            return from_status(int(exc.status), exc.reason, what)
        return ApiUnreachable(f"Could not {what}: {str(exc)[:300]}.")
