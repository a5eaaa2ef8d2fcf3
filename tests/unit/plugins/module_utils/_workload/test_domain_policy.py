# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import ipaddress
import re

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import domain_policy, metadata_addresses
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

from support.rendered import RENDERER

LABEL = "a" * 63
VALID = [
    "api.example.com",
    "*.example.com",
    "*.a.example.com",
    "example.com",
    "xn--bcher-kva.example",
    "example.xn--p1ai",
    "1.example.com",
    f"{LABEL}.{LABEL}.{LABEL}.{'b' * 57}.com",
    f"*.{LABEL}.com",
]
INVALID = [
    "",
    "*",
    "*.com",
    "**.example.com",
    "*example.com",
    "a.*.example.com",
    "api.*",
    "*.*.example.com",
    "localhost",
    "example.com.",
    ".example.com",
    "a..example.com",
    "-a.example.com",
    "a-.example.com",
    "API.example.com",
    "b\u00fccher.example",
    "a_b.example.com",
    "https://example.com",
    "example.com:443",
    "example.com/24",
    "10.0.0.1",
    "169.254.169.254",
    "[::1]",
    "a.example.com ",
    "a.example.com\n",
    f"{LABEL}a.com",
    f"{LABEL}.{LABEL}.{LABEL}.{'b' * 58}.com",
    "weather.team.svc",
    "weather.team.svc.cluster.local",
    "*.team.svc",
]
PODS = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
NODE = {"ipBlock": {"cidr": "169.254.20.10/32"}}
SETTINGS = {"dns_peers": [PODS, NODE], "dns_ports": [53]}
# What the CustomResourceDefinition of Cilium admits: FQDNSelector in pkg/policy/api/fqdn.go of Cilium.
MATCH_NAME, MATCH_PATTERN = r"([-a-zA-Z0-9_]+[.]?)+", r"([-a-zA-Z0-9_*]+[.]?)+"


def spec(settings=SETTINGS, **egress):
    server = {"metadata": {"name": "weather", "namespace": "team"}, "spec": {"network": {"egress": egress}}}
    return domain_policy.spec(server, settings)


@pytest.mark.parametrize("name", VALID)
def test_names_that_are_allowed(name):
    rule = spec(domains=[name])["egress"][-1]
    [(key, value)] = rule["toFQDNs"][0].items()
    assert value == name
    assert re.fullmatch(MATCH_PATTERN if key == "matchPattern" else MATCH_NAME, name)
    assert (key == "matchPattern") is name.startswith("*.")


@pytest.mark.parametrize("name", [*INVALID, None, 7, ["example.com"]], ids=repr)
def test_what_is_no_name_outside_of_the_cluster_is_refused(name):
    with pytest.raises(ManifestError, match=r"spec\.network\.egress\.domains"):
        spec(domains=[name])


@pytest.mark.parametrize("domains", ["example.com", {"a": "b"}])
def test_domains_are_a_list(domains):
    with pytest.raises(ManifestError, match="no list"):
        spec(domains=domains)


def test_domains_without_dns_are_refused():
    with pytest.raises(ManifestError, match="needs DNS"):
        spec(domains=["example.com"], dns=False)


def test_a_server_without_domains_has_no_policy():
    assert spec() is None
    assert spec(cidrs=["10.0.0.0/8"]) is None


def test_dns_passes_through_the_proxy_from_which_cilium_learns_addresses():
    found = spec(domains=["api.example.com", "*.example.org", "api.example.com"])
    assert found["endpointSelector"] == {"matchLabels": {"app": "weather"}}
    ports = [{"port": "53", "protocol": "UDP"}, {"port": "53", "protocol": "TCP"}]
    through = [{"ports": ports, "rules": {"dns": [{"matchPattern": "*"}]}}]
    key = "k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name"
    assert found["egress"] == [
        {"toEndpoints": [{"matchLabels": {key: "kube-system"}}], "toPorts": through},
        {"toCIDRSet": [{"cidr": "169.254.20.10/32"}], "toPorts": through},
        {"toFQDNs": [{"matchName": "api.example.com"}, {"matchPattern": "*.example.org"}]},
    ]


