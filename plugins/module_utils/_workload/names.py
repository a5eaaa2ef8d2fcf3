# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Names of MCPServers and their objects. Changing one breaks running workloads."""

from __future__ import annotations

import typing as t

GROUP = "mcp.mcp-operator.io"
VERSION = "v1"
API_VERSION = f"{GROUP}/{VERSION}"
KIND = "MCPServer"
PLURAL = "mcpservers"

# Field manager of the Deployment, the Service and the other objects.
FIELD_MANAGER = "mcp-operator"
# Field manager of a Deployment's replicas until an autoscaler sets them.
REPLICAS_MANAGER = "mcp-operator-replicas"
# Field manager of the MCPServer's status.
STATUS_MANAGER = "mcp-operator-status"
# Field manager of the MCPServer's spec if the playbook deploy applied it.
DEPLOY_MANAGER = "mcp-kubernetes-deploy"

# The operator's Lease, and its annotation with the watched namespaces; without it, all of them.
OPERATOR_NAMESPACE = "mcp-operator-system"
OPERATOR_LEASE = "mcp-operator"
OPERATOR_DEPLOYMENT = "mcp-operator-controller-manager"
WATCHED_ANNOTATION = f"{GROUP}/watched-namespaces"
# On the Leases of several operators: the shard, for example 0/2.
SHARD_ANNOTATION = f"{GROUP}/shard"

# On the Deployment: metadata.generation of the MCPServer that it is made from.
GENERATION_ANNOTATION = f"{GROUP}/generation"
# A Pod's readiness gate in strict mode, and the field manager of its condition.
GATE = f"{GROUP}/validated"
GATE_MANAGER = "mcp-operator-gate"
# On a Pod: a digest of the ConfigMaps and Secrets that it refers to.
CONFIG_ANNOTATION = f"{GROUP}/config-hash"
# On a Pod with a gate: its probe spec, which may differ between templates.
QUESTION_ANNOTATION = f"{GROUP}/question"
# On a Deployment: the fingerprint of the failed template that was rolled back.
ROLLED_BACK_ANNOTATION = f"{GROUP}/rolled-back-from"
# On a Deployment during a canary: the fingerprint of the manifest's template, which only the canary's Pods have.
CANARY_ANNOTATION = f"{GROUP}/canary-template"
# On a canary's Deployment and Pods.
CANARY_LABEL = f"{GROUP}/canary"
# On objects of other kinds: the fingerprint of what they were last reconciled from, so that nothing runs after a
# restart. MCPServers have it in their status.
RECONCILED_ANNOTATION = f"{GROUP}/reconciled"
RECORD_FIELD = "reconciliationRecord"
# On an MCPServer: a new value starts another validation.
REVALIDATE_ANNOTATION = f"{GROUP}/revalidate"
# On an MCPServer: a new value is a command for its canary.
ROLLOUT_ANNOTATION = f"{GROUP}/rollout"

# On a ControllerRevision that passed validation in the operator.
PASSED_LABEL = f"{GROUP}/passed"
# On the ControllerRevision of a Pod template, and on Pods with a gate: the template's fingerprint.
TEMPLATE_LABEL = f"{GROUP}/template"

# On a Secret: its values may be sent to the server of an MCPServer of its namespace, to validate it.
CREDENTIALS_LABEL = f"{GROUP}/validation-credentials"

MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"
MANAGED_BY = "mcp-operator"
MANAGED = {MANAGED_BY_LABEL: MANAGED_BY}
# The value of MANAGED_BY_LABEL on objects of validation Jobs, which are not part of the workload.
VALIDATION = "mcp-operator-validation"
VALIDATION_COMPONENT = "mcp-validation"
COMPONENT_LABEL = "app.kubernetes.io/component"
INSTANCE_LABEL = "app.kubernetes.io/instance"
CONTAINER = "mcp-server"
# The proxy before an HTTP server, in its Pods.
SIDECAR = "mcp-proxy"
# The certificates of mcp-sidecar: volumes, and where they are mounted.
TLS_VOLUME, CLIENT_CA_VOLUME, AUTH_CA_VOLUME = "tls-certs", "tls-client-ca", "auth-ca"
TLS_PATH, CLIENT_CA_PATH, AUTH_CA_PATH = "/etc/tls", "/etc/tls-client-ca", "/etc/auth-ca"
PORT_NAME = "http"


def selector(name: str) -> dict[str, str]:
    """Return the labels by which the Deployment and the Service select the Pods. They are immutable in a Deployment."""
    return {"app": name}


def canary(name: str) -> str:
    """Return the name of the Deployment of an MCPServer's canary."""
    return f"{name}-canary"


def labels(name: str) -> dict[str, str]:
    """Return the labels of every object of an MCPServer."""
    return {
        **selector(name),
        "app.kubernetes.io/name": "mcpserver",
        INSTANCE_LABEL: name,
        "app.kubernetes.io/component": "mcp-server",
        **MANAGED,
    }


def owner_reference(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the controller reference to an MCPServer that was read from the API server."""
    meta = server["metadata"]
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def server_key(server: t.Mapping[str, t.Any]) -> str:
    """Return the namespace and the name of an MCPServer, as in lock files and in messages."""
    return f"{server['metadata']['namespace']}/{server['metadata']['name']}"


def host(name: str, namespace: str) -> str:
    """Return the DNS name of an MCPServer's Service."""
    return f"{name}.{namespace}.svc"
