# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""API paths of the kinds that this collection uses, so that it needs no discovery."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

# (apiVersion, kind) -> plural. All are namespaced.
_PLURALS: dict[tuple[str, str], str] = {
    ("v1", "ConfigMap"): "configmaps",
    ("v1", "Event"): "events",
    ("v1", "Pod"): "pods",
    ("v1", "Secret"): "secrets",
    ("v1", "Service"): "services",
    ("v1", "ServiceAccount"): "serviceaccounts",
    ("apps/v1", "ControllerRevision"): "controllerrevisions",
    ("apps/v1", "Deployment"): "deployments",
    ("apps/v1", "ReplicaSet"): "replicasets",
    ("batch/v1", "Job"): "jobs",
    ("argoproj.io/v1alpha1", "Rollout"): "rollouts",
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "horizontalpodautoscalers",
    ("policy/v1", "PodDisruptionBudget"): "poddisruptionbudgets",
    ("networking.k8s.io/v1", "NetworkPolicy"): "networkpolicies",
    ("cert-manager.io/v1", "Certificate"): "certificates",
    ("cilium.io/v2", "CiliumNetworkPolicy"): "ciliumnetworkpolicies",
    ("gateway.networking.k8s.io/v1", "BackendTLSPolicy"): "backendtlspolicies",
    ("gateway.networking.k8s.io/v1alpha3", "BackendTLSPolicy"): "backendtlspolicies",
    ("gateway.networking.k8s.io/v1", "Gateway"): "gateways",
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): "httproutes",
    ("aigateway.envoyproxy.io/v1beta1", "MCPRoute"): "mcproutes",
    ("coordination.k8s.io/v1", "Lease"): "leases",
    ("mcp.kuadrant.io/v1", "MCPServerRegistration"): "mcpserverregistrations",
    ("mcp.mcp-operator.io/v1", "MCPServer"): "mcpservers",
    ("monitoring.coreos.com/v1", "ServiceMonitor"): "servicemonitors",
}


def plural(api_version: str, kind: str) -> str:
    """Return the name of a kind in paths.

    :raises KeyError: the kind is not in the table of this module.
    """
    return _PLURALS[(api_version, kind)]


def collection_path(api_version: str, kind: str, namespace: str | None) -> str:
    """Return the path of a kind's collection.

    :param namespace: None for all namespaces.
    :raises KeyError: the kind is not in the table of this module.
    """
    name = plural(api_version, kind)
    root = f"/api/{api_version}" if "/" not in api_version else f"/apis/{api_version}"
    if namespace is None:
        return f"{root}/{name}"
    return f"{root}/namespaces/{quote(namespace, safe='')}/{name}"


def object_path(api_version: str, kind: str, namespace: str, name: str, subresource: str = "") -> str:
    """Return the path of one object, or of its subresource."""
    path = f"{collection_path(api_version, kind, namespace)}/{quote(name, safe='')}"
    return f"{path}/{subresource}" if subresource else path


def path_of(manifest: t.Mapping[str, t.Any], subresource: str = "") -> str:
    """Return the path of the object that a manifest describes."""
    meta = manifest["metadata"]
    return object_path(manifest["apiVersion"], manifest["kind"], meta["namespace"], meta["name"], subresource)


def describe(manifest: t.Mapping[str, t.Any]) -> str:
    """Return kind, namespace and name for messages, for example ``Deployment default/wikipedia``."""
    meta = manifest.get("metadata") or {}
    return f"{manifest.get('kind')} {meta.get('namespace', 'default')}/{meta.get('name')}"
