# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer and its objects as vitorbari/mcp-operator v0.1.0-alpha.21 leaves them, field managers included."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import collection_path, object_path

from .reference_proxy import add_proxy

Item = dict[str, Any]

# controller-runtime names a client after its program.
MANAGER = "manager"
FINALIZER = "mcp.mcp-operator.io/finalizer"
LEASE = "4058338e.mcp-operator.io"
SERVER = ("mcp.mcp-operator.io/v1", "MCPServer")
DEPLOYMENT = ("apps/v1", "Deployment")


def create(client: Client, item: Item, manager: str = MANAGER) -> Item:
    """Create an object as a client does that knows nothing of server-side apply."""
    path = collection_path(item["apiVersion"], item["kind"], item["metadata"]["namespace"])
    made: Item = client.request("POST", path, what="make an object", body=item, query={"fieldManager": manager})
    return made


def update(client: Client, item: Item, subresource: str = "") -> Item:
    """Write a whole object."""
    meta = item["metadata"]
    path = object_path(item["apiVersion"], item["kind"], meta["namespace"], meta["name"], subresource)
    query = {"fieldManager": MANAGER}
    written: Item = client.request("PUT", path, what="write an object", body=item, query=query)
    return written


def labels(name: str) -> dict[str, str]:
    return {
        "app": name,
        "app.kubernetes.io/name": "mcpserver",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": "mcp-server",
        "app.kubernetes.io/managed-by": "mcp-operator",
        "mcp.transport.type": "http",
    }


def server(client: Client, namespace: str, name: str, spec: Item, proxy: str = "") -> Item:
    """Make an MCPServer by kubectl, and all that the operator then makes of it.

    :param proxy: an image with mcp-sidecar, which stands for the other operator's proxy if metrics are enabled.
    """
    manifest = {
        "apiVersion": SERVER[0],
        "kind": SERVER[1],
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }
    made = create(client, manifest, "kubectl-client-side-apply")
    made["metadata"]["finalizers"] = [FINALIZER]
    made = update(client, made)
    port = spec["transport"]["config"]["http"]["port"]
    deployment, service = _deployment(made, port), _service(made, port)
    if (spec.get("metrics") or {}).get("enabled"):
        port = add_proxy(deployment, service, spec, proxy)
    for child in (_account(made), deployment, service):
        create(client, child)
    made["status"] = _status(made, port)
    return update(client, made, "status")


def lease(
    client: Client, namespace: str, renewed: dt.datetime, *, holder: str = "mcp-operator-controller-manager-0"
) -> Item:
    """Make, or renew, the Lease by which it elects its leader."""
    item = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": LEASE, "namespace": namespace},
        "spec": {
            "holderIdentity": holder,
            "leaseDurationSeconds": 15,
            "renewTime": renewed.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
    }
    found = client.find(item["apiVersion"], "Lease", namespace, LEASE)
    if found is None:
        return create(client, item)
    return update(client, {**found, "spec": item["spec"]})


def operator(client: Client, namespace: str, replicas: int) -> Item:
    """Make its own Deployment, whose name and labels are those of this collection's operator."""
    marks = {"app.kubernetes.io/name": "mcp-operator", "control-plane": "controller-manager"}
    container = {
        "name": "manager",
        "image": "localhost/none:1",
        "command": ["/manager"],
        "args": ["--leader-elect", "--metrics-bind-address=:8443", "--health-probe-bind-address=:8081"],
    }
    item = {
        "apiVersion": DEPLOYMENT[0],
        "kind": DEPLOYMENT[1],
        "metadata": {"name": "mcp-operator-controller-manager", "namespace": namespace, "labels": marks},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": marks},
            "template": {"metadata": {"labels": marks}, "spec": {"containers": [container]}},
        },
    }
    return create(client, item, "kubectl-client-side-apply")


