# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Sends Events to the API server: repeated ones are counted in a series, and the rate for each object is limited."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
import typing as t
import uuid
from dataclasses import dataclass

from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, KubeError
from .._vendor._util import format_time
from .._vendor._workload import names
from ..clock import SYSTEM, Clock
from ..cluster.store import Object
from ..workqueue import Workers, WorkQueue
from .events import Event

_log = logging.getLogger(__name__)

_CONTROLLER = f"{names.GROUP}/operator"
# The number of different Events that may wait to be sent. Further ones are dropped: Events are best effort.
_WAITING = 1000
# Seconds for which the same Event is counted in the series of the first, and between two updates of its count.
_SAME = 600.0
_COUNT_PERIOD = 30.0
# The rate limit for one object and type of Event: a burst, and one more Event after each period in seconds. Normal and
# Warning Events are counted apart, so that the steps of a server that starts never hide that its tools have changed.
_BURST = 10
_PERIOD = 20.0
# The number of Events that are remembered.
_KNOWN = 5000

# The uid of the object, the reason and the note.
_Key = tuple[str, str, str]


class _Waiting(t.NamedTuple):
    server: Object
    event: Event
    times: int = 1


@dataclass(slots=True)
class _Sent:
    name: str
    at: float
    counted_at: float
    count: int


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float

    def refilled(self, now: float) -> float:
        return min(_BURST, self.left + (now - self.at) / _PERIOD)


class EventRecorder:
    """Sends what other threads record, from `start` to `stop`. `record` is thread-safe."""

    def __init__(self, client: Client, clock: Clock = SYSTEM) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[_Key, _Waiting] = {}
        # Only the worker uses these two.
        self._sent: dict[_Key, _Sent] = {}
        self._buckets: dict[tuple[str, bool], _Bucket] = {}
        self.queue = WorkQueue[_Key](clock=clock)
        self._workers = Workers("events", self.queue, self._send_next, clock=clock)

    @property
    def last_turn(self) -> float:
        """When the worker last turned, in monotonic seconds."""
        return self._workers.last_turn

    def start(self) -> None:
        """Start sending."""
        self._workers.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Send the Events that wait, for some seconds at most, and stop."""
        self.queue.shut_down(drain=True)
        self._workers.join(seconds)

    def record(self, server: Object, event: Event) -> None:
        """Send an Event about an MCPServer in the background."""
        key = (str(server["metadata"]["uid"]), event.reason, event.note)
        with self._lock:
            known = self._waiting.get(key)
            if known is None and len(self._waiting) >= _WAITING:
                _log.warning("Dropped an Event about MCPServer %s: %s", server["metadata"]["name"], event.note)
                return
            self._waiting[key] = _Waiting(server, event, known.times + 1 if known else 1)
        self.queue.add(key)

    def _send_next(self, key: _Key) -> None:
        with self._lock:
            waiting = self._waiting.pop(key, None)
        if waiting is None:
            return
        try:
            self.send(*waiting)
        except KubeError as exc:
            _log.warning("%s", exc)

    def send(self, server: Object, event: Event, count: int = 1) -> None:
        """Create an Event, update the count of its series, or drop it if there are too many.

        :param count: how often it was recorded.
        :raises KubeError: the API server rejects it.
        """
        meta, now = server["metadata"], self._clock.now()
        key = (str(meta["uid"]), event.reason, event.note)
        sent = self._sent.get(key)
        if sent is not None and now - sent.at < _SAME:
            self._update_series(server, sent, count, now)
            return
        if not self._take_token(key[0], event, now):
            _log.debug("Dropped an Event about MCPServer %s, which has too many: %s", meta["name"], event.note)
            return
        name = f"{meta['name'][:200]}.{uuid.uuid4().hex[:16]}"
        body = {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": meta["namespace"]},
            "eventTime": self._timestamp(),
            "type": "Warning" if event.warning else "Normal",
            "reason": event.reason[:128],
            "action": event.action,
            "note": event.note,
            "regarding": {
                "apiVersion": names.API_VERSION,
                "kind": names.KIND,
                "namespace": meta["namespace"],
                "name": meta["name"],
                "uid": meta["uid"],
                "resourceVersion": str(meta.get("resourceVersion") or ""),
            },
            "reportingController": _CONTROLLER,
            "reportingInstance": socket.gethostname()[:128],
        }
        what = f"record an Event about MCPServer {meta['namespace']}/{meta['name']}"
        self._client.request("POST", _path(meta["namespace"]), what=what, body=body, retry=False)
        if len(self._sent) >= _KNOWN:
            self._evict(now)
        self._sent[key] = _Sent(name, now, now, count)

    def _update_series(self, server: Object, sent: _Sent, count: int, now: float) -> None:
        sent.count += count
        if now - sent.counted_at < _COUNT_PERIOD:
            return
        meta = server["metadata"]
        sent.counted_at = now
        body = {"series": {"count": sent.count, "lastObservedTime": self._timestamp()}}
        path, what = f"{_path(meta['namespace'])}/{sent.name}", f"count an Event about MCPServer {meta['name']}"
        try:
            self._client.request("PATCH", path, what=what, body=MergePatch(body), retry=False)
        except ApiNotFound:
            sent.at = float("-inf")  # it has expired: the next one is created anew

    def _take_token(self, uid: str, event: Event, now: float) -> bool:
        if len(self._buckets) >= _KNOWN:
            self._evict_buckets(now)
        bucket = self._buckets.setdefault((uid, event.warning), _Bucket(_BURST, now))
        bucket.left = bucket.refilled(now)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _evict(self, now: float) -> None:
        """Drop the Events that are too old to be counted, and the oldest half if those are not enough."""
        self._sent = {key: sent for key, sent in self._sent.items() if now - sent.at < _SAME}
        if len(self._sent) >= _KNOWN:
            self._sent = dict(list(self._sent.items())[_KNOWN // 2 :])

    def _evict_buckets(self, now: float) -> None:
        """Drop the buckets that are full again, and the oldest half if those are not enough."""
        self._buckets = {key: one for key, one in self._buckets.items() if one.refilled(now) < _BURST}
        if len(self._buckets) >= _KNOWN:
            self._buckets = dict(list(self._buckets.items())[_KNOWN // 2 :])

    def _timestamp(self) -> str:
        return format_time(dt.datetime.fromtimestamp(self._clock.epoch(), dt.UTC), micro=True)


def _path(namespace: str) -> str:
    return f"/apis/events.k8s.io/v1/namespaces/{namespace}/events"
