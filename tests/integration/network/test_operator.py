# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator where NetworkPolicies are enforced: it proves isolation, and tells a closed network from a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support import cluster
from support.operator import SERVERS, Operator, make_namespace

from .conftest import EnforcingTestbed

pytestmark = pytest.mark.test_all

TEAM = "team"
STRICT = {"image": "localhost/mcp-servers/go-sdk:1.8.0", "validation": {"strictMode": True}}
DENY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "default-deny", "namespace": TEAM},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
}

Becomes = Callable[[str, str, str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def operator(testbed: EnforcingTestbed) -> Iterator[Operator]:
    cluster.load_images("go-sdk")
    make_namespace(testbed.client, TEAM)
    operator = Operator(testbed.client)
    operator.install(TEAM)
    yield operator
    operator.uninstall()


@pytest.fixture
def becomes(testbed: EnforcingTestbed, operator: Operator) -> Becomes:
    """Return a function that waits until a condition of an MCPServer has a status and a reason; and returns it."""

    def wait(name: str, kind: str, status: str, reason: str) -> dict[str, Any]:
        path = f"{SERVERS}/{TEAM}/mcpservers/{name}"

        def check() -> dict[str, Any] | None:
            found = cluster.found(testbed.client, path) or {}
            conditions = (found.get("status") or {}).get("conditions") or []
            there = any((one["type"], one["status"], one["reason"]) == (kind, status, reason) for one in conditions)
            return found if there else None

        try:
            return cluster.until(f"{kind} of {name} is {status}, {reason}", check, 120)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {cluster.found(testbed.client, path)}: {operator.log()}") from None

    return wait


def apply(testbed: EnforcingTestbed, name: str, **spec: Any) -> None:
    meta = {"name": name, "namespace": TEAM}
    testbed.apply({"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec})


def test_isolation_is_proved(testbed: EnforcingTestbed, operator: Operator, becomes: Becomes) -> None:
    apply(testbed, "isolated", **STRICT, network={"mode": "isolated"})
    found = becomes("isolated", "NetworkIsolated", "True", "Refused")
    assert found["status"]["phase"] == "Running"
    assert found["status"]["validation"]["state"] == "Validated"


def test_a_policy_of_others_is_named_and_fails_no_server(
    testbed: EnforcingTestbed, operator: Operator, becomes: Becomes
) -> None:
    testbed.apply(DENY)
    apply(testbed, "closed", **STRICT)
    found = becomes("closed", "Validated", "Unknown", "BlockedByNetworkPolicy")
    assert found["status"]["phase"] == "Creating"
    assert "default-deny" in found["status"]["message"]
    # As the message says; no Pod is replaced.
    before = testbed.kubectl("-n", TEAM, "get", "pods", "-l", "app=closed", "-o", "name").stdout
    apply(testbed, "closed", **STRICT, network={"mode": "isolated"})
    becomes("closed", "Validated", "True", "Validated")
    becomes("closed", "NetworkIsolated", "True", "Refused")
    assert testbed.kubectl("-n", TEAM, "get", "pods", "-l", "app=closed", "-o", "name").stdout == before
