# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Identify and compare the objects of a workload.

The operator's informers and the action that applies objects use the same functions. So neither has to read an object to
know that it still is what was applied.
"""

from __future__ import annotations

import hashlib
import json
import typing as t

# The kinds of which an MCPServer has one or none.
AUTOSCALER = "HorizontalPodAutoscaler"
NETWORK_POLICY = "NetworkPolicy"
_POLICY = ("networking.k8s.io/v1", NETWORK_POLICY)
_SCALING = (("autoscaling/v2", AUTOSCALER), ("policy/v1", "PodDisruptionBudget"))
# A kind of cert-manager, which a cluster need not have.
CERTIFICATE = "Certificate"
_CERTIFICATE = ("cert-manager.io/v1", CERTIFICATE)
# A kind of Cilium, likewise.
DOMAIN_POLICY = "CiliumNetworkPolicy"
_DOMAIN_POLICY = ("cilium.io/v2", DOMAIN_POLICY)
# Kinds of the Gateway API, likewise.
HTTP_ROUTE, BACKEND_TLS_POLICY = "HTTPRoute", "BackendTLSPolicy"
GATEWAY_KINDS = (("gateway.networking.k8s.io/v1", HTTP_ROUTE), ("gateway.networking.k8s.io/v1", BACKEND_TLS_POLICY))
# A kind of Kuadrant's MCP Gateway, likewise.
REGISTRATION = "MCPServerRegistration"
_REGISTRATION = ("mcp.kuadrant.io/v1", REGISTRATION)
# A kind of Envoy AI Gateway, likewise.
MCP_ROUTE = "MCPRoute"
_MCP_ROUTE = ("aigateway.envoyproxy.io/v1beta1", MCP_ROUTE)
OPTIONAL = (*_SCALING, _POLICY, _CERTIFICATE, _DOMAIN_POLICY, _REGISTRATION, _MCP_ROUTE, *GATEWAY_KINDS)
# All kinds of which an MCPServer has one object of its name, in the order in which they are deleted.
OBJECTS = (
    _REGISTRATION,
    _MCP_ROUTE,
    *GATEWAY_KINDS,
    *_SCALING,
    ("apps/v1", "Deployment"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    _POLICY,
    _CERTIFICATE,
    _DOMAIN_POLICY,
)

_NOT_DESIRED_STATE = frozenset({"apiVersion", "kind", "metadata", "status", "state"})
_FINGERPRINT_LENGTH = 10


def fingerprint(value: t.Any) -> str:
    """Return ten hexadecimal digits for JSON data, valid in labels and object names."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def key_of(item: t.Mapping[str, t.Any]) -> str:
    """Return what tells an object from the others of its owner, for example ``Deployment.v1.apps/wikipedia``."""
    group, _slash, version = str(item["apiVersion"]).rpartition("/")
    kind = f"{item['kind']}.{version}.{group}" if group else f"{item['kind']}.{version}"
    return f"{kind}/{item['metadata']['name']}"


def state_of(item: t.Mapping[str, t.Any]) -> str:
    """Return a fingerprint of an object's desired state.

    Status and annotations are not part of it: controllers write both all the time. Kinds without a generation are
    compared by their content; where only the metadata is known, by the resourceVersion.

    :param item: an object as read from the API server, or a cached excerpt with this fingerprint in ``state``.
    """
    if "state" in item:
        return str(item["state"])
    meta = item["metadata"]
    content = meta.get("generation") or {key: value for key, value in item.items() if key not in _NOT_DESIRED_STATE}
    owners = meta.get("ownerReferences") or []
    return fingerprint([content or meta.get("resourceVersion"), meta.get("labels") or {}, owners])
