# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Why Pods are not ready: their own status says it, or else the kubelet's Events about failed probes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._util import parse_time
from .._vendor._workload import pods as rules
from .._vendor._workload.pods import Cause
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

# Seconds in which a server may start before its failing probe is news: until then every server refuses connections.
_START = 10.0
# Seconds after which a Pod that is not ready counts as one that will not be, whatever keeps it.
PATIENCE = 120.0
# A Pod's Events are read this often while it is stuck, seconds.
_EVENTS_PERIOD = 15.0
_READERS = 4
_PULLING, _BACKING_OFF = "ErrImagePull", "ImagePullBackOff"

Events = list[dict[str, t.Any]]


class Diagnosis(t.NamedTuple):
    """What keeps Pods from being ready.

    :param gave_up: it has lasted too long.
    :param again: seconds after which another look may say more; None where only a change can.
    """

    cause: Cause | None = None
    gave_up: bool = False
    again: float | None = None


class PodDiagnoser:
    """Remembers the Events that it has read.

    :param told: is told whose Pod there are Events about.
    """

    def __init__(self, client: Client, told: t.Callable[[Key], None], clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._client = client
        self._told = told
        self._lock = threading.Lock()
        self._read: dict[str, tuple[float, Events]] = {}
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="events")

    def stop(self) -> None:
        """Read nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def look(
        self, key: Key, server: Object, deployment: Object, pods: t.Sequence[Object], now: dt.datetime
    ) -> Diagnosis:
        """Return what keeps the Pods of an MCPServer from being ready; the worst, where it is several things."""
        found = [_steady(self._pod(key, pod, now), server) for pod in pods if not rules.is_ready(pod)]
        none = rules.created_none(deployment)
        if none is not None:
            found.append(_lasting(none, _since(deployment, "ReplicaFailure", now)))
        agains = [diagnosis.again for diagnosis in found if diagnosis.again is not None]
        worst = max(
            (diagnosis for diagnosis in found if diagnosis.cause),
            key=lambda diagnosis: (diagnosis.gave_up, bool(diagnosis.cause and diagnosis.cause.unrecoverable)),
            default=Diagnosis(),
        )
        return worst._replace(again=min(agains, default=None))

    def forget(self, pods: t.Iterable[str]) -> None:
        """Forget the Events of Pods, by their uids."""
        with self._lock:
            for uid in pods:
                self._read.pop(uid, None)

    def _pod(self, key: Key, pod: Object, now: dt.datetime) -> Diagnosis:
        seconds = _since(pod, "Ready", now)
        again = None
        if _runs(pod):
            if seconds >= _START:
                self._read_events(key, pod)
            again = _EVENTS_PERIOD if seconds >= _START else _START - seconds
        with self._lock:
            _at, events = self._read.get(str(pod["metadata"]["uid"]), (0.0, []))
        cause = rules.cause(pod, events)
        if cause is None:
            return Diagnosis(again=again)
        lasting = _lasting(cause, seconds)
        agains = [value for value in (again, lasting.again) if value is not None]
        return lasting._replace(again=min(agains, default=None))

    def _read_events(self, key: Key, pod: Object) -> None:
        uid, at = str(pod["metadata"]["uid"]), self._clock.now()
        with self._lock:
            last, events = self._read.get(uid, (float("-inf"), []))
            if at - last < _EVENTS_PERIOD:
                return
            self._read[uid] = (at, events)
        self._pool.submit(self._ask, key, uid, pod["metadata"]["name"])

    def _ask(self, key: Key, uid: str, name: str) -> None:
        about = f"involvedObject.kind=Pod,involvedObject.name={name},involvedObject.uid={uid}"
        try:
            events = list(self._client.list("v1", "Event", key.namespace, fieldSelector=about))
        except KubeError as exc:
            # They only explain; the Pod's status says enough to know that it is not ready.
            _log.warning("%s", exc)
            return
        with self._lock:
            self._read[uid] = (self._clock.now(), events)
        self._told(key)


def _steady(diagnosis: Diagnosis, server: Object) -> Diagnosis:
    """Take a pull that fails again for the one that failed before: the kubelet calls it by two names in turn."""
    cause = diagnosis.cause
    if cause is None or cause.reason != _PULLING:
        return diagnosis
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Progressing" and condition.get("reason") == _BACKING_OFF:
            message = str(condition.get("message")).removeprefix(f"{_BACKING_OFF}: ").removesuffix(".")
            same = dataclasses.replace(cause, reason=_BACKING_OFF, message=message, unrecoverable=True)
            return diagnosis._replace(cause=same)
    return diagnosis


def _runs(pod: Object) -> bool:
    statuses = pod["status"].get("containerStatuses") or []
    return any("running" in (entry.get("state") or {}) for entry in statuses)


def _lasting(cause: Cause, seconds: float) -> Diagnosis:
    late = seconds >= PATIENCE
    return Diagnosis(cause, gave_up=late, again=None if late else PATIENCE - seconds)


def _since(item: Object, condition: str, now: dt.datetime) -> float:
    """Return for how many seconds a condition has been what it is; else how old the object is."""
    conditions = (item.get("status") or {}).get("conditions") or []
    moments = [entry.get("lastTransitionTime") for entry in conditions if entry.get("type") == condition]
    text = next((moment for moment in moments if moment), item["metadata"].get("creationTimestamp"))
    then = parse_time(text)
    return 0.0 if then is None else max(0.0, (now - then).total_seconds())
