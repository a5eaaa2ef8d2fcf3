# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which objects belong to an MCPServer. Objects of other owners are never changed."""

from __future__ import annotations

import typing as t

from . import names


def is_owned_by(item: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an object belongs to this MCPServer.

    In a cluster without the CustomResourceDefinition there are no owner references. So an object without a controller
    belongs to the MCPServer if it has our labels and our field manager applied it.
    """
    controller = controller_of(item)
    if controller is not None:
        return bool(controller.get("uid")) and controller.get("uid") == server["metadata"].get("uid")
    labels = item["metadata"].get("labels") or {}
    wanted = names.labels(server["metadata"]["name"])
    managers = item["metadata"].get("managedFields") or []
    return all(labels.get(key) == value for key, value in wanted.items()) and any(
        entry.get("manager") == names.FIELD_MANAGER and entry.get("operation") == "Apply" for entry in managers
    )


def belongs_to_predecessor(item: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an object belongs to a deleted MCPServer of the same name: it will be garbage collected."""
    controller = controller_of(item)
    if controller is None or controller.get("kind") != names.KIND:
        return False
    return controller.get("name") == server["metadata"]["name"] and not is_owned_by(item, server)


def controller_of(item: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any] | None:
    """Return the owner reference of an object's controller; None for none."""
    owners = item["metadata"].get("ownerReferences") or []
    return next((owner for owner in owners if owner.get("controller")), None)
