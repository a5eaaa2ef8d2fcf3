# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Hands the number of replicas over to an autoscaler.

What a field manager leaves out of what it applies is removed, if it was its own; and a Deployment without ``replicas``
has one. So before we leave it out, another manager becomes the owner of the number that there is. The autoscaler takes
it from there with its first change.
"""

from __future__ import annotations

import typing as t

from ..module_utils._workload import names

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Item = dict[str, t.Any]


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


def _owns(entry: t.Mapping[str, t.Any]) -> bool:
    ours = entry.get("manager") == names.FIELD_MANAGER and entry.get("operation") == "Apply"
    return ours and "f:replicas" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
