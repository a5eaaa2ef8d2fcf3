# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers in the one namespace that the operator of these tests watches, and what becomes of them."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

from support import cluster
from support.official_clients import Clients
from support.operator import SERVERS, WATCHED, Operator, in_use, installed

GO = "localhost/mcp-servers/go-sdk:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"
# The published server, that begins only after a while.
SLOW = {
    "image": "localhost/mcp-servers/fastmcp:3.4.10",
    "command": ["/opt/venv/bin/python", "-c"],
    "args": ["import os, sys, time; time.sleep(45); os.execv(sys.executable, [sys.executable, '/srv/server.py'])"],
}
_PLURALS = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Service": "/api/v1/namespaces/{}/services",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "HorizontalPodAutoscaler": "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
    "MCPServer": SERVERS + "/{}/mcpservers",
}


@pytest.fixture(scope="session")
def operator(client: Client, crd: None, images: None) -> Iterator[Operator]:
    with installed(client) as found:
        yield found


@pytest.fixture(autouse=True)
def use(operator: Operator, request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep tests that stop the operator apart from all others."""
    with in_use(exclusive=request.node.get_closest_marker("stops_operator") is not None):
        yield


class Server:
    """One MCPServer, as users and controllers see it."""

    def __init__(self, client: Client, name: str, namespace: str = WATCHED) -> None:
        self.client = client
        self.name = name
        self.namespace = namespace
        self.path = f"{SERVERS}/{namespace}/mcpservers/{name}"

    def apply(self, **spec: Any) -> None:
        body = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": self.name, "namespace": self.namespace},
            "spec": spec,
        }
        query = {"fieldManager": "tests", "force": "true"}
        self.client.request("PATCH", self.path, what="apply", body=ApplyPatch(body), query=query)

    def delete(self) -> None:
        with contextlib.suppress(ApiNotFound):
            self.client.request("DELETE", self.path, what="delete an MCPServer")

    def read(self) -> dict[str, Any]:
        return cluster.found(self.client, self.path) or {}

    @property
    def status(self) -> dict[str, Any]:
        return self.read().get("status") or {}

    def condition(self, kind: str) -> dict[str, Any]:
        return next((entry for entry in self.status.get("conditions") or [] if entry["type"] == kind), {})

    def becomes(self, phase: str, state: str, text: str = "", timeout: float = 120) -> dict[str, Any]:
        """Wait until the status of this very generation says so, and return it."""

        def check() -> dict[str, Any] | None:
            found = self.read()
            status = found.get("status") or {}
            now = status.get("observedGeneration") == found["metadata"]["generation"]
            said = (status.get("phase"), (status.get("validation") or {}).get("state"))
            return status if now and said == (phase, state) and text in status["message"] else None

        try:
            return cluster.until(f"{self.name} is {phase}, {state}", check, timeout)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {self.status}") from None

    def child(self, kind: str, name: str = "") -> dict[str, Any] | None:
        return cluster.found(self.client, f"{_PLURALS[kind].format(self.namespace)}/{name or self.name}")

    def patch_child(self, kind: str, body: dict[str, Any]) -> None:
        path = f"{_PLURALS[kind].format(self.namespace)}/{self.name}"
        self.client.request("PATCH", path, what=f"change a {kind}", body=MergePatch(body))

    def delete_child(self, kind: str) -> None:
        path = f"{_PLURALS[kind].format(self.namespace)}/{self.name}"
        self.client.request("DELETE", path, what=f"delete a {kind}")

    def pods(self) -> list[dict[str, Any]]:
        found = self.client.list("v1", "Pod", self.namespace, labelSelector=f"app={self.name}")
        return [pod for pod in found if not pod["metadata"].get("deletionTimestamp")]

    def events(self) -> set[tuple[str, str]]:
        """Return type and reason of its Events."""
        about = f"involvedObject.kind=MCPServer,involvedObject.name={self.name}"
        found = self.client.list("v1", "Event", self.namespace, fieldSelector=about)
        return {(event["type"], event["reason"]) for event in found}

    def records(self, *reasons: str) -> None:
        """Wait until Events of these reasons were recorded."""
        wanted = set(reasons)
        cluster.until(
            f"{self.name} has the Events {wanted}", lambda: wanted <= {reason for _type, reason in self.events()}
        )


@pytest.fixture
def make(operator: Operator, client: Client) -> Iterator[Callable[..., Server]]:
    """Apply an MCPServer of a name of its own; it is deleted afterwards."""
    made: list[Server] = []

    def apply(*, name: str = "", namespace: str = WATCHED, **spec: Any) -> Server:
        server = Server(client, name or f"s{uuid.uuid4().hex[:8]}", namespace)
        made.append(server)
        server.apply(**spec)
        return server

    yield apply
    for server in made:
        server.delete()


@pytest.fixture
def calling(client: Client) -> Iterator[Callable[..., Clients]]:
    """Let official clients call the Service of a server until the test ends."""
    with contextlib.ExitStack() as stack:

        def call(server: Server, *, clients: int, rate: int) -> Clients:
            address = client.get("v1", "Service", WATCHED, server.name)["spec"]["clusterIP"]
            made = Clients(f"http://{address}:8080/mcp", clients=clients, rate=rate)
            stack.callback(made.close)
            return made

        yield call
