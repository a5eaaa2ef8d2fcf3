# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Finds out why the Pods of an MCPServer are not ready: from their status, and from the Events of their probes."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from .._kube.errors import KubeError
from .._util import parse_time
from .._workload import pods as rules
from .._workload import stdio

if t.TYPE_CHECKING:
    import datetime as dt

    from .._kube.client import Client
    from .._workload.pods import Cause

# Reasons of a container whose Pod waits for its volumes.
_CREATING = ("ContainerCreating", "PodInitializing")
# Seconds in which failing probes of a starting server mean nothing: until then every server refuses connections.
_START = 10.0
# Seconds after which a Pod that is not ready is given up, whatever the cause.
GIVE_UP_AFTER = 120.0
_PULLING, _BACKING_OFF = "ErrImagePull", "ImagePullBackOff"

Object = t.Mapping[str, t.Any]


class Diagnosis(t.NamedTuple):
    """Why Pods are not ready.

    :param gave_up: the cause has lasted for longer than :data:`GIVE_UP_AFTER`.
    :param again: seconds after which another diagnosis may differ; None if only a change can make it differ.
    """

    cause: t.Optional[Cause] = None
    gave_up: bool = False
    again: t.Optional[float] = None


class PodEvents:
    """The Events of Pods, each read at most once a period. Thread-safe.

    :param period: seconds between two reads for one Pod.
    :param clock: returns monotonic seconds.
    :param submit: runs a read, now or in another thread.
    :param on_error: is called with the error of a read that failed.
    """

    def __init__(
        self,
        client: Client,
        period: float,
        clock: t.Callable[[], float],
        submit: t.Callable[[t.Callable[[], None]], object],
        on_error: t.Callable[[KubeError], None],
    ) -> None:
        self.period = period
        self._client = client
        self._clock = clock
        self._submit = submit
        self._on_error = on_error
        self._lock = threading.Lock()
        self._read: dict[str, tuple[float, list[dict[str, t.Any]]]] = {}

    def known(self, pod: Object) -> t.Sequence[Object]:
        """Return the Events that were read last."""
        with self._lock:
            return self._read.get(_uid(pod), (0.0, []))[1]

    def refresh(self, pod: Object, on_read: t.Callable[[], None]) -> None:
        """Read the Events of a Pod if the last read was at least a period ago.

        :param on_read: is called when new Events have been read.
        """
        now = self._clock()
        with self._lock:
            last, events = self._read.get(_uid(pod), (float("-inf"), []))
            if now - last < self.period:
                return
            self._read[_uid(pod)] = (now, events)
        self._submit(lambda: self._list(pod, on_read))

    def forget(self, uids: t.Iterable[str]) -> None:
        """Forget the Events of Pods."""
        with self._lock:
            for uid in uids:
                self._read.pop(uid, None)

    def _list(self, pod: Object, on_read: t.Callable[[], None]) -> None:
        meta = pod["metadata"]
        # By the uid too: Events of an earlier Pod of the same name explain nothing.
        about = f"involvedObject.kind=Pod,involvedObject.name={meta['name']},involvedObject.uid={meta['uid']}"
        try:
            events = list(self._client.list("v1", "Event", meta["namespace"], fieldSelector=about))
        except KubeError as exc:
            # Events only explain: without the right to read them, the status of the Pod remains.
            self._on_error(exc)
            return
        with self._lock:
            self._read[_uid(pod)] = (self._clock(), events)
        on_read()


class PodDiagnoser:
    """Diagnoses the Pods of MCPServers."""

    def __init__(self, events: PodEvents) -> None:
        self._events = events

    def forget(self, uids: t.Iterable[str]) -> None:
        """Forget Pods that are gone."""
        self._events.forget(uids)

    def diagnose(
        self,
        server: Object,
        deployment: t.Optional[Object],
        pods: t.Sequence[Object],
        since: t.Callable[[Object, str], float],
        on_events: t.Callable[[], None],
        restarts_before: t.Optional[t.Mapping[str, t.Mapping[str, int]]] = None,
    ) -> Diagnosis:
        """Return the worst cause that keeps Pods from being ready.

        :param since: returns for how many seconds a condition of an object has had its status.
        :param on_events: is called when more has become known than this returns.
        :param restarts_before: by the uid of a Pod, the restarts of its containers when the waiting began.
        """
        before = restarts_before or {}
        found = [
            _keep_reason(
                self._diagnose_pod(server, pod, since(pod, "Ready"), on_events, before.get(_uid(pod), {})), server
            )
            for pod in pods
            if not rules.is_ready(pod)
        ]
        none = rules.created_none(deployment) if deployment is not None else None
        if none is not None and deployment is not None:
            found.append(_lasting(none, since(deployment, "ReplicaFailure")))
        worst = max(
            (one for one in found if one.cause),
            key=lambda one: (one.gave_up, bool(one.cause and one.cause.unrecoverable)),
            default=Diagnosis(),
        )
        return worst._replace(again=_soonest(one.again for one in found))

    def _diagnose_pod(
        self,
        server: Object,
        pod: Object,
        seconds: float,
        on_events: t.Callable[[], None],
        restarts_before: t.Mapping[str, int],
    ) -> Diagnosis:
        again = None
        if _has_events(pod):
            if seconds >= _START:
                self._events.refresh(pod, on_events)
            again = self._events.period if seconds >= _START else _START - seconds
        bridged = stdio.bridged(server["spec"])
        cause = rules.cause(pod, self._events.known(pod), restarts_before=restarts_before, bridged=bridged)
        if cause is None:
            return Diagnosis(again=again)
        lasting = _lasting(cause, seconds)
        return lasting._replace(again=_soonest((again, lasting.again)))


def seconds_since(item: Object, condition: str, now: dt.datetime) -> float:
    """Return for how many seconds a condition has had its status; without a time, the age of the object."""
    conditions = (item.get("status") or {}).get("conditions") or []
    moments = [entry.get("lastTransitionTime") for entry in conditions if entry.get("type") == condition]
    text = next((moment for moment in moments if moment), item["metadata"].get("creationTimestamp"))
    then = parse_time(text)
    return 0.0 if then is None else max(0.0, (now - then).total_seconds())


def _keep_reason(diagnosis: Diagnosis, server: Object) -> Diagnosis:
    """Return the earlier reason of a pull that fails again: the kubelet alternates between two reasons."""
    cause = diagnosis.cause
    if cause is None or cause.reason != _PULLING:
        return diagnosis
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Progressing" and condition.get("reason") == _BACKING_OFF:
            prefix, message = f"{_BACKING_OFF}: ", str(condition.get("message"))
            message = message.removeprefix(prefix)
            message = message.removesuffix(".")
            same = dataclasses.replace(cause, reason=_BACKING_OFF, message=message, unrecoverable=True)
            return diagnosis._replace(cause=same)
    return diagnosis


def _lasting(cause: Cause, seconds: float) -> Diagnosis:
    late = seconds >= GIVE_UP_AFTER
    return Diagnosis(cause, gave_up=late, again=None if late else GIVE_UP_AFTER - seconds)


def _soonest(moments: t.Iterable[t.Optional[float]]) -> t.Optional[float]:
    return min((moment for moment in moments if moment is not None), default=None)


def _has_events(pod: Object) -> bool:
    """Tell whether only Events say what a Pod waits for: a probe, or a volume of a container that is created."""
    states = [entry.get("state") or {} for entry in (pod.get("status") or {}).get("containerStatuses") or []]
    return any("running" in state or (state.get("waiting") or {}).get("reason") in _CREATING for state in states)


def _uid(pod: Object) -> str:
    return str(pod["metadata"]["uid"])
