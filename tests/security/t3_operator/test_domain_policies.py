# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""CiliumNetworkPolicies that a compromised operator may not write: for other Pods, for nodes, and for clients."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cilium
from support.rendered import RENDERER, objects_of

Item = dict[str, Any]
ONLY = "may only allow domains to the Pods of the MCPServer"
DOMAINS = {"egress": {"domains": ["api.example.com"]}}


@pytest.fixture(scope="module")
def policies(client: Client) -> Iterator[None]:
    """Serve the kind while the tests of this file run. Only admission sees the policies."""
    with cilium.served(client, cilium.lax_crd()):
        yield


@pytest.fixture
def policy(policies: None, operator: Client, mcpserver: Callable[..., Item]) -> Item:
    return copy.deepcopy(objects_of(mcpserver("resolving", network=DOMAINS))["CiliumNetworkPolicy"])


def test_its_own_policy_passes_and_goes_with_the_domains(policies: None, operator: Client, mcpserver) -> None:
    applier = Applier(operator, RENDERER)

    def present(network: Item) -> Item | None:
        server = mcpserver("domains", network=network)
        state = LiveState(operator, lambda _before, _after: None)
        applier.present(server, state)
        assert state.warnings == []
        return operator.find(*cilium.KIND, server["metadata"]["namespace"], "domains")

    assert present(DOMAINS) is not None
    assert present({"mode": "isolated"}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"endpointSelector": {}},
        {"endpointSelector": {"matchLabels": {"app": "database"}}},
        {"endpointSelector": {"matchLabels": {"app": "resolving"}, "matchExpressions": []}},
        {"nodeSelector": {}},
        {"ingress": [{}]},
        {"ingressDeny": [{}]},
    ],
    ids=str,
)
def test_it_writes_no_other_policy(policy: Item, refuses, change: Item) -> None:
    policy["spec"].update(change)
    refuses(policy, ONLY)


def test_it_writes_no_list_of_policies(policy: Item, refuses) -> None:
    refuses({**policy, "specs": [{"endpointSelector": {}, "egress": [{}]}]}, ONLY)


def test_it_writes_none_of_another_name(policy: Item, refuses) -> None:
    policy["metadata"]["name"] = "database"
    refuses(policy, "may only write objects that are named after their MCPServer")


def test_it_writes_none_without_an_mcpserver(policy: Item, refuses) -> None:
    policy["metadata"]["ownerReferences"] = []
    refuses(policy, "may only write objects with its label that an MCPServer controls")
