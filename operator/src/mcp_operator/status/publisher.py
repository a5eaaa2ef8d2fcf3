# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Writes the statuses of MCPServers: one patch for each change, and fewer when many servers change at once.

A final status is written at once. An intermediate status, such as Creating, is written at once for a single server. The
more servers are in an intermediate status, the longer each is delayed: when a fleet starts, most of these statuses are
outdated before they are written, which saves the API server most patches and Events.
"""

from __future__ import annotations

import logging
import threading
import typing as t
from dataclasses import dataclass

from .._vendor._kube.body import JsonPatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, ApiNotFound, KubeError
from .._vendor._kube.resources import path_of
from .._vendor._workload import names
from .._vendor._workload.status import same_status
from ..backoff import Backoff
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..workloads import own_status
from ..workqueue import Workers, WorkQueue

_log = logging.getLogger(__name__)

Status = dict[str, t.Any]
# Called with an object, its previous status, and the status that was written.
OnWritten = t.Callable[[Object, Status, Status], None]

_WRITERS = 8
# Seconds by which each other server in an intermediate status delays the next one, and the longest delay. A share is
# longer than Kubernetes takes to start a server on two slow cores, so that most servers are written once. Delays that
# reach the longest end together, so it is longer than a few hundred servers take.
_SHARE, _LONGEST = 0.3, 120.0
# The shortest delay of every intermediate status but the first: most servers are validated sooner than this.
_STEP = 0.2
_BACKOFF = Backoff(first=1.0, most=60.0)
# Seconds after which a process that does not lead tries again: it may lead again any time.
_PAUSED = 1.0
# Seconds for which shutting down writes what is pending.
_FLUSH = 5.0
# Seconds that shutting down waits for requests that are under way; the client gives up each by itself.
_SHUTDOWN = 30.0


@dataclass(slots=True)
class _Update:
    server: Object
    status: Status
    due: float

    @property
    def uid(self) -> str:
        return str(self.server["metadata"].get("uid"))


class _Written(t.NamedTuple):
    uid: str
    version: str
    status: Status


class StatusPublisher:
    """Writes statuses, from `start` to `stop`. Thread-safe.

    :param may_write: whether this process leads; called before each write. Until it does, statuses wait.
    :param on_written: is called in a worker thread after each write.
    """

    def __init__(
        self, client: Client, may_write: t.Callable[[], bool], on_written: OnWritten, clock: Clock = SYSTEM
    ) -> None:
        self._client = client
        self._may_write = may_write
        self._on_written = on_written
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: dict[Key, _Update] = {}
        self._writing: dict[Key, _Update] = {}
        # Servers in an intermediate status.
        self._unsettled: set[Key] = set()
        self._written: dict[Key, _Written] = {}
        self.queue = WorkQueue[Key](backoff=_BACKOFF, flow=lambda key: key.namespace, clock=clock)
        self._workers = Workers("status", self.queue, self._publish, count=_WRITERS, clock=clock)

    @property
    def last_turn(self) -> float:
        """When the workers last turned, in monotonic seconds."""
        return self._workers.last_turn

    @property
    def unsettled(self) -> int:
        """How many servers are in an intermediate status."""
        return len(self._unsettled)

    @property
    def pending(self) -> int:
        """How many statuses wait to be written."""
        return len(self._pending)

    def start(self) -> None:
        """Start writing."""
        self._workers.start()

    def stop(self) -> None:
        """Write what is pending and did not fail, and stop. Requests that are under way are awaited."""
        with self._lock:
            for key in self._pending:
                if not self.queue.num_requeues(key):
                    self.queue.add(key)
        self.queue.shut_down(drain=True)
        self._workers.join(_FLUSH)
        self.queue.shut_down()
        self._workers.join(_SHUTDOWN)

    def with_latest_status(self, key: Key, server: Object) -> Object:
        """Return an object with the status that was written last, which the store may not have received yet."""
        uid = str(server["metadata"].get("uid"))
        with self._lock:
            writing = self._writing.get(key)
            if writing is not None and writing.uid == uid:
                return {**server, "status": writing.status}
            written = self._written.get(key)
            if written is None or written.uid != uid:
                return server
            if not _older(server["metadata"].get("resourceVersion"), written.version):
                del self._written[key]
                return server
            return {**server, "status": written.status}

    def request_update(self, key: Key, server: Object, status: Status, *, settled: bool) -> None:
        """Request a status for an object, instead of any that was requested before.

        :param server: the object with the status that was written last.
        :param settled: the status is not an intermediate one.
        """
        with self._lock:
            delay = self._delay(key, settled=settled)
            pending = self._pending.get(key)
            before = server.get("status") or {}
            if same_status(status, before):
                if self._pending.pop(key, None) is not None:
                    self.queue.discard(key)
                return
            if settled and same_status({**before, names.RECORD_FIELD: status.get(names.RECORD_FIELD)}, status):
                # Only the next start of the operator reads it.
                delay = self._share(len(self._pending))
            update = _Update(server, status, self._clock.now() + delay)
            if pending is not None and pending.uid == update.uid:
                update.due = min(update.due, pending.due)
            elif pending is not None:
                self.queue.discard(key)  # that was another object of this name, with its own delay and failures
            self._pending[key] = update
            # `_publish` queues it again after the write that is under way, or after the delay of one that failed.
            if key not in self._writing and not self.queue.num_requeues(key):
                self.queue.add_after(key, delay)

    def remove(self, key: Key) -> None:
        """Drop what is known of an object that is gone."""
        with self._lock:
            self._unsettled.discard(key)
            self._pending.pop(key, None)
            self._written.pop(key, None)
            self.queue.discard(key)

    def _delay(self, key: Key, *, settled: bool) -> float:
        if settled:
            self._unsettled.discard(key)
            return 0.0
        least = _STEP if key in self._unsettled else 0.0
        self._unsettled.add(key)
        return max(least, self._share(-1))

    def _share(self, further: int = 0) -> float:
        """Return the delay that the servers in an intermediate status cause.

        :param further: how many servers to count beside them.
        """
        return min(_LONGEST, _SHARE * (len(self._unsettled) + further))

    def _publish(self, key: Key) -> None:
        may_write = self._may_write()
        with self._lock:
            update = self._pending.get(key)
            if update is None:
                return
            if not may_write:
                self.queue.add_after(key, _PAUSED)
                return
            self._writing[key] = self._pending.pop(key)
        written = self._try_to_write(key, update)
        with self._lock:
            del self._writing[key]
            if written:
                self.queue.forget(key)
                newer = self._pending.get(key)
                if newer is not None:
                    self.queue.add_after(key, newer.due - self._clock.now())
            else:
                self._pending.setdefault(key, update)
                self.queue.add_rate_limited(key)

    def _try_to_write(self, key: Key, update: _Update) -> bool:
        """Write a status; return False if it is to be tried again."""
        try:
            self._write(key, update)
        except (ApiNotFound, ApiConflict):
            pass  # the object is gone, or another one has its name: the status is not true any more
        except KubeError as exc:
            _log.warning("Failed to write the status of MCPServer %s/%s: %s", key.namespace, key.name, exc)
            return False
        except Exception:
            _log.exception("Failed to write the status of MCPServer %s/%s", key.namespace, key.name)
            return False
        return True

    def _write(self, key: Key, update: _Update) -> None:
        manifest = {
            "apiVersion": names.API_VERSION,
            "kind": names.KIND,
            "metadata": {"name": key.name, "namespace": key.namespace, "uid": update.uid},
            "status": update.status,
        }
        answer = self._client.apply(manifest, field_manager=names.STATUS_MANAGER, subresource="status")
        if own_status.has_more(answer.get("status") or {}, update.status):
            answer = self._replace(manifest, answer)
        version = str(answer["metadata"].get("resourceVersion"))
        with self._lock:
            self._written[key] = _Written(update.uid, version, answer.get("status") or update.status)
        self._on_written(update.server, update.server.get("status") or {}, update.status)

    def _replace(self, manifest: Object, found: Object) -> dict[str, t.Any]:
        """Replace a status in which there is more, for example after a restore.

        Server-side apply removes only fields that no other manager owns.
        """
        meta = manifest["metadata"]
        patch = [
            {"op": "replace", "path": "/metadata/resourceVersion", "value": found["metadata"]["resourceVersion"]},
            {"op": "replace", "path": "/status", "value": own_status.merged(found["status"], manifest["status"])},
        ]
        what = f"replace the status of {names.KIND} {meta['namespace']}/{meta['name']}"
        answer = self._client.request("PATCH", path_of(manifest, "status"), what=what, body=JsonPatch(patch))
        return t.cast("dict[str, t.Any]", answer)


def _older(version: t.Any, than: str) -> bool:
    """Tell whether a resourceVersion is older than another; they can be compared as numbers (KEP-5504)."""
    text = str(version)
    return text.isdecimal() and than.isdecimal() and int(text) < int(than)
