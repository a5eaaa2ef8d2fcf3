# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Sends Events to the API server: the same one again counts up the first, and nobody sends more than a few a minute."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import socket
import threading
import time
import typing as t
import uuid
from dataclasses import dataclass

from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, KubeError
from .._vendor._util import format_time
from .._vendor._workload import names
from ..cluster.store import Object
from .events import Event

_log = logging.getLogger(__name__)

_CONTROLLER = f"{names.GROUP}/operator"
# More than so many wait: Events are for people, and the newest are dropped before anything waits for them.
_WAITING = 1000
# An Event that is told again within so many seconds is the same one; it is counted up so often at most.
_SAME = 600.0
_COUNT_PERIOD = 30.0
# Events of one object: so many at once, and one more every so many seconds.
_BURST = 10
_PERIOD = 20.0
_KNOWN = 5000

_Key = tuple[str, str, str]


@dataclass(slots=True)
class _Sent:
    name: str
    at: float
    counted_at: float
    count: int = 1


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class EventRecorder:
    """One thread sends what all others record."""

    def __init__(self, client: Client, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._queue: queue.Queue[tuple[Object, Event] | None] = queue.Queue(_WAITING)
        self._sent: dict[_Key, _Sent] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._thread = threading.Thread(target=self._loop, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Send what waits, for so long at most, and then nothing."""
        try:
            self._queue.put(None, timeout=seconds)
        except queue.Full:
            return
        self._thread.join(seconds)

    def record(self, server: Object, event: Event) -> None:
        """Send an Event about an MCPServer, soon."""
        try:
            self._queue.put_nowait((server, event))
        except queue.Full:
            _log.warning("An Event about %s is dropped: %s", server["metadata"]["name"], event.note)

    def _loop(self) -> None:
        while (waiting := self._queue.get()) is not None:
            try:
                self.send(*waiting)
            except KubeError as exc:
                _log.warning("%s", exc)
            except Exception:
                _log.exception("An Event cannot be sent")

    def send(self, server: Object, event: Event) -> None:
        """Send an Event, or count it, or drop it.

        :raises KubeError: the API server does not take it.
        """
        meta, now = server["metadata"], self._clock()
        key = (str(meta["uid"]), event.reason, event.note)
        sent = self._sent.get(key)
        if sent is not None and now - sent.at < _SAME:
            self._again(server, sent, now)
            return
        if not self._may(key[0], now):
            return
        name = f"{meta['name'][:200]}.{uuid.uuid4().hex[:16]}"
        body = {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": meta["namespace"]},
            "eventTime": _moment(),
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
            self._forget(now)
        self._sent[key] = _Sent(name, now, now)

    def _again(self, server: Object, sent: _Sent, now: float) -> None:
        sent.count += 1
        if now - sent.counted_at < _COUNT_PERIOD:
            return
        meta = server["metadata"]
        sent.counted_at = now
        body = {"series": {"count": sent.count, "lastObservedTime": _moment()}}
        path, what = f"{_path(meta['namespace'])}/{sent.name}", f"count an Event about MCPServer {meta['name']}"
        try:
            self._client.request("PATCH", path, what=what, body=MergePatch(body), retry=False)
        except ApiNotFound:
            sent.at = float("-inf")  # the API server has forgotten it: the next one is a new one

    def _may(self, uid: str, now: float) -> bool:
        bucket = self._buckets.setdefault(uid, _Bucket(_BURST, now))
        bucket.left = min(_BURST, bucket.left + (now - bucket.at) / _PERIOD)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _forget(self, now: float) -> None:
        """Forget what is too old to count, and then the oldest half if that was not enough."""
        self._sent = {key: sent for key, sent in self._sent.items() if now - sent.at < _SAME}
        if len(self._sent) >= _KNOWN:
            self._sent = dict(list(self._sent.items())[_KNOWN // 2 :])
        known = {key[0] for key in self._sent}
        self._buckets = {uid: bucket for uid, bucket in self._buckets.items() if uid in known}


def _path(namespace: str) -> str:
    return f"/apis/events.k8s.io/v1/namespaces/{namespace}/events"


def _moment() -> str:
    return format_time(dt.datetime.now(dt.UTC), micro=True)
