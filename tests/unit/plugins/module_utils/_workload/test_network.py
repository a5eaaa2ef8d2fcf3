# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import metadata_addresses, network
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from hypothesis import given
from hypothesis import strategies as st

from support.metadata_addresses import IPV4, IPV6, TRANSLATED

TEMPLATES = str(Path(__file__).parents[5] / "roles" / "mcpserver" / "templates")
SETTINGS = {
    "operator_namespace": "operators",
    "gateway_peers": [{"namespaceSelector": {"matchLabels": {"gateway": "yes"}}}],
    "metrics_peers": [{"namespaceSelector": {"matchLabels": {"metrics": "enabled"}}}],
    "dns_peers": [{"ipBlock": {"cidr": "192.0.2.53/32"}}],
    "dns_ports": [53],
}
DNS = {
    "to": SETTINGS["dns_peers"],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
ABSENT = {"key": network.PROBE_LABEL, "operator": "DoesNotExist"}


def mcpserver(**spec):
    meta = {"name": "weather", "namespace": "team", "uid": "u-1"}
    return {"metadata": meta, "spec": {"image": "weather:1", **spec}}


def rules(given=None, default="", settings=SETTINGS, **spec):
    spec.update({} if given is None else {"network": given})
    return network.rules(mcpserver(**spec), settings, default)


def clients(given):
    """Return the peers that are let in beside the validator."""
    return [peer for rule in rules(given)["ingress"][1:] for peer in rule["from"]]


@pytest.mark.parametrize(
    ("given", "default", "isolated"),
    [
        (None, "", False),
        ({}, "", False),
        ({}, "open", False),
        ({}, "isolated", True),
        ({"mode": "open"}, "isolated", False),
        ({"mode": "isolated"}, "", True),
        ({"mode": "isolated"}, "open", True),
        ({"ingress": {}}, "open", True),
        ({"egress": {"dns": False}}, "", True),
    ],
)
def test_the_manifest_decides_before_the_default(given, default, isolated):
    assert (rules(given, default) is not None) is isolated


def test_an_unknown_mode_does_not_leave_a_server_open():
    with pytest.raises(ManifestError, match=r"spec\.network\.mode"):
        rules({"mode": "Isolated"})


@pytest.mark.parametrize(
    ("labels", "default", "mode"),
    [
        ({}, "isolated", "isolated"),
        ({network.MODE_LABEL: "open"}, "isolated", "open"),
        ({network.MODE_LABEL: "isolated"}, "open", "isolated"),
        ({network.MODE_LABEL: "anything"}, "isolated", "isolated"),
        ({network.MODE_LABEL: "isolated"}, "", ""),
    ],
)
def test_a_namespace_label_counts_only_if_there_is_a_default(labels, default, mode):
    assert network.namespace_mode(labels, default) == mode


@pytest.mark.parametrize(
    ("given", "follows"), [(None, True), ({}, True), ({"mode": "open"}, False), ({"mode": "isolated"}, False)]
)
def test_a_server_that_says_how_does_not_follow_the_default(given, follows):
    assert network.follows_default({} if given is None else {"network": given}) is follows


@pytest.mark.parametrize("given", [{"mode": "isolated"}, {"ingress": {}}, {"ingress": {"presets": []}}])
def test_the_validator_is_always_let_in(given):
    rule = rules(given)["ingress"][0]
    operator, job = rule["from"]
    assert operator == {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "operators"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "mcp-operator"}},
    }
    assert job["podSelector"]["matchLabels"]["app.kubernetes.io/instance"] == "weather"
    assert rule["ports"] == [{"port": 8080, "protocol": "TCP"}]


def test_clients_by_default_are_those_of_the_namespace_and_gateways():
    own, gateway = clients({"mode": "isolated"})
    assert own == {"podSelector": {"matchExpressions": [ABSENT]}}
    assert gateway["namespaceSelector"] == {"matchLabels": {"gateway": "yes"}}


@pytest.mark.parametrize("given", [{}, {"presets": []}, {"from": []}, {"presets": [], "from": []}])
def test_ingress_without_peers_lets_no_client_in(given):
    assert clients({"ingress": given}) == []
    assert len(rules({"ingress": given})["ingress"]) == 1


def test_peers_of_the_manifest_do_not_match_the_pod_that_must_be_refused():
    block = {"ipBlock": {"cidr": "192.0.2.0/24"}}
    everywhere, some, addresses = clients(
        {
            "ingress": {
                "from": [
                    {"namespaceSelector": {}},
                    {
                        "podSelector": {
                            "matchLabels": {"a": "b"},
                            "matchExpressions": [{"key": "c", "operator": "Exists"}],
                        }
                    },
                    block,
                ]
            }
        }
    )
    assert everywhere == {"namespaceSelector": {}, "podSelector": {"matchExpressions": [ABSENT]}}
    assert some["podSelector"]["matchLabels"] == {"a": "b"}
    assert some["podSelector"]["matchExpressions"] == [{"key": "c", "operator": "Exists"}, ABSENT]
    assert addresses == block


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({}, [[8080], [8080]]),
        ({"service": {"targetPort": "proxy"}}, [[8080], ["proxy"]]),
        ({"transport": {"config": {"http": {"port": 3000}}}}, [[3000], [3000]]),
        # Of the sidecar, and by its name that of Pods which do not have it yet; the port of the server is closed.
        ({"metrics": {"enabled": True, "port": 9091}}, [[8081, "http"], [8081, "http"], [9091]]),
    ],
)
def test_only_the_ports_that_are_used_are_open(spec, wanted):
    found = rules({"mode": "isolated"}, **spec)["ingress"]
    assert [[port["port"] for port in rule["ports"]] for rule in found] == wanted