def installation(namespace: str) -> dict[str, Item]:
    """Return what its install.yaml leaves beside what this collection's installation replaces, by path."""
    rbac, core = "rbac.authorization.k8s.io/v1", f"/api/v1/namespaces/{namespace}"
    manager, role = "mcp-operator-controller-manager", "mcp-operator-metrics-auth-role"
    rules = [
        {"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"], "verbs": ["create"]},
        {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"], "verbs": ["create"]},
    ]
    reader = [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]
    role_ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    subjects = [{"kind": "ServiceAccount", "name": manager, "namespace": namespace}]
    marks = {"app.kubernetes.io/name": "mcp-operator", "control-plane": "controller-manager"}
    ports = [{"name": "https", "port": 8443, "protocol": "TCP", "targetPort": 8443}]
    items: dict[str, Item] = {
        f"/apis/{rbac}/clusterroles/{role}": {"kind": "ClusterRole", "rules": rules},
        f"/apis/{rbac}/clusterroles/mcp-operator-metrics-reader": {"kind": "ClusterRole", "rules": reader},
        f"/apis/{rbac}/clusterrolebindings/mcp-operator-metrics-auth-rolebinding": {
            "kind": "ClusterRoleBinding",
            "roleRef": role_ref,
            "subjects": subjects,
        },
        f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{LEASE}": {"kind": "Lease", "spec": {}},
        f"{core}/services/{manager}-metrics-service": {"kind": "Service", "spec": {"ports": ports, "selector": marks}},
    }
    for path, item in items.items():
        group = path.split("/")[2] + "/v1" if path.startswith("/apis/") else "v1"
        item.update(apiVersion=group, metadata={"name": path.rpartition("/")[2]})
    return items


def install(client: Client, namespace: str) -> list[str]:
    """Create what its install.yaml leaves, but the Lease; return the paths."""
    found = {path: item for path, item in installation(namespace).items() if item["kind"] != "Lease"}
    for path, item in found.items():
        query = {"fieldManager": "kubectl-client-side-apply"}
        client.request("POST", path.rpartition("/")[0], what="make an object", body=item, query=query)
    return [*found]


def _meta(made: Item, **more: Any) -> Item:
    meta = made["metadata"]
    owner = {
        "apiVersion": SERVER[0],
        "kind": SERVER[1],
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {"name": meta["name"], "namespace": meta["namespace"], "ownerReferences": [owner], **more}


def _account(made: Item) -> Item:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(made)}


def _deployment(made: Item, port: int) -> Item:
    name, spec = made["metadata"]["name"], made["spec"]
    path = spec["transport"]["config"]["http"].get("path", "/mcp")
    container = {
        "name": "mcp-server",
        "image": spec["image"],
        "env": [
            *spec.get("environment", []),
            {"name": "MCP_TRANSPORT", "value": "http"},
            {"name": "MCP_HTTP_PATH", "value": path},
            {"name": "MCP_SESSION_MANAGEMENT", "value": "true"},
        ],
        "ports": [{"name": "http", "containerPort": port, "protocol": "TCP"}],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "runAsGroup": 1000,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    if spec.get("args"):
        container["args"] = spec["args"]
    return {
        "apiVersion": DEPLOYMENT[0],
        "kind": DEPLOYMENT[1],
        "metadata": _meta(made, labels=labels(name)),
        "spec": {
            "replicas": spec.get("replicas", 1),
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": labels(name)},
                "spec": {
                    "serviceAccountName": name,
                    "securityContext": {"fsGroup": 1000},
                    "containers": [container],
                },
            },
        },
    }


def _service(made: Item, port: int) -> Item:
    name = made["metadata"]["name"]
    annotations = {
        "mcp.transport.type": "http",
        "nginx.ingress.kubernetes.io/proxy-buffering": "off",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "86400",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "86400",
        "service.beta.kubernetes.io/aws-load-balancer-backend-protocol": "http",
        "service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout": "3600",
    }
    ports = [{"name": "http", "port": port, "targetPort": port, "protocol": "TCP"}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _meta(made, labels=labels(name), annotations=annotations),
        "spec": {"type": "ClusterIP", "selector": {"app": name}, "ports": ports},
    }


def _status(made: Item, port: int) -> Item:
    meta, now = made["metadata"], dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reasons = {
        "Ready": "DeploymentReady",
        "Available": "DeploymentAvailable",
        "Progressing": "NewReplicaSetAvailable",
        "Reconciled": "ReconcileSuccess",
    }
    return {
        "phase": "Running",
        "message": "MCPServer is running",
        "replicas": 1,
        "readyReplicas": 1,
        "availableReplicas": 1,
        "observedGeneration": meta["generation"],
        "transportType": "http",
        "lastReconcileTime": now,
        "serviceEndpoint": f"{meta['name']}.{meta['namespace']}.svc.cluster.local:{port}",
        "conditions": [
            {"type": kind, "status": "True", "reason": reason, "message": reason, "lastTransitionTime": now}
            for kind, reason in reasons.items()
        ],
        "validation": {
            "state": "Validated",
            "attempts": 1,
            "lastAttemptTime": now,
            "lastValidated": now,
            "protocol": "streamable-http",
            "protocolVersion": "2024-11-05",
            "endpoint": f"http://{meta['name']}.{meta['namespace']}.svc.cluster.local:{port}/mcp",
            "capabilities": ["tools"],
            "compliant": True,
            "requiresAuth": False,
            "validatedGeneration": meta["generation"],
        },
    }
