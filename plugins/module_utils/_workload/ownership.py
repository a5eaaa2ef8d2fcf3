# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whose an object is; what is not ours is not touched."""

from __future__ import annotations

import typing as t

from . import names


def ours(item: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an object was made of this MCPServer.

    Where the cluster has no CustomResourceDefinition there is no owner, and the labels take its place; so an object
    without any controller that carries our labels, written by our field manager, is ours too.
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


def of_an_earlier(item: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an object belongs to an MCPServer of the same name that was deleted: it is about to go."""
    controller = controller_of(item)
    if controller is None or controller.get("kind") != names.KIND:
        return False
    return controller.get("name") == server["metadata"]["name"] and not ours(item, server)


def controller_of(item: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any] | None:
    """Return the ownerReference of the object's controller, or None."""
    owners = item["metadata"].get("ownerReferences") or []
    return next((owner for owner in owners if owner.get("controller")), None)
