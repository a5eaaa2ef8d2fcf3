# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Why a Pod is not ready, from its status and its Events.

The reasons are those of the kubelet and the scheduler, so that a search finds the documentation of Kubernetes.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._util import MESSAGE, clean, clean_with_end
from .names import CONTAINER, SIDECAR

# Waiting reasons that persist until the manifest or the cluster is changed.
_UNRECOVERABLE = frozenset(
    {"InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError", "RunContainerError"}
)
# The kubelet backs off for 10 s, 20 s, ...: the third restart is no accident.
_CRASHES = 3
# Characters of a crashed container's log.
_LAST_WORDS = 400
# Characters of the message of mcp-sidecar; an action still fits into a status.
_SIDECAR_MESSAGE = 600
# The exit codes of mcp-sidecar if the server's command is not found or not executable.
_COMMAND_EXIT_CODES = frozenset({126, 127})
# From the reasons of the kubelet's Events to those of causes.
_CAUSES = {"Unhealthy": "ProbeFailed", "FailedMount": "FailedMount"}
# How the API server says that a Pod is refused for what it is. Quotas, and webhooks without an answer, can pass.
_REFUSED = re.compile(
    r'admission webhook "[^"]{1,253}" denied the request'
    r"|ValidatingAdmissionPolicy '[^']{1,253}' with binding '[^']{1,253}' denied request"
    r"|violates PodSecurity "
)
_MISSING_CLAIM = re.compile(r'persistentvolumeclaim "([^"]{1,253})" not found')

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
    "FailedMount": "Create the Secret, ConfigMap or volume that the message names, or correct the manifest.",
    "FailedCreate": "Change what the message names, or ask for more quota.",
}


# For containers that run no server: those of spec.podTemplate.spec, and the one that copies mcp-sidecar.
_CHECK_IMAGE = "Check the image of the container {container} and the Pod's imagePullSecrets."
# Images of this registry are placeholders: its domain is reserved for documentation (RFC 2606, section 3).
PLACEHOLDER_REGISTRY = "registry.example.com/"
_SIDECAR_IMAGES = (
    "the chart value bridgeImages, the variable mcp_operator_bridge_images of the playbook install, or "
    "mcpserver_bridge_images of the playbook deploy, to images"
)
_OTHER_ACTIONS = {
    "ErrImagePull": _CHECK_IMAGE,
    "ImagePullBackOff": _CHECK_IMAGE,
    "InvalidImageName": "Correct the image of the container {container}.",
    "CreateContainerError": "Check the command and the volume mounts of the container {container}.",
    "RunContainerError": "Check the command of the container {container}: the image may not have the program.",
    "CrashLoopBackOff": "See its log: kubectl logs -n {namespace} {pod} -c {container}.",
    "OOMKilled": "Raise the memory limit of the container {container}.",
}


@dataclasses.dataclass(frozen=True)
class Cause:
    """Why a Pod is not ready.

    :param reason: of Kubernetes, in CamelCase.
    :param action: what the user can do.
    :param unrecoverable: the Pod does not become ready until the manifest or the cluster is changed.
    :param pod: the Pod's name; None for a cause that concerns no single Pod.
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
    """Tell whether the Pod's condition Ready is True and the Pod is not being deleted."""
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return False
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in _conditions(pod))


def has_ready_containers(pod: t.Mapping[str, t.Any]) -> bool:
    """Tell whether all containers of the Pod are ready, whatever its readiness gates say."""
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return False
    return any(c.get("type") == "ContainersReady" and c.get("status") == "True" for c in _conditions(pod))


def cause(
    pod: t.Mapping[str, t.Any],
    events: t.Iterable[t.Mapping[str, t.Any]] = (),
    *,
    restarts_before: t.Mapping[str, int] | None = None,
    bridged: bool = False,
) -> Cause | None:
    """Return why the Pod is not ready; None if it is, or if there is no sign of a problem yet.

    :param events: the Events of this Pod, in any order.
    :param restarts_before: :func:`restarts_by_container` when the waiting began; only later restarts make a cause
        unrecoverable.
    :param bridged: mcp-sidecar runs the server of this Pod, and its termination message explains an exit.
    """
    if is_ready(pod):
        return None
    meta = pod.get("metadata") or {}
    unscheduled = _unscheduled(pod)
    if unscheduled is not None:
        return _unschedulable(meta, unscheduled)
    status = pod.get("status") or {}
    for field in ("initContainerStatuses", "containerStatuses"):
        for entry in status.get(field) or []:
            container = _Container(entry, is_init=field == "initContainerStatuses", bridged=bridged)
            found = _container_cause(meta, container, (restarts_before or {}).get(container.name, 0))
            if found is not None:
                return found
    return _event_cause(meta, events)


def created_none(deployment: t.Mapping[str, t.Any]) -> Cause | None:
    """Return why the ReplicaSet cannot create Pods (quota, Pod Security, a webhook); None if it can."""
    for condition in _conditions(deployment):
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            message = clean_with_end(condition.get("message"), MESSAGE)
            refused = _REFUSED.search(clean(condition.get("message"), MESSAGE * 4)) is not None
            return Cause("FailedCreate", message, _ACTIONS["FailedCreate"], unrecoverable=refused)
    return None


def restarts(pod: t.Mapping[str, t.Any]) -> int:
    """Return how often the containers of a Pod were restarted."""
    found = (pod.get("status") or {}).get("containerStatuses") or []
    return sum(int(container.get("restartCount") or 0) for container in found)


