# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which NetworkPolicies keep the validator from a Pod.

NetworkPolicies add up: a Pod that at least one of them selects for ingress accepts what any of them allows
(https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation), on the ports
of the rule. A block of addresses counts as allowing only if it contains all of them, since the validator's address is
not known.
"""

from __future__ import annotations

import typing as t

from . import names
from .fields import mapping
from .network import NAMESPACE_NAME, OPERATOR_LABELS, validation_labels

# The code of the issue in a status.
BLOCKED = "BLOCKED_BY_NETWORK_POLICY"
# The reason of conditions.
REASON = "BlockedByNetworkPolicy"
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_SHOWN = 5

Object = t.Mapping[str, t.Any]


class Source(t.NamedTuple):
    """The Pod from which validation connects.

    :param namespace: its namespace, of which the other labels are not known.
    """

    namespace: str
    labels: t.Mapping[str, str]


def operator(namespace: str) -> Source:
    """Return the Pod of the operator.

    :param namespace: of the operator.
    """
    return Source(namespace, OPERATOR_LABELS)


def validation_job(server: Object) -> Source:
    """Return the Pod of a validation Job."""
    return Source(str(server["metadata"]["namespace"]), validation_labels(server))


def blocking(policies: t.Iterable[Object], pod: Object, source: Source, port: int) -> list[str]:
    """Return the names of the NetworkPolicies that select a Pod for ingress, if none of them lets the source in.

    :param policies: of the Pod's namespace.
    :param port: to which validation connects.
    """
    labels = mapping(pod["metadata"], "labels")
    selecting = [
        policy
        for policy in policies
        if "Ingress" in (policy["spec"].get("policyTypes") or ["Ingress"])
        and matches(mapping(policy["spec"], "podSelector"), labels)
    ]
    namespace = str(pod["metadata"].get("namespace"))
    for policy in selecting:
        for rule in policy["spec"].get("ingress") or []:
            peers = rule.get("from") or []
            if _opens(rule, port) and (not peers or any(_allows(peer, namespace, source) for peer in peers)):
                return []
    return sorted(str(policy["metadata"]["name"]) for policy in selecting)


def message(policies: t.Sequence[str], source: Source) -> str:
    """Return what was seen and what to do, for a Pod that these policies close."""
    named = ", ".join(policies[:_SHOWN])
    labels = ", ".join(f"{key}: {value}" for key, value in source.labels.items())
    return (
        f"The Pods are ready, and validation cannot connect to them. Network policies that do not let it in: {named}. "
        f"Let in Pods with the labels {labels} of the namespace {source.namespace}, for example by "
        "spec.network.mode isolated."
    )


def blocked_by(validation: Object) -> str:
    """Return the message of :data:`BLOCKED` in ``status.validation``; empty if it is not there."""
    found = (issue for issue in validation.get("issues") or [] if issue.get("code") == BLOCKED)
    return next((str(issue.get("message")) for issue in found), "")


def matches(selector: Object, labels: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a ``metav1.LabelSelector`` selects an object with these labels."""
    if any(labels.get(key) != value for key, value in mapping(selector, "matchLabels").items()):
        return False
    return all(_holds(expression, labels) for expression in selector.get("matchExpressions") or [])


def _holds(expression: Object, labels: t.Mapping[str, t.Any]) -> bool:
    key, values = str(expression.get("key")), expression.get("values") or []
    results = {
        "In": key in labels and labels[key] in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return results.get(str(expression.get("operator")), False)


def _opens(rule: Object, port: int) -> bool:
    """Tell whether a rule is about a port of the Pods, which has the same name in all of them."""
    entries = [entry for entry in rule.get("ports") or [] if (entry.get("protocol") or "TCP") == "TCP"]
    return not rule.get("ports") or any(_includes(entry, port) for entry in entries)


def _includes(entry: Object, port: int) -> bool:
    first = entry.get("port")
    if first is None or first == names.PORT_NAME:
        return True
    return isinstance(first, int) and first <= port <= (entry.get("endPort") or first)


def _allows(peer: Object, namespace: str, source: Source) -> bool:
    if peer.get("ipBlock") is not None:
        block = mapping(peer, "ipBlock")
        return block.get("cidr") in _EVERYWHERE and not block.get("except")
    if peer.get("namespaceSelector") is None:
        there = namespace == source.namespace
    else:
        there = matches(mapping(peer, "namespaceSelector"), {NAMESPACE_NAME: source.namespace})
    return there and matches(mapping(peer, "podSelector"), source.labels)
