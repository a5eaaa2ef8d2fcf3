# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Hands the number of replicas over to an autoscaler, and takes it back; it is never another one in between.

What a field manager leaves out of what it applies is removed, if it was its own; and a Deployment without ``replicas``
has one. So before we leave it out, another manager becomes the owner of the number that there is. The autoscaler takes
it from there with its first change.

When it goes, the MCPServer goes on with as many replicas as it left, unless its manifest says how many: they become
``spec.replicas``, where people look for the number and where they change it.
"""

from __future__ import annotations

import json
import typing as t

from ..module_utils._kube.body import MergePatch
from ..module_utils._kube.resources import object_path
from ..module_utils._workload import names
from ..module_utils._workload.ownership import ours

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Item = dict[str, t.Any]

# What the CustomResourceDefinition fills in.
_DEFAULT = 1
# Where kubectl keeps what it applied client-side.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def leaves_replicas(child: t.Mapping[str, t.Any]) -> bool:
    """Whether it is a Deployment that leaves the number of its replicas to others."""
    return child["kind"] == "Deployment" and "replicas" not in child["spec"]


def hand_over(client: Client, found: Item) -> Item:
    """Return a Deployment whose number of replicas is not ours alone any more; it stays what it is.

    :param found: the Deployment as the API server has it.
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
    """Return an MCPServer whose autoscaler is about to go, with the number of replicas that there are.

    :param server: as the API server has it, or had it; it comes back as it is where its manifest says how many.
    """
    meta = server["metadata"]
    place = (meta["namespace"], meta["name"])
    if not meta.get("uid") or server["spec"].get("replicas", _DEFAULT) != _DEFAULT:
        return server
    deployment = client.find("apps/v1", "Deployment", *place)
    number = int(deployment["spec"].get("replicas", _DEFAULT)) if deployment and ours(deployment, server) else 0
    found = client.find(names.API_VERSION, names.KIND, *place)
    if number <= _DEFAULT or found is None or found["metadata"]["uid"] != meta["uid"] or _is_given(found):
        return server
    patched: Item = client.request(
        "PATCH",
        object_path(names.API_VERSION, names.KIND, *place),
        what=f"keep the number of replicas of MCPServer {'/'.join(place)}",
        # Only if nobody has said another number since it was read.
        body=MergePatch(
            {"metadata": {"resourceVersion": found["metadata"]["resourceVersion"]}, "spec": {"replicas": number}}
        ),
        query={"fieldManager": names.REPLICAS_MANAGER},
    )
    return patched


def _is_given(server: Item) -> bool:
    """Tell whether somebody said how many replicas there are to be; the API server fills the default in."""
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
