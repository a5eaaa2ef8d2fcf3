# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The Pods of an MCPServer that Argo Rollouts or Flagger replaces (``spec.rollout.managedBy``)."""

from __future__ import annotations

import typing as t

from .._vendor._workload import managed, rollout_manager
from .._vendor._workload.canary import ABORTED
from .._vendor._workload.fields import mapping
from .._vendor._workload.pod_selector import REVISION_ANNOTATION, SelectedPods
from .._vendor._workload.pods import is_ready
from .._vendor._workload.rollout import Rollout
from ..cluster.store import Key, Object
from ..workloads.lister import WorkloadLister
from .pods import Deployed, Update, template_of, update_of

# On the ReplicaSets of a Rollout: the value of its status.currentPodHash.
_HASH_LABEL = "rollouts-pod-template-hash"
# On the ReplicaSets of a Deployment: how many Pods the Deployment is to have.
_DESIRED_ANNOTATION = "deployment.kubernetes.io/desired-replicas"
# The values of spec.workloadRef.scaleDown with which Argo Rollouts scales the Deployment down.
_SCALED_DOWN = ("onsuccess", "progressively")


def managed_update(
    lister: WorkloadLister, key: Key, server: Object, deployment: Object | None
) -> tuple[Update, Object | None]:
    """Return the Pods of an MCPServer, and the Rollout or the Canary; None while there is none.

    :param deployment: the Deployment of the MCPServer.
    """
    kind = rollout_manager.manager(server["spec"])
    found = lister.rollout_manager(key, kind)
    if deployment is None or found is None or not managed.refers(kind, found, key.name):
        return update_of(lister, deployment, None), None
    own = Deployed(deployment, lister.pods(deployment))
    if kind == rollout_manager.ARGO:
        return _of_rollout(lister, found, own), found
    known = managed.status(server, found, "")
    if known:
        return _of_primary(lister, key, own, failed=known["phase"] == ABORTED), found
    # The primary Pods are validated before Flagger lets them serve: it waits until they are ready.
    update = update_of(lister, deployment, None)
    if kind == rollout_manager.FLAGGER:
        sets = lister.replica_sets_named(key, managed.primary(key.name))
        primary = [pod for one in sets for pod in lister.pods_of(one)]
        update = update._replace(pods=update.pods._replace(older=[*update.pods.older, *primary]))
    return update, found


def _of_rollout(lister: WorkloadLister, item: Object, own: Deployed) -> Update:
    """Return the Pods of a Rollout.

    Those that the Deployment has until it is scaled down count as Pods of an earlier template. If it is never scaled
    down, they remain beside those of the Rollout.
    """
    status = mapping(item, "status")
    current = status.get("currentPodHash")
    sets = lister.replica_sets(item)
    newest = next((one for one in sets if current and _labels(one).get(_HASH_LABEL) == current), None)
    older = [pod for one in sets if one is not newest for pod in lister.pods_of(one)]
    template = _template(newest)
    rest = own.rollout
    remain = mapping(mapping(item, "spec"), "workloadRef").get("scaleDown") not in _SCALED_DOWN
    beside = remain and template == own.template
    own_newest = own.pods.newest or []
    pods = SelectedPods(
        None if newest is None else [*lister.pods_of(newest), *(own_newest if beside else [])],
        [*older, *([] if beside else own_newest), *own.pods.older],
        newest,
    )
    desired = mapping(item, "spec").get("replicas")
    # Both are texts in the API of Argo Rollouts.
    seen = (_number(status.get("observedGeneration")), _number(status.get("workloadObservedGeneration")))
    wanted = (item["metadata"].get("generation"), own.deployment["metadata"].get("generation"))
    counts = Rollout(
        desired=(1 if desired is None else int(desired)) + (rest.desired if remain else 0),
        replicas=_number(status.get("replicas")) + rest.replicas,
        updated=_number(status.get("updatedReplicas")) + (rest.updated if beside else 0),
        ready=_number(status.get("readyReplicas")) + rest.ready,
        available=_number(status.get("availableReplicas")) + rest.available,
        observed=all(one >= int(other or 0) for one, other in zip(seen, wanted, strict=True)),
    )
    return Update(pods, counts, template, own)


def _of_primary(lister: WorkloadLister, key: Key, own: Deployed, *, failed: bool) -> Update:
    """Return the Pods of the Deployment that serves, and of the MCPServer's, which runs while a template is tried.

    :param failed: the newest template has failed.
    """
    sets = sorted(lister.replica_sets_named(key, managed.primary(key.name)), key=_revision)
    newest = sets[-1] if sets else None
    serving = [] if newest is None else lister.pods_of(newest)
    earlier = [pod for one in sets[:-1] for pod in lister.pods_of(one)]
    tried = own.rollout.desired > 0
    # Flagger looks for a new template at intervals.
    unseen = not failed and own.pods.replica_set is not None and own.template != _template(newest)
    if tried:
        pods = SelectedPods(own.pods.newest, [*serving, *own.pods.older, *earlier], own.pods.replica_set)
    elif unseen:
        pods = SelectedPods([], [*serving, *_all(own.pods), *earlier], own.pods.replica_set)
    else:
        pods = SelectedPods(serving, [*_all(own.pods), *earlier], newest)
    desired = 0 if newest is None else _number(_annotations(newest).get(_DESIRED_ANNOTATION))
    everything = _all(pods)
    ready = sum(map(is_ready, everything))
    counts = Rollout(
        desired=desired + own.rollout.desired,
        replicas=len(everything),
        # What serves after a failure is not what the manifest says.
        updated=0 if failed else len(pods.newest or []),
        ready=ready,
        available=ready,
        observed=newest is not None and own.rollout.observed,
    )
    return Update(pods, counts, template_of(pods), own)


def _template(replica_set: Object | None) -> str:
    return template_of(SelectedPods(None, [], replica_set))


def _all(pods: SelectedPods) -> list[Object]:
    return [*(pods.newest or []), *pods.older]


def _labels(item: Object) -> t.Mapping[str, t.Any]:
    return mapping(item["metadata"], "labels")


def _annotations(item: Object) -> t.Mapping[str, t.Any]:
    return mapping(item["metadata"], "annotations")


def _revision(replica_set: Object) -> int:
    return _number(_annotations(replica_set).get(REVISION_ANNOTATION))


def _number(value: t.Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
