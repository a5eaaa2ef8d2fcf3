# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What people and conditions of playbooks need of an MCPServer's status, as flat data."""

from __future__ import annotations

import typing as t

from .._util import clean
from . import names
from .client_endpoint import endpoint
from .errors import ClientConfigError
from .fields import mapping
from .table import is_healthy, is_ready

_MESSAGE = 1000

Object = t.Mapping[str, t.Any]


def url_of(server: Object) -> str:
    """Return the URL that clients use, that of the Gateway of a server that is exposed; empty if it is not known."""
    try:
        return endpoint(server, "").url
    except ClientConfigError:
        return ""


def is_current(server: Object) -> bool:
    """Tell whether the status is about the generation of the spec, as far as the object says."""
    generation = mapping(server, "metadata").get("generation")
    return generation is None or mapping(server, "status").get("observedGeneration") == generation


def is_validated(server: Object) -> bool:
    """Tell whether the server has passed validation as it is specified now."""
    return is_current(server) and mapping(mapping(server, "status"), "validation").get("state") == "Validated"


def is_reachable(server: Object) -> bool:
    """Tell whether clients reach the server: through its Gateway if it is exposed, otherwise in the cluster."""
    status = mapping(server, "status")
    if not is_current(server):
        return False
    if not mapping(server, "spec").get("expose"):
        return is_ready(status)
    conditions = status.get("conditions") or []
    return any(entry.get("type") == "Reachable" and entry.get("status") == "True" for entry in conditions)


def summary(server: Object) -> dict[str, t.Any]:
    """Return the summary of one MCPServer."""
    status = mapping(server, "status")
    validation = mapping(status, "validation")
    return {
        "namespace": clean(server["metadata"].get("namespace")),
        "name": clean(server["metadata"]["name"]),
        "phase": clean(status.get("phase")) or "Pending",
        "message": clean(status.get("message"), _MESSAGE),
        "replicas": status.get("replicas", 0),
        "ready_replicas": status.get("readyReplicas", 0),
        "validation": clean(validation.get("state")) or "Pending",
        "protocol": clean(validation.get("protocol")),
        "protocol_version": clean(validation.get("protocolVersion")),
        "capabilities": [clean(one) for one in validation.get("capabilities") or []],
        "endpoint": url_of(server),
        "validated": is_validated(server),
        "reachable": is_reachable(server),
        "healthy": is_current(server) and is_healthy(server),
    }


def without_bookkeeping(server: Object) -> dict[str, t.Any]:
    """Return an MCPServer with its type and without managedFields, which are longer than all the rest."""
    meta = {key: value for key, value in server["metadata"].items() if key != "managedFields"}
    return {**server, "apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta}
