# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Hand the number of replicas over to an autoscaler, and take it back, without a change in between.

Server-side apply removes a field that its only manager stops applying, and a Deployment without ``replicas``
has one. So before the field is left out, another field manager becomes its owner. The autoscaler changes it later.

When the autoscaler is removed, its number becomes ``spec.replicas`` of the MCPServer, unless the manifest sets one:
that is where people look for the number and where they change it.
"""

from __future__ import annotations

import json
import typing as t

from .._kube.body import MergePatch
from .._kube.resources import object_path
from .._workload import names
from .._workload.ownership import is_owned_by

if t.TYPE_CHECKING:
    from .._kube.client import Client

Item = dict[str, t.Any]

# The default of the CustomResourceDefinition.
_DEFAULT = 1
# Where kubectl keeps what it applied client-side.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def leaves_replicas(child: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an object is a Deployment whose replicas an autoscaler sets."""
    return child["kind"] == "Deployment" and "replicas" not in child["spec"]


def hand_over(client: Client, found: Item) -> Item:
    """Make a second field manager the owner of a Deployment's replicas, and return the Deployment.

    :param found: the Deployment, as read from the API server.
    """
    if not any(_owns(entry) for entry in found["metadata"].get("managedFields") or []):
        return found
    meta = found["metadata"]
    wanted = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
        "spec": {"replicas": found["spec"].get("replicas", 1)},
    }
    return client.apply(wanted, field_manager=names.REPLICAS_MANAGER)


def adopt(client: Client, server: Item) -> Item:
    """Write the number of replicas that an autoscaler set into the MCPServer, before the autoscaler is deleted.

    :param server: as read from the API server.
    :return: the MCPServer as it is now; unchanged where its manifest sets the number.
    """
    meta = server["metadata"]
    place = (meta["namespace"], meta["name"])
    if not meta.get("uid") or server["spec"].get("replicas", _DEFAULT) != _DEFAULT:
        return server
    deployment = client.find("apps/v1", "Deployment", *place)
    number = int(deployment["spec"].get("replicas", _DEFAULT)) if deployment and is_owned_by(deployment, server) else 0
    found = client.find(names.API_VERSION, names.KIND, *place)
    if number <= _DEFAULT or found is None or found["metadata"]["uid"] != meta["uid"] or _is_given(found):
        return server
    patched: Item = client.request(
        "PATCH",
        object_path(names.API_VERSION, names.KIND, *place),
        what=f"keep the number of replicas of MCPServer {'/'.join(place)}",
        # Only if it has not changed since it was read.
        body=MergePatch(
            {"metadata": {"resourceVersion": found["metadata"]["resourceVersion"]}, "spec": {"replicas": number}}
        ),
        query={"fieldManager": names.REPLICAS_MANAGER},
    )
    return patched


def _is_given(server: Item) -> bool:
    """Tell whether a client set the number of replicas; the API server fills in the default."""
    if server["spec"].get("replicas", _DEFAULT) != _DEFAULT:
        return True
    meta = server["metadata"]
    applied = [entry for entry in meta.get("managedFields") or [] if entry.get("operation") == "Apply"]
    if any("f:replicas" in ((entry.get("fieldsV1") or {}).get("f:spec") or {}) for entry in applied):
        return True
    try:
        last = json.loads((meta.get("annotations") or {}).get(_LAST_APPLIED, "{}"))
        return "replicas" in last["spec"]
    except (ValueError, TypeError, KeyError):
        return False


def _owns(entry: t.Mapping[str, t.Any]) -> bool:
    ours = entry.get("manager") == names.FIELD_MANAGER and entry.get("operation") == "Apply"
    return ours and "f:replicas" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
