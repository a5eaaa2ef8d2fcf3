# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The NetworkPolicy of an MCPServer: which connections its Pods accept and open.

The validator is always let in. The kubelet and port-forward connect from the node, which no NetworkPolicy blocks
(https://kubernetes.io/docs/concepts/services-networking/network-policies/). A rule without peers would allow all
addresses, so such a rule is never written.
"""

from __future__ import annotations

import ipaddress
import typing as t

from .._util import clean
from . import metadata_addresses, names, ports, sidecar_options
from .errors import ManifestError
from .fields import mapping

API_VERSION, KIND = "networking.k8s.io/v1", "NetworkPolicy"
ISOLATED, OPEN = "isolated", "open"
MODES = (ISOLATED, OPEN)
# On a Namespace: the mode of MCPServers that set none. It counts only if the platform has set a default.
MODE_LABEL = f"{names.GROUP}/network"
# On a Pod that must be refused: it proves that the policy is enforced.
PROBE_LABEL = f"{names.GROUP}/network-probe"

SAME_NAMESPACE, GATEWAY = "same-namespace", "gateway"
NAMESPACE_NAME = "kubernetes.io/metadata.name"
# The label of the operator's Pods, of all shards.
OPERATOR_LABELS = {"app.kubernetes.io/name": "mcp-operator"}
_ANYWHERE = ("0.0.0.0/0", "::/0")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")

Port = t.Union[int, str]
Peer = dict[str, t.Any]


def isolated(spec: t.Mapping[str, t.Any], default: str = "") -> bool:
    """Tell whether an MCPServer gets a NetworkPolicy.

    :param default: the mode of MCPServers that set none; empty for "open".
    :raises ManifestError: the manifest has another mode.
    """
    network = mapping(spec, "network")
    mode = network.get("mode")
    if mode not in (None, *MODES):
        raise ManifestError(f"spec.network.mode is {clean(mode, 63)!r}.", f"Use {ISOLATED} or {OPEN}.")
    if mode is None:
        # Rules without a mode are meant.
        ruled = network.get("ingress") is not None or network.get("egress") is not None
        mode = ISOLATED if ruled else default
    return bool(mode == ISOLATED)


def follows_default(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the default decides about an MCPServer."""
    return isolated(spec, ISOLATED) and not isolated(spec)


def namespace_mode(labels: t.Mapping[str, t.Any], default: str) -> str:
    """Return the mode of MCPServers that set none, in a namespace with these labels."""
    mode = labels.get(MODE_LABEL)
    return str(mode) if default and mode in MODES else default


def rules(server: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any], default: str = "") -> dict[str, t.Any] | None:
    """Return ``ingress`` and ``egress`` of the NetworkPolicy of an MCPServer; None for none.

    :param settings: the role's variable ``mcpserver_network``.
    :param default: as of :func:`isolated`.
    :raises ManifestError: a field has the wrong type, or the policy would allow a metadata address.
    """
    if not isolated(server["spec"], default):
        return None
    network = mapping(server["spec"], "network")
    return {
        "ingress": _ingress(server, network, settings),
        "egress": _egress(mapping(network, "egress"), settings),
    }


def warnings(spec: t.Mapping[str, t.Any], *, is_isolated: bool) -> list[str]:
    """Return what the sidecar of an MCPServer cannot connect to."""
    egress = mapping(mapping(spec, "network"), "egress")
    named = any(egress.get(field) for field in ("cidrs", "domains", "namespaces"))
    if not is_isolated or egress.get("mode") == OPEN or named:
        return []  # whether what is named is enough is not known
    found, closed = [], "spec.network.egress closes the way to"
    if mapping(spec, "auth").get("issuers"):
        found.append(f"{closed} spec.auth.issuers: without their keys, all calls are refused.")
    if mapping(spec, "metrics").get("otlpEndpoint"):
        found.append(f"{closed} spec.metrics.otlpEndpoint: no traces arrive.")
    return found


def _ingress(
    server: t.Mapping[str, t.Any], network: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any]
) -> list[dict[str, t.Any]]:
    """Return a rule for each port: those of validation, of clients, and of the metrics.

    With a sidecar, the port of the server itself is not among them.
    """
    spec, served = server["spec"], _served(server)
    own = mapping(spec, "service").get("targetPort")
    scraped = [_peer(peer) for peer in settings.get("metrics_peers") or []]
    compared = _validators(server, settings)[:1] if sidecar_options.measures_canary(spec) else []
    found: list[tuple[list[Peer], list[Port]]] = [
        (_validators(server, settings), served),
        (_clients(network, settings), [own] if own else served),
        (compared, [ports.metrics_port(spec)]),
        (scraped if mapping(spec, "metrics").get("enabled") else [], [ports.metrics_port(spec)]),
    ]
    return [{"from": peers, "ports": _tcp(allowed)} for peers, allowed in found if peers]


def _served(server: t.Mapping[str, t.Any]) -> list[Port]:
    """Return the port of the Pods that clients use; with a proxy its name, too.

    Pods of an earlier template have another port of this name. The number is there for network plugins that do not find
    the names of ports of init containers.
    """
    number = ports.served_port(server)
    return [number, names.PORT_NAME] if sidecar_options.proxied(server["spec"]) else [number]


