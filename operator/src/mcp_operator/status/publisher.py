# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Writes statuses: one patch, only what differs, and under load only what lasts.

A status on its way to another is written at once where it is the only one. The more servers are on their way, the
longer it waits: of a fleet that starts, most of what each server goes through is over before it is written, which
spares the API server most patches, and the Events that go with them. One that stays is written at once.
"""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, ApiNotFound, KubeError
from .._vendor._workload import names
from ..cluster.pause import Pause
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

Status = dict[str, t.Any]
# Is told of an object, the status that it had, and the one that was written.
Told = t.Callable[[Object, Status, Status], None]

_CALLS = 8
# Seconds that a step waits for each other server that is on its way, and at most. It is a little longer than
# Kubernetes takes to start so many, so that most are written once; nine that are on their way still have their counts
# told within a second.
_SHARE, _LONGEST = 0.12, 60.0
# And at least, but for the first, which tells that something is going on: most servers are validated sooner than this.
_STEP = 0.2
_TURN = 1.0
OURS = frozenset({"Ready", "Available", "Progressing", "Reconciled", "Degraded"})


@dataclass(slots=True)
class _Pending:
    server: Object
    status: Status
    due: float
    pause: Pause


@dataclass(frozen=True, slots=True)
class _Written:
    uid: str
    version: str
    status: Status


class StatusPublisher:
    """Thread-safe, from `start` to `stop`.

    :param may_write: whether this process may still write; asked before each write.
    :param told: is called in a thread of the pool after each write.
    """

    def __init__(self, client: Client, may_write: t.Callable[[], bool], told: Told) -> None:
        self._client = client
        self._may_write = may_write
        self._told = told
        self._lock = threading.Lock()
        self._pending: dict[Key, _Pending] = {}
        self._writing: dict[Key, _Pending] = {}
        # Who is on the way.
        self._moving: set[Key] = set()
        self._written: dict[Key, _Written] = {}
        self._wake = threading.Event()
        # When the thread looks again by itself.
        self._planned = 0.0
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(_CALLS, thread_name_prefix="status")
        self._thread = threading.Thread(target=self._loop, name="statuses", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write nothing any more; what is on its way arrives."""
        self._stopping.set()
        self._wake.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def current(self, key: Key, server: Object) -> Object:
        """Return an object with the status that was written last: the store, or even the API server, is behind it."""
        with self._lock:
            writing = self._writing.get(key)
            if writing is not None and writing.server["metadata"].get("uid") == server["metadata"].get("uid"):
                return {**server, "status": writing.status}
            written = self._written.get(key)
            if written is None or written.uid != server["metadata"].get("uid"):
                return server
            if not _older(server["metadata"].get("resourceVersion"), written.version):
                del self._written[key]
                return server
            return {**server, "status": written.status}

    def request_update(self, key: Key, server: Object, status: Status, *, settled: bool) -> None:
        """Say what the status of an object is to be.

        :param server: with the status that was written last.
        :param settled: it is not on its way to another one.
        """
        same = essence(status) == essence(server.get("status") or {})
        now = time.monotonic()
        with self._lock:
            delay = self._delay(key, settled=settled)
            pending = self._pending.get(key)
            if same:
                if pending is not None:
                    del self._pending[key]
                return
            if pending is None or pending.server["metadata"].get("uid") != server["metadata"].get("uid"):
                pause = Pause(1.0, 60.0)
                self._pending[key] = _Pending(server, status, now + delay, pause)
            else:
                failing = pending.pause.failures > 0
                pending.server, pending.status = server, status
                pending.due = pending.due if failing else min(pending.due, now + delay)
            sooner = self._pending[key].due < self._planned
        if sooner:
            self._wake.set()

    def _delay(self, key: Key, *, settled: bool) -> float:
        if settled:
            self._moving.discard(key)
            return 0.0
        least = _STEP if key in self._moving else 0.0
        self._moving.add(key)
        return max(least, min(_LONGEST, _SHARE * (len(self._moving) - 1)))

    def forget(self, key: Key) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._moving.discard(key)
            self._pending.pop(key, None)
            self._written.pop(key, None)

    def moving(self) -> int:
        """Return how many servers are on their way to a status that stays."""
        return len(self._moving)

    def depth(self) -> int:
        """Return how many statuses wait to be written."""
        return len(self._pending)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._wake.wait(self._hand_out())

    def _hand_out(self) -> float:
        with self._lock:
            now = time.monotonic()
            wait = _TURN
            for key, pending in list(self._pending.items()):
                if key in self._writing:
                    continue
                if pending.due > now:
                    wait = min(wait, pending.due - now)
                elif len(self._writing) < _CALLS:
                    self._writing[key] = self._pending.pop(key)
                    self._pool.submit(self._work, key, pending)
            self._planned = now + wait
            return wait

    def _work(self, key: Key, pending: _Pending) -> None:
        failed = False
        try:
            if self._may_write():
                self._write(key, pending)
        except (ApiNotFound, ApiConflict):
            pass  # it is gone, or another one of that name is there: nothing of this is true any more
        except KubeError as exc:
            failed = True
            _log.warning("MCPServer %s/%s: %s", key.namespace, key.name, exc)
        except Exception:
            failed = True
            _log.exception("The status of MCPServer %s/%s cannot be written", key.namespace, key.name)
        with self._lock:
            del self._writing[key]
            if failed:
                pending.due = time.monotonic() + pending.pause.after_failure()
                newer = self._pending.get(key)
                if newer is not None:
                    newer.pause, newer.due = pending.pause, pending.due
                else:
                    self._pending[key] = pending
        self._wake.set()

    def _write(self, key: Key, pending: _Pending) -> None:
        meta = pending.server["metadata"]
        manifest = {
            "apiVersion": names.API_VERSION,
            "kind": names.KIND,
            "metadata": {"name": key.name, "namespace": key.namespace, "uid": meta["uid"]},
            "status": pending.status,
        }
        answer = self._client.apply(manifest, field_manager=names.STATUS_MANAGER, subresource="status")
        version = str(answer["metadata"].get("resourceVersion"))
        with self._lock:
            self._written[key] = _Written(str(meta["uid"]), version, answer.get("status") or pending.status)
        self._told(pending.server, pending.server.get("status") or {}, pending.status)


def essence(status: Status) -> Status:
    """Return what a status says: neither when it was written, nor the conditions of others."""
    found = {name: value for name, value in status.items() if name != "lastReconcileTime"}
    conditions = [entry for entry in status.get("conditions") or [] if entry.get("type") in OURS]
    return {**found, "conditions": sorted(conditions, key=lambda entry: str(entry.get("type")))}


def _older(version: t.Any, than: str) -> bool:
    """Tell whether a resourceVersion is older than another; they are numbers (KEP-5504), and nothing else is known."""
    text = str(version)
    if not (text.isdecimal() and than.isdecimal()):
        return False
    return int(text) < int(than)
