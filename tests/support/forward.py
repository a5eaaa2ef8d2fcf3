# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A Pod's port on this machine's loopback interface, as ``kubectl port-forward`` makes one."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.portforward import PodDialer


@contextmanager
def forward(client: Client, namespace: str, pod: str, port: int) -> Iterator[str]:
    """Yield the ``host:port`` that leads to the Pod while the block runs."""
    dialer = PodDialer(client.configuration, namespace, pod, port)
    server = socket.create_server(("127.0.0.1", 0))
    clients: list[socket.socket] = []
    threading.Thread(target=_accept, args=(server, dialer, clients), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()
        dialer.close()
        for near in clients:
            near.close()


def _accept(server: socket.socket, dialer: PodDialer, clients: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):  # the block has ended
        while True:
            near, _address = server.accept()
            clients.append(near)
            far = dialer.dial(10.0)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):  # either side may end first
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
