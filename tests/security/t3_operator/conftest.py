# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A ServiceAccount with the operator's permissions and policies, which attacks the API server.

Almost all attacks are dry runs: admission judges them, and nothing is stored.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid

from support import cluster
from support.policies import LABEL, fenced_account
from support.rendered import HPA, objects_of

Item = dict[str, Any]
API_VERSION = "mcp.mcp-operator.io/v1"


@pytest.fixture(scope="session")
def home(client: Client) -> Iterator[str]:
    """Return the namespace of the operator."""
    with cluster.namespace(client, LABEL) as name:
        yield name


@pytest.fixture(scope="session")
def operator(client: Client, crd: None, home: str) -> Iterator[Client]:
    """Return a client of the compromised operator, once all policies are in force."""
    with fenced_account(client, home) as made:
        # The API server reads bindings in the order of their creation; only that of the gate is created later.
        cluster.until("the fence is in force", lambda: may_not_annotate(made, home), 60)
        yield made


def may_not_annotate(operator: Client, namespace: str) -> bool:
    """Tell whether the fence refuses a change of a foreign ServiceAccount."""
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
    patch = MergePatch({"metadata": {"annotations": {"a": "b"}}})
    try:
        operator.request("PATCH", path, what="annotate", body=patch, query={"dryRun": "All"})
    except ApiInvalid:
        return True
    return False


@pytest.fixture(scope="session")
def tenant(client: Client, crd: None) -> Iterator[str]:
    """Return a namespace with MCPServers."""
    with cluster.namespace(client, LABEL) as name:
        yield name


@pytest.fixture(scope="session")
def mcpserver(client: Client, tenant: str, operator: Client) -> Callable[..., Item]:
    """Return a function that applies an MCPServer as a user and returns it as stored, with a status."""

    def apply(name: str, **spec: Any) -> Item:
        given = {"image": "registry.example.com/server:0", **spec}
        body = {
            "apiVersion": API_VERSION,
            "kind": "MCPServer",
            "metadata": {"name": name, "namespace": tenant},
            "spec": {field: value for field, value in given.items() if value is not None},
        }
        stored = client.apply(body, field_manager="tests")
        return {**stored, "status": stored.get("status") or {}}

    return apply


@pytest.fixture(scope="session")
def victim(mcpserver) -> Item:
    """Return an MCPServer that has no objects yet."""
    validation = {"strictMode": True, "runner": "job"}
    return mcpserver("victim", hpa=HPA, validation=validation, network={"mode": "isolated"})


@pytest.fixture(scope="session")
def made(victim: Item) -> Callable[[str], Item]:
    """Return a function that returns an object of the MCPServer by its kind."""
    objects = objects_of(victim)
    return lambda kind: copy.deepcopy(objects[kind])


@pytest.fixture(scope="session")
def refuses(operator: Client) -> Callable[[Item, str], None]:
    """Return a function that lets the operator apply an object, which a policy must refuse for a reason."""

    def check(item: Item, why: str) -> None:
        with pytest.raises(ApiInvalid, match=why):
            operator.apply(item, field_manager="mcp-operator", dry_run=True)

    return check