def test_egress_is_the_dns_of_the_cluster_by_default():
    assert rules({"mode": "isolated"})["egress"] == [DNS]
    assert rules({"egress": {"dns": False}})["egress"] == []


@pytest.mark.parametrize("settings", [{**SETTINGS, "dns_peers": []}, {**SETTINGS, "dns_ports": []}])
def test_settings_without_dns_do_not_open_everything(settings):
    assert rules({"mode": "isolated"}, settings=settings)["egress"] == []


def test_egress_to_addresses_and_namespaces():
    given = {"cidrs": ["203.0.113.0/24", "2001:db8::/32"], "namespaces": ["db"], "ports": [443]}
    dns, rule = rules({"egress": given})["egress"]
    assert dns == DNS
    assert rule == {
        "to": [
            {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "db"}}},
            {"ipBlock": {"cidr": "203.0.113.0/24"}},
            {"ipBlock": {"cidr": "2001:db8::/32"}},
        ],
        "ports": [{"port": 443, "protocol": "TCP"}],
    }


def test_ports_alone_open_nothing():
    assert rules({"egress": {"ports": [443]}})["egress"] == [DNS]


def test_open_egress_excepts_the_metadata_addresses():
    rule = rules({"egress": {"mode": "open"}})["egress"][1]
    assert rule == {
        "to": [
            {"namespaceSelector": {}},
            {"ipBlock": {"cidr": "0.0.0.0/0", "except": IPV4}},
            {"ipBlock": {"cidr": "::/0", "except": [*IPV6, *TRANSLATED]}},
        ]
    }


@pytest.mark.parametrize("address", [*IPV4, *IPV6, *TRANSLATED, "64:ff9b::a9fe:a9fe/128", "169.254.169.254/32"])
def test_no_metadata_address_can_be_allowed(address):
    with pytest.raises(ManifestError, match="metadata addresses of clouds"):
        rules({"egress": {"cidrs": [address]}})


def test_other_addresses_of_nat64_can_be_allowed():
    rule = rules({"egress": {"cidrs": ["64:ff9b::/96"]}})["egress"][1]
    assert rule["to"] == [{"ipBlock": {"cidr": "64:ff9b::/96", "except": TRANSLATED}}]
    assert rules({"egress": {"cidrs": ["64:ff9b::808:808/128"]}})["egress"][1]["to"][0]["ipBlock"].get("except") is None


@pytest.mark.parametrize("cidr", ["10.0.0.0", "10.0.0.0/33", "x/8", "", "/8", "10.0.0.0/8 ", "::ffff:169.254.0.0/112"])
def test_what_is_no_cidr_is_refused(cidr):
    with pytest.raises(ManifestError, match=r"spec\.network\.egress\.cidrs"):
        rules({"egress": {"cidrs": [cidr]}})


@pytest.mark.parametrize("peer", [{}, None, "x"])
def test_an_empty_peer_is_refused(peer):
    with pytest.raises(ManifestError, match="peer"):
        rules({"ingress": {"from": [peer]}})


def test_an_unknown_preset_is_refused():
    with pytest.raises(ManifestError, match="presets"):
        rules({"ingress": {"presets": ["internet"]}})


@given(st.ip_addresses(), st.integers(0, 128))
def test_no_block_contains_a_metadata_address(address, length):
    cidr = f"{address}/{min(length, address.max_prefixlen)}"
    try:
        rule = rules({"egress": {"cidrs": [cidr]}})["egress"][1]
    except ManifestError:
        return
    block = network.ipaddress.ip_network(rule["to"][0]["ipBlock"]["cidr"])
    excepted = [network.ipaddress.ip_network(text) for text in rule["to"][0]["ipBlock"].get("except", [])]
    for metadata in metadata_addresses.METADATA:
        if metadata.version == block.version and metadata.overlaps(block):
            assert metadata in excepted
            assert metadata.subnet_of(block)


def test_the_rendered_policy_selects_the_pods_and_precedes_them():
    made = Renderer(TEMPLATES).render(
        {**mcpserver(network={"mode": "isolated"}), "apiVersion": "x", "kind": "MCPServer"}
    )
    kinds = [item["kind"] for item in made]
    assert kinds.index("NetworkPolicy") < kinds.index("Deployment")
    policy, deployment = made[kinds.index("NetworkPolicy")], made[kinds.index("Deployment")]
    assert policy["spec"]["podSelector"] == deployment["spec"]["selector"]
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert policy["metadata"]["labels"] == deployment["metadata"]["labels"]
    assert policy["metadata"]["ownerReferences"] == deployment["metadata"]["ownerReferences"]


def test_the_pod_template_does_not_depend_on_the_network():
    def template(**spec):
        made = Renderer(TEMPLATES).render(mcpserver(**spec))
        return next(item for item in made if item["kind"] == "Deployment")["spec"]["template"]

    assert template() == template(network={"mode": "isolated"})
