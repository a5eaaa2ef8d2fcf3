# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A fake port-forward to a Pod that echoes, and MCPServers to connect to."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t

from mcp_operator._vendor._kube.errors import ApiUnreachable


def mcpserver(name="weather", *, state="Validated", url=None, **spec):
    found = {"state": state, "protocol": "streamable-http", "endpoint": f"http://{name}.team.svc:8080/mcp"}
    status = {"message": "All is well.", "validation": found if state != "Pending" else {"state": state}}
    status["conditions"] = [{"type": "Ready", "status": "True" if state == "Validated" else "False"}]
    if url:
        status["address"] = {"url": url}
    return {"metadata": {"name": name, "namespace": "team"}, "spec": {"image": "a:1", **spec}, "status": status}


class FakeClient:
    configuration = None

    def __init__(self, *servers):
        self.servers = list(servers)

    def list(self, _version, _kind, _namespace=None, **_selectors):
        return iter(self.servers)

    def find(self, _version, _kind, namespace, name):
        found = [one for one in self.servers if one["metadata"] == {"name": name, "namespace": namespace}]
        return found[0] if found else None


class EchoingPod:
    """In place of PodDialer: a Pod that sends back what it receives, until it is deleted."""

    pods: t.ClassVar[dict] = {}
    dialed: t.ClassVar[list] = []

    def __init__(self, _configuration, namespace, pod, port):
        self._pod = (namespace, pod, port)
        self._ends = []

    def dial(self, _timeout):
        if not self.pods.get(self._pod[1]):
            raise ApiUnreachable(f"Pod {self._pod[1]} is gone.")
        self.dialed.append(self._pod)
        near, far = socket.socketpair()
        self._ends += [near, far]
        threading.Thread(target=self._echo, args=(far,), daemon=True).start()
        return near

    def _echo(self, far):
        with contextlib.suppress(OSError):
            while block := far.recv(100):
                far.sendall(self._pod[1].encode() + b":" + block)

    def close(self):
        for end in self._ends:
            end.close()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def said_through(port, text):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text)
        with contextlib.suppress(ConnectionResetError):
            return connection.recv(100)
    return b""
