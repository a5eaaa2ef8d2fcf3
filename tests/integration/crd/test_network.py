# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.network``: what is admitted, and which contradictions are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
EVERYWHERE = {"namespaceSelector": {}}
BLOCK = {"ipBlock": {"cidr": "192.0.2.0/24", "except": ["192.0.2.128/25"]}}


DOMAINS = ["api.example.com", "*.example.com", "xn--bcher-kva.example"]
NO_DOMAINS = ["10.0.0.1", "localhost", "*", "a.*.example.com", "A.example.com", "a.example.com.", "b\u00fccher.example"]


def ingress(*peers: dict[str, Any]) -> dict[str, Any]:
    return {"ingress": {"from": list(peers)}}


@pytest.mark.parametrize(
    "network",
    [
        {},
        {"mode": "open"},
        {"mode": "isolated"},
        {"ingress": {"presets": ["gateway", "same-namespace"]}},
        ingress(EVERYWHERE, BLOCK, {"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}),
        {"egress": {"mode": "open", "dns": False, "ports": [443]}},
        {"egress": {"mode": "restricted", "dns": True, "domains": DOMAINS, "ports": [443]}},
        {"egress": {"mode": "restricted", "dns": True, "cidrs": ["0.0.0.0/0", "2001:db8::/32"], "namespaces": ["db"]}},
    ],
)
def test_networks(network: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", "network": network})["spec"]["network"] == network


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ({"mode": "closed"}, "Unsupported value"),
        ({"mode": "open", "ingress": {}}, 'not allowed if mode is "open"'),
        ({"mode": "open", "egress": {}}, 'not allowed if mode is "open"'),
        ({"ingress": {"presets": ["internet"]}}, "Unsupported value"),
        (ingress({}), "set namespaceSelector, podSelector or ipBlock"),
        (ingress({**EVERYWHERE, **BLOCK}), "ipBlock is not allowed together"),
        (ingress({"ipBlock": {"cidr": "192.0.2.0"}}), "must be a CIDR"),
        ({"egress": {"mode": "open", "cidrs": ["10.0.0.0/8"]}}, 'not allowed if mode is "open"'),
        ({"egress": {"ports": [443]}}, "ports requires cidrs, domains, namespaces"),
        ({"egress": {"cidrs": ["10.0.0.0"]}}, "must be a CIDR"),
        ({"egress": {"cidrs": []}}, "should have at least 1 items"),
        ({"egress": {"cidrs": ["169.254.169.254/32"]}}, "metadata address"),
        ({"egress": {"cidrs": ["fd00:ec2::254/128"]}}, "metadata address"),
        ({"egress": {"cidrs": ["fd00:42::42/128"]}}, "metadata address"),
        ({"egress": {"cidrs": ["fe80::a9fe:a9fe/128"]}}, "metadata address"),
        ({"egress": {"cidrs": ["100.100.100.200/32"]}}, "metadata address"),
        ({"egress": {"cidrs": ["192.0.0.192/32"]}}, "metadata address"),
        ({"egress": {"cidrs": ["168.63.129.16/32"]}}, "metadata address"),
        ({"egress": {"cidrs": ["64:ff9b::a9fe:a9fe/128"]}}, "metadata address"),
        ({"egress": {"domains": ["example.com"], "dns": False}}, "domains requires dns"),
        ({"egress": {"domains": ["example.com"], "mode": "open"}}, 'not allowed if mode is "open"'),
        ({"egress": {"domains": []}}, "should have at least 1 items"),
        *[({"egress": {"domains": [name]}}, "must be a domain name") for name in NO_DOMAINS],
        ({"egress": {"domains": ["*.com"]}}, "wildcard below the top level"),
        ({"egress": {"domains": ["a.b.svc"]}}, "name of the cluster"),
        ({"egress": {"domains": ["a.b.svc.cluster.local"]}}, "name of the cluster"),
        ({"egress": {"domains": ["a" * 254]}}, "Too long"),
        ({"egress": {"namespaces": ["a/../b"]}}, "should match"),
        ({"egress": {"cidrs": ["10.0.0.0/8"], "ports": [0]}}, "should be greater than or equal to 1"),
    ],
)
def test_contradictions(network: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit({"image": "a/b", "network": network})
    assert message in str(json.loads(refused.value.body)["message"])
