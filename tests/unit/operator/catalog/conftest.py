# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import copy

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound

SERVER = {
    "metadata": {"namespace": "tools", "creationTimestamp": "2026-05-01T00:00:00Z"},
    "spec": {},
    "status": {
        "address": {"url": "https://mcp.example.com/tools"},
        "conditions": [{"type": "Reachable", "status": "True"}],
        "validation": {
            "state": "Validated",
            "endpoint": "http://weather.tools.svc:8080/mcp",
            "serverInfo": {"name": "Weather", "version": "1.2.3"},
        },
    },
}


class Api:
    """Lists MCPServers.

    :ivar servers: all of them.
    :ivar error: raised instead.
    :ivar asked: the namespaces of all calls.
    :ivar missing: namespaces that do not exist.
    """

    def __init__(self):
        self.servers, self.error, self.asked, self.missing = [], None, [], set()

    def request(self, method, path, *, what):
        namespace = path.removeprefix("/api/v1/namespaces/")
        assert (method, what) == ("GET", f"read namespace {namespace}")
        if namespace in self.missing:
            raise ApiNotFound(f'namespaces "{namespace}" not found', status=404)
        return {}

    def list(self, _version, _kind, namespace):
        self.asked.append(namespace)
        if self.error is not None:
            raise self.error
        return iter(one for one in self.servers if namespace in (None, one["metadata"]["namespace"]))


@pytest.fixture
def server():
    """Return an MCPServer that is listed."""

    def make(name="weather", namespace="tools", **status):
        made = copy.deepcopy(SERVER)
        made["metadata"].update(name=name, namespace=namespace)
        made["status"].update(status)
        return made

    return make


@pytest.fixture
def api():
    return Api()