def _validators(server: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any]) -> list[Peer]:
    """Return the operator's Pods and those of validation Jobs."""
    namespace = str(settings.get("operator_namespace") or names.OPERATOR_NAMESPACE)
    return [
        {**_namespace(namespace), "podSelector": {"matchLabels": dict(OPERATOR_LABELS)}},
        {"podSelector": {"matchLabels": validation_labels(server)}},
    ]


def validation_labels(server: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the labels by which the Pods of validation Jobs are let in. The Pod that must be refused lacks one."""
    return {
        names.MANAGED_BY_LABEL: names.VALIDATION,
        names.COMPONENT_LABEL: names.VALIDATION_COMPONENT,
        names.INSTANCE_LABEL: str(server["metadata"]["name"]),
    }


def _clients(network: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any]) -> list[Peer]:
    presets: list[t.Any] = [SAME_NAMESPACE, GATEWAY]
    peers: list[Peer] = []
    if network.get("ingress") is not None:
        ingress = mapping(network, "ingress")
        presets, peers = _list(ingress, "presets"), [_peer(peer) for peer in _list(ingress, "from")]
    found: list[Peer] = []
    for preset in presets:
        if preset == SAME_NAMESPACE:
            found.append({"podSelector": {}})
        elif preset == GATEWAY:
            found += [_peer(peer) for peer in settings.get("gateway_peers") or []]
        else:
            raise ManifestError(
                f"spec.network.ingress.presets has {clean(preset, 63)!r}.",
                f"Use {SAME_NAMESPACE} or {GATEWAY}.",
            )
    return [_without_probe(peer) for peer in [*found, *peers]]


def _peer(peer: t.Any) -> Peer:
    """Return a peer of the manifest or of the settings as it is."""
    if not isinstance(peer, t.Mapping) or not peer:
        raise ManifestError(
            "A peer of the network policy is empty or not a mapping.",
            "Set namespaceSelector, podSelector or ipBlock.",
        )
    return dict(peer)


def _without_probe(peer: Peer) -> Peer:
    """Return a peer that does not match the Pod which must be refused."""
    if peer.get("ipBlock") is not None:
        return peer
    selector = mapping(peer, "podSelector")
    absent = {"key": PROBE_LABEL, "operator": "DoesNotExist"}
    return {**peer, "podSelector": {**selector, "matchExpressions": [*_list(selector, "matchExpressions"), absent]}}


def _egress(egress: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    found: list[dict[str, t.Any]] = []
    dns = [_peer(peer) for peer in settings.get("dns_peers") or []]
    dns_ports = [
        {"port": port, "protocol": protocol} for port in settings.get("dns_ports") or [] for protocol in ("UDP", "TCP")
    ]
    if dns and dns_ports and egress.get("dns", True):
        found.append({"to": dns, "ports": dns_ports})
    cidrs = _list(egress, "cidrs")
    peers: list[Peer] = [_namespace(str(name)) for name in _list(egress, "namespaces")]
    if egress.get("mode") == OPEN:
        # Some implementations match no Pod by its address.
        cidrs, peers = list(_ANYWHERE), [{"namespaceSelector": {}}]
    peers += [{"ipBlock": _ip_block(cidr)} for cidr in cidrs]
    if peers:
        open_ports = _tcp(_list(egress, "ports"))
        found.append({"to": peers, **({"ports": open_ports} if open_ports else {})})
    return found


def _ip_block(cidr: t.Any) -> dict[str, t.Any]:
    """Return the block of a CIDR without the metadata addresses.

    :raises ManifestError: it is no CIDR, or nothing is left of it.
    """
    where = f"spec.network.egress.cidrs has {clean(cidr, 63)!r}"
    try:
        # A bare address would be a block of one.
        network = ipaddress.ip_network(str(cidr) if "/" in str(cidr) else "", strict=False)
    except ValueError:
        raise ManifestError(f"{where}, which is no CIDR.", 'Write it like "10.0.0.0/8".') from None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        raise ManifestError(f"{where}, an IPv4-mapped address.", "Use the IPv4 address.")
    inside = metadata_addresses.inside(network)
    for block in inside:
        if block.num_addresses >= network.num_addresses:
            raise ManifestError(
                f"{where}, in the range {block} of the metadata addresses of clouds.",
                "Remove it: these addresses are never allowed.",
            )
    return {"cidr": str(network), **({"except": [str(block) for block in inside]} if inside else {})}


def _namespace(name: str) -> Peer:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: name}}}


def _tcp(numbers: t.Iterable[Port]) -> list[dict[str, t.Any]]:
    return [{"port": port, "protocol": "TCP"} for port in dict.fromkeys(numbers)]


def _list(parent: t.Mapping[str, t.Any], field: str) -> list[t.Any]:
    value = parent.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ManifestError(f"{field} must be a list, not {type(value).__name__}.", "Correct the manifest.")
    return value
