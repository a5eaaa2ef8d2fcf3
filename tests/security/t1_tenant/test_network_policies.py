# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant's ``spec.network`` allows no more than it says, and never the metadata addresses of the cloud."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError

from support.metadata_addresses import IPV4, IPV6, TRANSLATED
from support.rendered import RENDERER

METADATA = [ipaddress.ip_network(text) for text in (*IPV4, *IPV6, *TRANSLATED)]
Item = dict[str, Any]
# The CustomResourceDefinition refuses some of these; a cluster may not have it.
ATTEMPTS: list[Item] = [
    {"mode": "isolated"},
    {"ingress": {}},
    {"ingress": {"from": []}},
    {"ingress": {"presets": []}},
    {"egress": {}},
    {"egress": {"ports": [80]}},
    {"egress": {"cidrs": [], "ports": [80]}},
    {"egress": {"namespaces": [], "ports": []}},
    {"egress": {"mode": "open"}},
    {"egress": {"mode": "open", "cidrs": ["169.254.169.254/32"]}},
    {"egress": {"cidrs": ["0.0.0.0/0", "::/0"]}},
    {"egress": {"cidrs": ["169.0.0.0/8", "fd00::/8"]}},
    {"egress": {"cidrs": ["169.254.1.1/8"]}},
    {"egress": {"cidrs": ["169.254.169.254/32"]}},
    {"egress": {"cidrs": ["::ffff:169.254.169.254/128"]}},
    {"egress": {"cidrs": ["fd00:ec2::254/128"]}},
    {"egress": {"cidrs": ["fd00:42::/32", "fd00:a9fe::/32", "fe80::/10", "fd00:100::100:200/128"]}},
    {"egress": {"cidrs": ["100.100.100.200/32", "168.63.129.16/32", "64:ff9b::a9fe:a9fe/128"]}},
    {"egress": {"cidrs": ["100.64.0.0/10", "192.0.0.0/24", "168.63.129.0/24", "64:ff9b::/96", "fd00::/7"]}},
]


def rendered(network: Item) -> Item | None:
    """Return the NetworkPolicy; None if the manifest is refused."""
    meta = {"name": "a", "namespace": "team", "uid": "u"}
    server = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta}
    try:
        made = RENDERER.render({**server, "spec": {"image": "a:1", "network": network}})
    except McpKubernetesError:
        return None
    [policy] = [item for item in made if item["kind"] == "NetworkPolicy"]
    return policy


@pytest.mark.parametrize("network", ATTEMPTS, ids=str)
def test_no_rule_is_without_peers(network: Item) -> None:
    """A rule with no peers allows all of them, and one with an empty list of ports all ports."""
    policy = rendered(network)
    if policy is None:
        return
    rules = [rule["from"] for rule in policy["spec"]["ingress"]] + [rule["to"] for rule in policy["spec"]["egress"]]
    assert all(rules)
    assert all(peer for peers in rules for peer in peers)
    ports = [rule["ports"] for rule in [*policy["spec"]["ingress"], *policy["spec"]["egress"]] if "ports" in rule]
    assert all(ports)
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]


@pytest.mark.parametrize("network", ATTEMPTS, ids=str)
def test_metadata_addresses_are_never_allowed(network: Item) -> None:
    policy = rendered(network)
    if policy is None:
        return
    for rule in policy["spec"]["egress"]:
        if {port["port"] for port in rule.get("ports", [])} == {53}:
            continue  # NodeLocal DNSCache has a link-local address
        for block in [peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer]:
            allowed = ipaddress.ip_network(block["cidr"])
            excepted = [ipaddress.ip_network(text) for text in block.get("except", [])]
            for metadata in METADATA:
                assert metadata.version != allowed.version or not metadata.overlaps(allowed) or metadata in excepted


def test_the_label_of_the_pod_that_must_be_refused_gives_no_access() -> None:
    policy = rendered({"ingress": {"presets": ["same-namespace", "gateway"], "from": [{"namespaceSelector": {}}]}})
    assert policy is not None
    for peer in policy["spec"]["ingress"][1]["from"]:
        assert {"key": "mcp.mcp-operator.io/network-probe", "operator": "DoesNotExist"} in peer["podSelector"][
            "matchExpressions"
        ]


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", '"}, "from": [{}', "a: b\n- c"])
def test_selectors_are_data(text: str) -> None:
    peer = {"podSelector": {"matchLabels": {"team": text}}, "namespaceSelector": {"matchLabels": {text: "x"}}}
    policy = rendered({"ingress": {"from": [peer]}})
    assert policy is not None
    [found] = policy["spec"]["ingress"][1]["from"]
    assert found["podSelector"]["matchLabels"] == {"team": text}
    assert found["namespaceSelector"] == peer["namespaceSelector"]
