# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Connections to a Pod's port that the API server carries.

The kubelet dials the Pod's *loopback* interface: a server that listens on 127.0.0.1 only answers here although no
Service reaches it. Who judges a Pod by such a connection must also know that a probe on the Pod's address passed.
"""

from __future__ import annotations

import threading
import typing as t

from .errors import ApiUnreachable, KubeError, from_status

try:
    import kubernetes.client
    from kubernetes.client.exceptions import ApiException
    from kubernetes.stream import portforward
except ImportError:  # auth.configuration says which package is missing
    pass

if t.TYPE_CHECKING:
    import socket

    from kubernetes.client import Configuration


class PodDialer:
    """Dials one port of one Pod.

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

        :param timeout: seconds for the API server to set the stream up.
        :raises KubeError: the API server refuses, or does not answer in time.
        """
        done = threading.Event()
        box: dict[str, t.Any] = {}

        def connect() -> None:
            try:
                # An ApiClient of its own: the client swaps a method of it while it connects.
                api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(self._configuration))
                call = api.connect_get_namespaced_pod_portforward
                box["forward"] = portforward(call, self._pod, self._namespace, ports=str(self._port))
            except Exception as exc:  # noqa: BLE001 - whatever it is, it belongs to the thread that waits
                box["error"] = exc
            done.set()

        # The client's handshake takes no time-out, so it runs beside a clock that does.
        threading.Thread(target=connect, name=f"port-forward {self._pod}", daemon=True).start()
        if not done.wait(timeout):
            raise ApiUnreachable(
                f"The API server did not open a port-forward to Pod {self._namespace}/{self._pod} in {timeout:.0f} s."
            )
        if "error" in box:
            raise self._error(box["error"])
        forward = box["forward"]
        self._forwards.append(forward)
        # The client wraps its socket pair in an object that is no socket; the pair's end itself is one.
        wrapped = forward.socket(self._port)
        return t.cast("socket.socket", getattr(wrapped, "_socket", wrapped))

    @property
    def refused(self) -> str | None:
        """What the kubelet said when it could not reach the port, or None."""
        for forward in reversed(self._forwards):
            error = forward.error(self._port)
            if error:
                return str(error).strip()[:300]
        return None

    def close(self) -> None:
        """End every connection; the client's threads end with them."""
        for forward in self._forwards:
            forward.close()
            if not forward.connected:
                # The API server has said goodbye: the client then takes its own end for closed, which it is not.
                forward.websocket.shutdown()

    def _error(self, exc: Exception) -> KubeError:
        what = f"forward port {self._port} of Pod {self._namespace}/{self._pod}"
        if isinstance(exc, ApiException) and exc.status:
            return from_status(int(exc.status), exc.reason, what)
        return ApiUnreachable(f"Could not {what}: {str(exc)[:300]}.")
