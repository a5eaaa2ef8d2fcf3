# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The names that an MCPServer and its objects go by; changing one breaks what runs."""

from __future__ import annotations

import typing as t

GROUP = "mcp.mcp-operator.io"
VERSION = "v1"
API_VERSION = f"{GROUP}/{VERSION}"
KIND = "MCPServer"
PLURAL = "mcpservers"

# Owner of the fields of Deployment, Service and the others in server-side apply.
FIELD_MANAGER = "mcp-operator"
# Owner of a Deployment's number of replicas, until an autoscaler takes it over.
REPLICAS_MANAGER = "mcp-operator-replicas"
# Owner of the MCPServer's status.
STATUS_MANAGER = "mcp-operator-status"
# Owner of the MCPServer's spec where the deploy playbook applied it.
DEPLOY_MANAGER = "mcp-kubernetes-deploy"

# The Lease of the operator that answers, and where it tells for which namespaces; without the annotation for all.
OPERATOR_NAMESPACE = "mcp-operator-system"
OPERATOR_LEASE = "mcp-operator"
WATCHED_ANNOTATION = f"{GROUP}/watched-namespaces"
# And, on the Leases of several operators, which of them it is: 0/2.
SHARD_ANNOTATION = f"{GROUP}/shard"

# On the Deployment: the metadata.generation of the MCPServer that it was made of.
GENERATION_ANNOTATION = f"{GROUP}/generation"
# A Pod's readiness gate in strict mode, and who sets its condition.
GATE = f"{GROUP}/validated"
GATE_MANAGER = "mcp-operator-gate"
# On a Pod: the fingerprint of the ConfigMaps and Secrets that it was made with.
CONFIG_ANNOTATION = f"{GROUP}/config-hash"
# On a Pod with a gate: what it is to be asked, which may be another thing for those of another template.
QUESTION_ANNOTATION = f"{GROUP}/question"
# On a Deployment: the fingerprint of the template that is wanted and failed, while an earlier one is there instead.
ROLLED_BACK_ANNOTATION = f"{GROUP}/rolled-back-from"
# On an MCPServer: another value lets everything be proved anew.
REVALIDATE_ANNOTATION = f"{GROUP}/revalidate"

# On a ControllerRevision that passed in the operator.
PASSED_LABEL = f"{GROUP}/passed"
# On the ControllerRevision of a Pod template, and on the Pods that have a gate: the template's fingerprint.
TEMPLATE_LABEL = f"{GROUP}/template"

MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"
MANAGED_BY = "mcp-operator"
MANAGED = {MANAGED_BY_LABEL: MANAGED_BY}
# What validation makes: no child of an MCPServer that its manifest asks for.
VALIDATION = "mcp-operator-validation"
INSTANCE_LABEL = "app.kubernetes.io/instance"
CONTAINER = "mcp-server"
PORT_NAME = "http"


def selector(name: str) -> dict[str, str]:
    """Return the labels by which Deployment and Service find the Pods; immutable in a Deployment."""
    return {"app": name}


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
    """Return the controller ownerReference to an MCPServer as the API server returned it."""
    meta = server["metadata"]
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def host(name: str, namespace: str) -> str:
    """Return the DNS name of an MCPServer's Service, as the article writes it."""
    return f"{name}.{namespace}.svc"
