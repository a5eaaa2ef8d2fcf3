# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.network.egress.domains``: a CiliumNetworkPolicy, since NetworkPolicies have no domain names.

Cilium allows what any policy allows. So this policy has only what the NetworkPolicy lacks: the domains, and the DNS of
the cluster through Cilium's DNS proxy, which learns the addresses of the domains
(https://docs.cilium.io/en/stable/security/policy/language/#dns-based). A name may resolve to any address, therefore the
metadata addresses are denied.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._util import clean
from . import managed, metadata_addresses
from .errors import ManifestError
from .fields import mapping

# RFC 1035, section 2.3.4: 63 bytes a label, 253 in text. The last label of an IPv4 address is a number.
_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_TOP = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+{_TOP}")
_LONGEST = 253
# Names that only the cluster resolves: Cilium applies domains to addresses outside of the cluster.
_OF_CLUSTER = (".svc", ".cluster.local")
# Of a rule of Cilium.
_MOST_PORTS = 40
_NAMESPACE_LABELS = "k8s:io.cilium.k8s.namespace.labels."
_NAMESPACE = "k8s:io.kubernetes.pod.namespace"

Object = t.Mapping[str, t.Any]


def check(domains: t.Sequence[t.Any]) -> list[str]:
    """Return the domains of a manifest, each once.

    :raises ManifestError: one is no domain name, or one of the cluster.
    """
    for domain in domains:
        where = f"spec.network.egress.domains has {clean(domain, 63)!r}"
        if not isinstance(domain, str) or len(domain) > _LONGEST or not _DOMAIN.fullmatch(domain):
            raise ManifestError(
                f"{where}, which is no domain name.",
                'Write it like "api.example.com" or "*.example.com", in lower case and in Punycode.',
            )
        if domain.startswith("*.") and domain.count(".") < 2:
            raise ManifestError(f"{where}, a wildcard below the top level.", "Name the domain.")
        if domain.endswith(_OF_CLUSTER):
            raise ManifestError(f"{where}, a name of the cluster.", "Use spec.network.egress.namespaces.")
    return list(dict.fromkeys(domains))


def spec(server: Object, settings: Object) -> dict[str, t.Any] | None:
    """Return the ``spec`` of the CiliumNetworkPolicy of an isolated MCPServer; None for one without domains.

    :param settings: the role's variable ``mcpserver_network``.
    :raises ManifestError: a domain is invalid, or DNS is not allowed.
    """
    egress = mapping(mapping(server["spec"], "network"), "egress")
    domains = egress.get("domains") or []
    if not domains:
        return None
    if not isinstance(domains, list):
        raise ManifestError("spec.network.egress.domains is no list.", "Correct the manifest.")
    if not egress.get("dns", True):
        raise ManifestError(
            "spec.network.egress.domains needs DNS, and spec.network.egress.dns is false.", "Remove one of them."
        )
    ports = [int(port) for port in egress.get("ports") or []]
    rule: dict[str, t.Any] = {"toFQDNs": [_selector(domain) for domain in check(domains)]}
    if ports:
        rule["toPorts"] = [
            {"ports": [{"port": str(port), "protocol": "TCP"} for port in ports[start : start + _MOST_PORTS]]}
            for start in range(0, len(ports), _MOST_PORTS)
        ]
    peers = settings.get("dns_peers") or []
    return {
        "endpointSelector": {"matchLabels": managed.pod_selector(server)},
        "egress": [*_dns(peers, settings.get("dns_ports") or []), rule],
        "egressDeny": [{"toCIDRSet": _denied(peers)}],
    }


def _selector(domain: str) -> dict[str, str]:
    return {"matchPattern" if domain.startswith("*") else "matchName": domain}


def _dns(peers: t.Sequence[Object], ports: t.Sequence[t.Any]) -> list[dict[str, t.Any]]:
    """Return rules that allow all names and pass queries through the DNS proxy, as the NetworkPolicy allows them."""
    if not ports:
        return []
    numbers = [{"port": str(port), "protocol": protocol} for port in ports for protocol in ("UDP", "TCP")]
    through = {"toPorts": [{"ports": numbers, "rules": {"dns": [{"matchPattern": "*"}]}}]}
    selectors = [_endpoints(peer) for peer in peers if peer.get("ipBlock") is None]
    blocks = [_cidr_rule(mapping(peer, "ipBlock")) for peer in peers if peer.get("ipBlock") is not None]
    return [
        *([{"toEndpoints": selectors, **through}] if selectors else []),
        *([{"toCIDRSet": blocks, **through}] if blocks else []),
    ]


def _endpoints(peer: Object) -> dict[str, t.Any]:
    """Return Cilium's selector for a peer of a NetworkPolicy, as Cilium itself converts it."""
    selectors = [("k8s:", mapping(peer, "podSelector"))]
    labels: dict[str, t.Any] = {}
    expressions: list[dict[str, t.Any]] = []
    if peer.get("namespaceSelector") is not None:
        namespaces = mapping(peer, "namespaceSelector")
        selectors.append((_NAMESPACE_LABELS, namespaces))
        if not namespaces.get("matchLabels") and not namespaces.get("matchExpressions"):
            expressions.append({"key": _NAMESPACE, "operator": "Exists"})
    for prefix, selector in selectors:
        labels.update({f"{prefix}{key}": value for key, value in mapping(selector, "matchLabels").items()})
        expressions += [{**one, "key": f"{prefix}{one['key']}"} for one in selector.get("matchExpressions") or []]
    return {
        **({"matchLabels": labels} if labels else {}),
        **({"matchExpressions": expressions} if expressions else {}),
    }


def _cidr_rule(block: Object) -> dict[str, t.Any]:
    return {"cidr": block["cidr"], **({"except": list(block["except"])} if block.get("except") else {})}


def _denied(peers: t.Sequence[Object]) -> list[dict[str, t.Any]]:
    """Return the metadata addresses without those of the DNS of the cluster, for example of NodeLocal DNSCache."""
    blocks = [ipaddress.ip_network(peer["ipBlock"]["cidr"], strict=False) for peer in peers if peer.get("ipBlock")]
    found = []
    for metadata in metadata_addresses.METADATA:
        inside = [block for block in blocks if block.version == metadata.version and block.overlaps(metadata)]
        if any(block.prefixlen <= metadata.prefixlen for block in inside):
            continue  # all of it is the DNS
        found.append(_cidr_rule({"cidr": str(metadata), "except": [str(block) for block in inside]}))
    return found