def restarts_by_container(pod: t.Mapping[str, t.Any]) -> dict[str, int]:
    """Return how often each container of a Pod was restarted, init containers included."""
    status = pod.get("status") or {}
    found = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    return {clean(entry.get("name"), 63): int(entry.get("restartCount") or 0) for entry in found}


class _Container:
    """The status of one container.

    :param is_init: it is an init container.
    :param bridged: as of :func:`cause`.
    """

    def __init__(self, entry: t.Mapping[str, t.Any], *, is_init: bool, bridged: bool) -> None:
        name = clean(entry.get("name"), 63)
        waiting = (entry.get("state") or {}).get("waiting") or {}
        ended = [(entry.get(field) or {}).get("terminated") for field in ("lastState", "state")]
        self.is_servers = not is_init and name in (CONTAINER, "")
        self.is_bridged = bridged and self.is_servers
        self.name = name
        kind = "init container" if is_init and name != SIDECAR else "container"
        self.title = "the container" if self.is_servers else f"the {kind} {name}"
        self.ready = bool(entry.get("ready"))
        self.restarts = int(entry.get("restartCount") or 0)
        self.reason = str(waiting.get("reason") or "")
        self.image = clean(entry.get("image"))
        self.message = clean(waiting.get("message"), MESSAGE) or self.image
        self.terminated: t.Mapping[str, t.Any] = next((state for state in ended if state), {})

    @property
    def last_words(self) -> str:
        """How the log of the container ended, or the message of mcp-sidecar: the kubelet keeps either."""
        if self.is_bridged:
            words = clean(self.terminated.get("message"), _SIDECAR_MESSAGE)
            return f": {words}" if words else ""
        message = str(self.terminated.get("message") or "")[-_LAST_WORDS:]
        return f"; its log ends with: {clean(message, MESSAGE)}" if message.strip() else ""


def _container_cause(meta: t.Mapping[str, t.Any], container: _Container, restarts_before: int) -> Cause | None:
    reason, last = container.reason, container.terminated
    unrecoverable = container.restarts - restarts_before >= _CRASHES or (
        container.is_bridged and last.get("exitCode") in _COMMAND_EXIT_CODES
    )
    if last and reason in ("CrashLoopBackOff", "") and not container.ready:
        exited = f"{container.title} ended with exit code {last.get('exitCode')}"
        if last.get("reason") == "OOMKilled":
            return _cause(meta, "OOMKilled", exited, container, unrecoverable=unrecoverable)
        if reason or container.restarts:
            times = "once" if container.restarts == 1 else f"{container.restarts} times"
            message = f"{exited} and was restarted {times}{container.last_words}"
            return _cause(meta, "CrashLoopBackOff", message, container, unrecoverable=unrecoverable)
    if reason in _ACTIONS:
        # One failed pull may be a hiccup of the registry; the back-off means that several failed.
        final = reason in _UNRECOVERABLE or reason == "ImagePullBackOff"
        message = container.message if container.is_servers else f"{container.title}: {container.message}"
        return _cause(meta, reason, message, container, unrecoverable=final)
    return None


def _event_cause(meta: t.Mapping[str, t.Any], events: t.Iterable[t.Mapping[str, t.Any]]) -> Cause | None:
    """Return what the newest Event says about a probe that fails, or a volume that cannot be mounted."""
    known = [event for event in events if event.get("reason") in _CAUSES]
    if not known:
        return None
    newest = max(known, key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
    return _cause(meta, _CAUSES[str(newest["reason"])], clean(newest.get("message"), MESSAGE))


def _unscheduled(pod: t.Mapping[str, t.Any]) -> str | None:
    for condition in _conditions(pod):
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return _without_repeats(clean(condition.get("message"), MESSAGE)) or "no node fits"
    return None


def _without_repeats(text: str) -> str:
    """Return a message without sentences that an earlier one contains: the scheduler appends the cause once more."""
    kept: list[str] = []
    for sentence in text.rstrip(".").split(". "):
        if not any(sentence in earlier for earlier in kept):
            kept.append(sentence)
    return ". ".join(kept)


def _unschedulable(meta: t.Mapping[str, t.Any], message: str) -> Cause:
    missing = _MISSING_CLAIM.search(message)
    if missing:
        action = f"Create the PersistentVolumeClaim {missing.group(1)}, or correct spec.podTemplate.volumes."
    elif "PersistentVolumeClaim" in message:
        action = f"See why the claim is not bound: kubectl describe pvc -n {meta.get('namespace')}."
    else:
        action = _ACTIONS["Unschedulable"]
    return Cause("Unschedulable", message, action, pod=meta.get("name"))


def _cause(
    meta: t.Mapping[str, t.Any],
    reason: str,
    message: str,
    container: _Container | None = None,
    *,
    unrecoverable: bool = False,
) -> Cause:
    action = _ACTIONS.get(reason, "")
    if container is not None and not container.is_servers:
        action = _OTHER_ACTIONS.get(reason, action)
    if container is not None and "ImagePull" in reason and container.image.startswith(PLACEHOLDER_REGISTRY):
        is_sidecar = container.image.rpartition("/")[2].startswith("mcp-stdio-")
        where = _SIDECAR_IMAGES if is_sidecar else "spec.image to an image"
        action = f"The image {container.image} is a placeholder. Set {where} that your cluster can pull."
        return Cause(reason, message, action, unrecoverable, meta.get("name"))
    name = container.name if container is not None else ""
    action = action.format(namespace=meta.get("namespace"), pod=meta.get("name"), container=name)
    return Cause(reason, message, action, unrecoverable, meta.get("name"))


def _conditions(item: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    return (item.get("status") or {}).get("conditions") or []