@pytest.mark.parametrize(
    ("peer", "selector"),
    [
        (
            {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}},
            {
                "matchLabels": {"k8s:k8s-app": "kube-dns"},
                "matchExpressions": [{"key": "k8s:io.kubernetes.pod.namespace", "operator": "Exists"}],
            },
        ),
        (
            {"namespaceSelector": {"matchExpressions": [{"key": "dns", "operator": "In", "values": ["yes"]}]}},
            {
                "matchExpressions": [
                    {"key": "k8s:io.cilium.k8s.namespace.labels.dns", "operator": "In", "values": ["yes"]}
                ]
            },
        ),
        # Cilium adds the namespace of the policy.
        ({"podSelector": {"matchLabels": {"a": "b"}}}, {"matchLabels": {"k8s:a": "b"}}),
    ],
)
def test_peers_are_converted_as_cilium_does(peer, selector):
    found = spec({"dns_peers": [peer], "dns_ports": [53]}, domains=["example.com"])
    assert found["egress"][0]["toEndpoints"] == [selector]


def test_ports_of_domains_are_in_rules_of_at_most_forty():
    ports = list(range(1000, 1064))
    rule = spec(domains=["example.com"], ports=ports)["egress"][-1]
    assert [len(one["ports"]) for one in rule["toPorts"]] == [40, 24]
    assert [int(port["port"]) for one in rule["toPorts"] for port in one["ports"]] == ports
    assert {port["protocol"] for one in rule["toPorts"] for port in one["ports"]} == {"TCP"}


def test_no_rule_is_without_destinations():
    """An egress rule of Cilium that has none allows all of them."""
    for settings in ({}, {"dns_peers": [], "dns_ports": [53]}, {"dns_peers": [PODS], "dns_ports": []}, SETTINGS):
        for rule in spec(settings, domains=["example.com"])["egress"]:
            [destinations] = [value for key, value in rule.items() if key != "toPorts"]
            assert destinations


def test_a_domain_that_resolves_to_a_metadata_address_does_not_lead_there():
    [rule] = spec(domains=["example.com"])["egressDeny"]
    denied = {one["cidr"]: one.get("except") for one in rule["toCIDRSet"]}
    assert denied.pop("169.254.0.0/16") == ["169.254.20.10/32"], "NodeLocal DNSCache"
    assert set(denied) == {str(block) for block in metadata_addresses.METADATA[1:]}
    assert not any(denied.values())


@pytest.mark.parametrize("cidr", ["168.63.129.16/32", "0.0.0.0/0"])
def test_the_dns_of_a_cluster_stays_allowed(cidr):
    [rule] = spec({"dns_peers": [{"ipBlock": {"cidr": cidr}}], "dns_ports": [53]}, domains=["example.com"])[
        "egressDeny"
    ]
    denied = [ipaddress.ip_network(one["cidr"]) for one in rule["toCIDRSet"]]
    assert not any(block.overlaps(ipaddress.ip_network(cidr)) for block in denied if block.version == 4)


@pytest.mark.parametrize(("network", "there"), [({"egress": {"domains": ["example.com"]}}, True), ({}, False)])
def test_the_policy_precedes_the_pods_and_belongs_to_the_server(network, there):
    meta = {"name": "weather", "namespace": "team", "uid": "u-1"}
    made = RENDERER.render(
        {"apiVersion": "x", "kind": "MCPServer", "metadata": meta, "spec": {"image": "a:1", "network": network}}
    )
    kinds = [item["kind"] for item in made]
    assert ("CiliumNetworkPolicy" in kinds) is there
    if there:
        policy = made[kinds.index("CiliumNetworkPolicy")]
        assert kinds.index("NetworkPolicy") < kinds.index("CiliumNetworkPolicy") < kinds.index("Deployment")
        assert policy["metadata"]["ownerReferences"][0]["uid"] == "u-1"
        assert policy["spec"]["endpointSelector"] == made[kinds.index("NetworkPolicy")]["spec"]["podSelector"]
