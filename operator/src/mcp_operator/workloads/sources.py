# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is watched of MCPServers beside themselves, and what is kept of it."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._vendor._workload import names
from .._vendor._workload import rollout_manager as managers
from ..cluster.shared_texts import shared, with_shared_conditions
from ..cluster.source import Source, trimmed
from ..cluster.store import Key, Object
from ..watches.definition import Child, GroupVersionKind, Watch
from . import last_change

MCPSERVER = GroupVersionKind(names.GROUP, names.VERSION, names.KIND)
DEPLOYMENT = GroupVersionKind("apps", "v1", "Deployment")
NETWORK_POLICY = GroupVersionKind("networking.k8s.io", "v1", "NetworkPolicy")
_ROLLOUT = GroupVersionKind("argoproj.io", "v1alpha1", "Rollout")
_CANARY = GroupVersionKind("flagger.app", "v1beta1", "Canary")
_CERTIFICATE = GroupVersionKind("cert-manager.io", "v1", "Certificate")
_REPLICA_SET = GroupVersionKind("apps", "v1", "ReplicaSet")
_POD = GroupVersionKind("", "v1", "Pod")
_JOB = GroupVersionKind("batch", "v1", "Job")
_OURS = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY}"
_VALIDATION = f"{names.MANAGED_BY_LABEL}={names.VALIDATION}"
_BOTH = f"{names.MANAGED_BY_LABEL} in ({names.MANAGED_BY},{names.VALIDATION})"

_PROGRESS = frozenset(
    {
        *("phase", "message", "conditions", "currentPodHash", "currentStepIndex", "canaryWeight", "replicas"),
        *("updatedReplicas", "readyReplicas", "availableReplicas", "observedGeneration", "workloadObservedGeneration"),
        *("lastAppliedSpec", "lastPromotedSpec"),
    }
)
_META = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "labels")
_CONTAINER = ("name", "ready", "restartCount", "image", "imageID", "containerID", "state", "lastState")
_STATUSES = ("initContainerStatuses", "containerStatuses")


def watched(watch: Watch) -> Source:
    """Return the source of a watch's own objects."""
    source = Source.of(watch)
    return replace(source, project=last_change.server) if watch.gvk == MCPSERVER else source


def deployments(watch: Watch) -> Source:
    """Return the source of the Deployments; the very one of the watch's children, where it has them."""
    return Source.of_child(watch, Child(gvk=DEPLOYMENT, selector=_OURS))


def network_policies(watch: Watch) -> Source:
    """Return the source of the NetworkPolicies; the very one of the watch's children, where it has them."""
    return Source.of_child(watch, Child(gvk=NETWORK_POLICY, selector=_OURS))


def certificates(watch: Watch) -> Source:
    """Return the source of the Certificates of cert-manager, which the cluster need not have; likewise."""
    return Source.of_child(watch, Child(gvk=_CERTIFICATE, selector=_OURS, optional=True))


def rollouts(watch: Watch) -> Source:
    """Return the source of the Rollouts of Argo Rollouts, which the cluster need not have.

    :param watch: of the MCPServers.
    """
    return _of_manager(watch, managers.ARGO, _ROLLOUT)


def canaries(watch: Watch) -> Source:
    """Return the source of the Canaries of Flagger; likewise."""
    return _of_manager(watch, managers.FLAGGER, _CANARY)


def _of_manager(watch: Watch, manager: str, gvk: GroupVersionKind) -> Source:
    """Return a source that starts with the first MCPServer that is managed by a controller."""

    def wanted_by(key: Key, item: Object) -> bool:
        return key.watch == watch.id and managers.manager(item.get("spec") or {}) == manager

    return Source(id=f"MCPServer/{gvk.kind}", gvk=gvk, optional=True, wanted_by=wanted_by, project=rollout_manager)


def rollout_manager(found: dict[str, t.Any]) -> Object:
    """Keep of a Rollout or a Canary which Deployment it is about, and how far it is."""
    kept = trimmed(found)
    spec = found.get("spec") or {}
    return {
        **kept,
        "metadata": {name: value for name, value in kept["metadata"].items() if name != "annotations"},
        "spec": {name: spec[name] for name in ("replicas", "workloadRef", "targetRef", "strategy") if name in spec},
        "status": {name: value for name, value in (found.get("status") or {}).items() if name in _PROGRESS},
    }


def replica_sets() -> Source:
    """Return the source of the ReplicaSets: they relate Pods to templates of a Deployment."""
    return Source(
        id="MCPServer/ReplicaSet", gvk=_REPLICA_SET, label_selector=_OURS, metadata_only=True, project=trimmed
    )


def pods() -> Source:
    """Return the source of the Pods, and of those of the validation Jobs."""
    return Source(id="MCPServer/Pod", gvk=_POD, label_selector=_BOTH, project=pod)


def jobs() -> Source:
    """Return the source of the validation Jobs."""
    return Source(id="MCPServer/Job", gvk=_JOB, label_selector=_VALIDATION, project=job)


def job(found: dict[str, t.Any]) -> Object:
    """Keep of a Job what it runs, which tells whether it is ours."""
    created = found["metadata"].get("creationTimestamp")
    spec = {name: found["spec"][name] for name in ("manualSelector", "template") if name in found["spec"]}
    kept = trimmed(found)
    return {**kept, "metadata": {**kept["metadata"], "creationTimestamp": created}, "spec": spec}


def pod(found: dict[str, t.Any]) -> Object:
    """Keep of a Pod where it is reached, how its containers are, and why it is not ready."""
    meta, status = found["metadata"], found.get("status") or {}
    kept: dict[str, t.Any] = {name: shared(meta[name]) for name in _META if name in meta}
    kept["ownerReferences"] = [shared(entry) for entry in meta.get("ownerReferences") or [] if entry.get("controller")]
    seen: dict[str, t.Any] = {name: status[name] for name in ("phase", "podIP", "conditions") if name in status}
    seen = with_shared_conditions(seen)
    for name in _STATUSES:
        seen[name] = [
            {field: entry[field] for field in _CONTAINER if field in entry} for entry in status.get(name) or []
        ]
    spec: dict[str, t.Any] = {"hostNetwork": True} if (found.get("spec") or {}).get("hostNetwork") else {}
    question = (meta.get("annotations") or {}).get(names.QUESTION_ANNOTATION)
    if question is not None:
        kept["annotations"] = {names.QUESTION_ANNOTATION: question}
    gates = (found.get("spec") or {}).get("readinessGates") or []
    if any(entry.get("conditionType") == names.GATE for entry in gates):
        spec["gated"] = True
        seen["gateIsOurs"] = any(_sets_gate(entry) for entry in meta.get("managedFields") or [])
    return {"apiVersion": "v1", "kind": "Pod", "metadata": kept, "spec": spec, "status": seen}


def _sets_gate(entry: t.Mapping[str, t.Any]) -> bool:
    """Tell whether we set the gate last: a client that changes a field becomes its manager."""
    if entry.get("manager") != names.GATE_MANAGER or entry.get("operation") != "Apply":
        return False
    conditions = ((entry.get("fieldsV1") or {}).get("f:status") or {}).get("f:conditions") or {}
    return "f:status" in (conditions.get(f'k:{{"type":"{names.GATE}"}}') or {})
