# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Keeps the Pod templates of strict MCPServers, and applies an earlier one instead of one that failed.

Whether one failed, and which one passed, the operator says in the status. What is applied is always what the manifest
says, or the last template that passed: so nobody has to undo anything.
"""

from __future__ import annotations

import typing as t

from ..module_utils._kube.errors import KubeError
from ..module_utils._workload import gate, names

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_API = ("apps/v1", "ControllerRevision")
_FIELDS = ("name", "namespace", "labels", "ownerReferences")

Item = dict[str, t.Any]


def settle(client: Client, deployment: Item, server: t.Mapping[str, t.Any]) -> Item:
    """Return the Deployment that is to be applied.

    :param deployment: as the manifest wants it, with a gate.
    :param server: with its status.
    :raises KubeError: the template to go back to is gone.
    """
    wanted = gate.rollback(server)
    if wanted is None or wanted.failed != gate.mark_of(deployment["spec"]["template"]):
        return deployment
    meta = deployment["metadata"]
    found = client.find(*_API, meta["namespace"], gate.revision_name(meta["name"], wanted.to))
    if found is None:
        raise KubeError(
            f"The template {wanted.to} that passed last is gone: its ControllerRevision was deleted.",
            "What runs was left as it is. Correct the manifest; a new template is tried at once.",
            code="ROLLBACK_TARGET_GONE",
        )
    annotations = {**(meta.get("annotations") or {}), names.ROLLED_BACK_ANNOTATION: wanted.failed}
    return {
        **deployment,
        "metadata": {**meta, "annotations": annotations},
        "spec": {**deployment["spec"], "template": found["data"]["template"]},
    }


def keep(client: Client, deployment: Item) -> None:
    """Keep a Deployment's template: should it pass, it is one to go back to."""
    meta, template = deployment["metadata"], deployment["spec"]["template"]
    mark = gate.mark_of(template)
    name = gate.revision_name(meta["name"], mark)
    if client.find(*_API, meta["namespace"], name) is not None:
        return
    own = {field: meta[field] for field in _FIELDS if field in meta}
    revision = {
        "apiVersion": _API[0],
        "kind": _API[1],
        "metadata": {**own, "name": name, "labels": {**meta["labels"], names.TEMPLATE_LABEL: mark}},
        "revision": 0,
        "data": {"template": template},
    }
    client.apply(revision, field_manager=names.FIELD_MANAGER)
