# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Why a Pod is not ready, from its status and its Events.

The reasons are the kubelet's and the scheduler's own words, so that a search for them finds Kubernetes' documentation.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._util import MESSAGE, clean
from . import stdio
from .names import CONTAINER

# Waiting reasons that no waiting heals: somebody must change something.
_UNRECOVERABLE = frozenset(
    {"InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError", "RunContainerError"}
)
# The kubelet backs off for 10 s, 20 s, ...: by the third restart it was no accident.
_CRASHES = 3
# Characters of a crashed container's log.
_LAST_WORDS = 400
# Of what the bridge of a stdio server says of its end; an action still fits into a status.
_BRIDGE_WORDS = 600

_ACTIONS = {
    "ErrImagePull": "Check spec.image and, for a private registry, spec.podTemplate.imagePullSecrets.",
    "ImagePullBackOff": "Check spec.image and, for a private registry, spec.podTemplate.imagePullSecrets.",
    "InvalidImageName": "Correct spec.image.",
    "ErrImageNeverPull": "Load the image onto the node, or let it be pulled.",
    "CreateContainerConfigError": "Create the Secret or ConfigMap that the manifest refers to.",
    "CreateContainerError": "Check spec.command and the volume mounts.",
    "RunContainerError": "Check spec.command: the image has no such program, or it may not be run.",
    "CrashLoopBackOff": "See the server's log: kubectl logs -n {namespace} {pod} --previous.",
    "OOMKilled": "Give it more memory in spec.resources.limits.memory.",
    "Unschedulable": "Make spec.resources smaller, or correct spec.podTemplate.nodeSelector, tolerations or affinity.",
    "ProbeFailed": "Check that the server listens on 0.0.0.0 and on the port of spec.transport.config.http.port.",
    "FailedCreate": "Change what the message names, or ask for more quota.",
}


@dataclasses.dataclass(frozen=True)
class Cause:
    """Why a Pod is not ready.

    ``unrecoverable`` means that no waiting will heal it.
    """

    reason: str
    message: str
    action: str = ""
    unrecoverable: bool = False
    pod: str | None = None

    def __str__(self) -> str:
        text = f"{self.reason}: {self.message}" if self.message else self.reason
        return text if text.endswith(".") else text + "."


def is_ready(pod: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the kubelet says Ready and nobody is deleting the Pod."""
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return False
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in _conditions(pod))


def has_readiness_probe(pod: t.Mapping[str, t.Any]) -> bool:
    """Tell whether being ready means that the Pod's own address was dialled."""
    containers = (pod.get("spec") or {}).get("containers") or []
    return any(c.get("name") == CONTAINER and c.get("readinessProbe") for c in containers)


def cause(
    pod: t.Mapping[str, t.Any], events: t.Iterable[t.Mapping[str, t.Any]] = (), *, restarts_before: int = 0
) -> Cause | None:
    """Return why the Pod is not ready, or None where it is or nothing speaks against it yet.

    :param events: the Events of this Pod, in any order.
    :param restarts_before: its restarts when the waiting began; only later ones make a cause unrecoverable.
    """
    if is_ready(pod):
        return None
    meta = pod.get("metadata") or {}
    unscheduled = _unscheduled(pod)
    if unscheduled is not None:
        return _cause(meta, "Unschedulable", unscheduled)
    status = pod.get("status") or {}
    bridged = stdio.in_pod(pod)
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        found = _container_cause(meta, container, restarts_before, bridged=bridged)
        if found is not None:
            return found
    return _probe_cause(meta, events)


def created_none(deployment: t.Mapping[str, t.Any]) -> Cause | None:
    """Return why the ReplicaSet cannot create Pods (quota, Pod Security, a webhook), or None."""
    for condition in _conditions(deployment):
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            return Cause("FailedCreate", clean(condition.get("message"), MESSAGE), _ACTIONS["FailedCreate"])
    return None


def restarts(pod: t.Mapping[str, t.Any]) -> int:
    """Return how often the containers of a Pod were restarted."""
    found = (pod.get("status") or {}).get("containerStatuses") or []
    return sum(int(container.get("restartCount") or 0) for container in found)


def _container_cause(
    meta: t.Mapping[str, t.Any], container: t.Mapping[str, t.Any], restarts_before: int, *, bridged: bool
) -> Cause | None:
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason = waiting.get("reason") or ""
    ended = [(container.get(field) or {}).get("terminated") for field in ("lastState", "state")]
    last: t.Mapping[str, t.Any] = next((state for state in ended if state), {})
    count = int(container.get("restartCount") or 0)
    unrecoverable = count - restarts_before >= _CRASHES or (
        bridged and last.get("exitCode") in stdio.UNRECOVERABLE_EXIT_CODES
    )
    if last and (reason == "CrashLoopBackOff" or not reason) and not container.get("ready"):
        exited = f"the container ended with exit code {last.get('exitCode')}"
        if last.get("reason") == "OOMKilled":
            return _cause(meta, "OOMKilled", exited, unrecoverable=unrecoverable)
        if reason or count:
            times = "once" if count == 1 else f"{count} times"
            message = f"{exited} and was restarted {times}{_last_words(last, bridged=bridged)}"
            return _cause(meta, "CrashLoopBackOff", message, unrecoverable=unrecoverable)
    if reason in _ACTIONS:
        message = clean(waiting.get("message"), MESSAGE) or clean(container.get("image"))
        # One failed pull may be a hiccup of the registry; the back-off says that there were several.
        return _cause(meta, reason, message, unrecoverable=reason in _UNRECOVERABLE or reason == "ImagePullBackOff")
    return None


def _last_words(terminated: t.Mapping[str, t.Any], *, bridged: bool) -> str:
    """Return how the log of a container ended, or what the bridge said: the kubelet keeps either."""
    if bridged:
        words = clean(terminated.get("message"), _BRIDGE_WORDS)
        return f": {words}" if words else ""
    message = str(terminated.get("message") or "")[-_LAST_WORDS:]
    return f"; its log ends with: {clean(message, MESSAGE)}" if message.strip() else ""


def _probe_cause(meta: t.Mapping[str, t.Any], events: t.Iterable[t.Mapping[str, t.Any]]) -> Cause | None:
    unhealthy = [event for event in events if event.get("reason") == "Unhealthy"]
    if not unhealthy:
        return None
    newest = max(unhealthy, key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
    return _cause(meta, "ProbeFailed", clean(newest.get("message"), MESSAGE))


def _unscheduled(pod: t.Mapping[str, t.Any]) -> str | None:
    for condition in _conditions(pod):
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return clean(condition.get("message"), MESSAGE) or "no node takes it"
    return None


def _cause(meta: t.Mapping[str, t.Any], reason: str, message: str, *, unrecoverable: bool = False) -> Cause:
    action = _ACTIONS.get(reason, "").format(namespace=meta.get("namespace"), pod=meta.get("name"))
    return Cause(reason, message, action, unrecoverable, meta.get("name"))


def _conditions(item: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    return (item.get("status") or {}).get("conditions") or []
