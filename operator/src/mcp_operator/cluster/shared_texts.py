# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Texts that most objects have, which the store then has once.

Each object that is decoded has its own texts, and the names of its fields take as much memory as their values.
"""

from __future__ import annotations

import typing as t

from .._vendor._workload.conditions import CONDITIONS
from .._vendor._workload.names import (
    API_VERSION,
    COMPONENT_LABEL,
    GATE,
    GENERATION_ANNOTATION,
    INSTANCE_LABEL,
    KIND,
    MANAGED_BY,
    MANAGED_BY_LABEL,
)

_TEXTS = {
    text: text
    for text in (
        # Fields of conditions, and their values.
        *("type", "status", "reason", "message", "lastTransitionTime", "lastUpdateTime", "lastProbeTime"),
        *("observedGeneration", "True", "False", "Unknown", *CONDITIONS),
        *("Available", "Progressing", "MinimumReplicasAvailable", "NewReplicaSetAvailable"),
        *("Initialized", "PodReadyToStartContainers", "ContainersReady", "PodScheduled", GATE),
        # Fields of ownerReferences, and their values.
        *("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion", API_VERSION, KIND),
        *("apps/v1", "Deployment", "ReplicaSet", "batch/v1", "Job"),
        # Labels and annotations.
        *("app", "app.kubernetes.io/name", COMPONENT_LABEL, INSTANCE_LABEL, MANAGED_BY_LABEL, MANAGED_BY),
        *("mcpserver", "mcp-server", "pod-template-hash", "deployment.kubernetes.io/revision", GENERATION_ANNOTATION),
        # Fields of statuses.
        *("conditions", "phase", "replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "selector"),
        *("serviceEndpoint", "transportType", "resolvedTransport", "validation", "rollout", "networkIsolation"),
        *("state", "protocol", "protocolVersion", "capabilities", "toolCount", "toolNames", "validatedGeneration"),
        *("lastValidated", "lastAttemptTime", "attempts", "proof", "provedReplicas", "results", "issues", "offers"),
        *("time", "Validated", "Running", "tools", "resources", "prompts", "streamable-http"),
    )
}
_of = _TEXTS.get


def shared(entry: t.Any) -> t.Any:
    """Return an object of JSON whose own names and texts are shared; those within its values are not."""
    if type(entry) is not dict:
        return entry
    return {_of(name, name): _of(value, value) if type(value) is str else value for name, value in entry.items()}


def with_shared_conditions(status: t.Any) -> t.Any:
    """Return a status that is shared, and whose conditions are."""
    if type(status) is not dict:
        return status
    found = shared(status)
    if type(found.get("conditions")) is list:
        found["conditions"] = [shared(entry) for entry in found["conditions"]]
    return found
