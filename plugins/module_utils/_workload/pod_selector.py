# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which Pods belong to a Deployment.

Ownership follows the controller ownerReferences from the Deployment to its ReplicaSets to their Pods, as Kubernetes
itself does (https://kubernetes.io/docs/concepts/architecture/garbage-collection/). Labels prove nothing: any client
that may create Pods can set them.
"""

from __future__ import annotations

import typing as t

from .ownership import controller_of

Object = t.Mapping[str, t.Any]
# Returns the objects of one kind that an object controls.
ControlledBy = t.Callable[[Object], t.Iterable[Object]]

REVISION_ANNOTATION = "deployment.kubernetes.io/revision"


class SelectedPods(t.NamedTuple):
    """The Pods of a Deployment that are not being deleted, sorted by name.

    :param newest: those of the newest Pod template; None while the ReplicaSet of that template is unknown.
    :param older: those of earlier Pod templates.
    :param replica_set: the ReplicaSet of the newest Pod template, or None.
    """

    newest: t.Optional[list[Object]] = None
    older: list[Object] = []  # noqa: RUF012 - never modified
    replica_set: t.Optional[Object] = None


def select_pods(deployment: Object, replica_sets_of: ControlledBy, pods_of: ControlledBy) -> SelectedPods:
    """Return the Pods of a Deployment."""
    revision = _revision(deployment)
    newest: t.Optional[Object] = None
    older: list[Object] = []
    for replica_set in replica_sets_of(deployment):
        if newest is None and revision and _revision(replica_set) == revision:
            newest = replica_set
        else:
            older.extend(remaining(pods_of(replica_set)))
    return SelectedPods(None if newest is None else remaining(pods_of(newest)), older, newest)


def controlled_by(items: t.Iterable[Object]) -> ControlledBy:
    """Return a lookup of objects by the uid of their controller."""
    index: dict[str, list[Object]] = {}
    for item in items:
        controller = controller_of(item)
        if controller is not None and controller.get("uid"):
            index.setdefault(str(controller["uid"]), []).append(item)
    return lambda owner: index.get(str(owner["metadata"].get("uid")), [])


def _revision(item: Object) -> t.Any:
    return (item["metadata"].get("annotations") or {}).get(REVISION_ANNOTATION)


def remaining(pods: t.Iterable[Object]) -> list[Object]:
    """Return the Pods that are not being deleted, sorted by name."""
    found = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp")]
    return sorted(found, key=lambda pod: str(pod["metadata"]["name"]))
