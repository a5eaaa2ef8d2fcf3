# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Observes all MCPServers, from `start` to `stop`: the one writer of their statuses."""

from __future__ import annotations

import heapq
import logging
import threading
import time
import typing as t

from .._vendor._kube.client import Client
from ..cluster.source import Source
from ..cluster.store import Key, Object, Store
from ..gates.breaker import CircuitBreaker
from ..gates.policy import GatePolicy
from ..gates.revision_history import Keeper
from ..gates.writer import GateWriter
from ..runs.run_request import HostResult
from ..validation.http_probe import Answer, ask
from ..validation.job_probe import ValidationJobs
from ..validation.probe_scheduler import PLACES, Ask, LastCheck, ProbeScheduler
from ..watches.definition import Watch
from ..workloads.lister import Family
from ..workloads.sources import MCPSERVER, deployments, jobs, pods, replica_sets
from .diagnosis import Doctor
from .event_recorder import EventRecorder
from .events import events
from .last_run import LastRuns
from .observer import Observer
from .publisher import Status, StatusPublisher
from .validation_status import Verdicts

_log = logging.getLogger(__name__)

# The longest that the loop sleeps, seconds: health is judged by when it last turned.
_TURN = 5.0
# Seconds that changes are gathered for each other server that is on its way, and at most.
_SHARE, _GATHER = 0.004, 0.1
# Seconds after which what the API server did not take is tried again.
_AGAIN = 1.0
# Which of the sources brings the Pods.
_PODS = 2

# Is told of each answer of a Pod's, and after how many seconds it came.
Observe = t.Callable[[Answer, float], None]


def _nobody(_answer: Answer, _seconds: float) -> None:
    pass


class StatusController:
    """Everything of this room.

    :param watch: that brings the MCPServers.
    :param may_write: whether this process may still write.
    :param image: of validation Jobs.
    :param observe: is told of each answer of a Pod's.
    """

    def __init__(
        self,
        watch: Watch,
        store: Store,
        client: Client,
        *,
        may_write: t.Callable[[], bool],
        image: str = "",
        observe: Observe = _nobody,
        asking: Ask = ask,
        places: int = PLACES,
    ) -> None:
        self.sources: tuple[Source, ...] = (deployments(watch), replica_sets(), pods(), jobs())
        self.last_turn = time.monotonic()
        self._store = store
        self._observe = observe
        names = ("deployments", "replica_sets", "pods", "jobs")
        ids = {name: source.id for name, source in zip(names, self.sources, strict=True)}
        self._family = Family(store, servers=watch.id, **ids)
        self._last_runs = LastRuns()
        self._recorder = EventRecorder(client)
        self._writer = StatusPublisher(client, may_write, self._written)
        self._scheduler = ProbeScheduler(asking, self._answered, places=places)
        self._doctor = Doctor(client, self._mark)
        self._jobs = ValidationJobs(client, self._family, image, self._mark)
        verdicts = Verdicts(self._scheduler, self._jobs)
        self._gates = GateWriter(client, may_write, self._again)
        self._gate_policy = GatePolicy(self._gates, CircuitBreaker())
        self._keeper = Keeper(client)
        self._observer = Observer(
            self._family, self._last_runs, verdicts, self._doctor, self._gate_policy, self._keeper
        )
        self._lock = threading.Lock()
        self._dirty: dict[Key, None] = {}
        self._later: list[tuple[float, Key]] = []
        self._next: dict[Key, float] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._unsubscribe: t.Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._loop, name="mcpservers", daemon=True)

    @staticmethod
    def watch_of(watches: t.Iterable[Watch]) -> Watch | None:
        """Return the watch that brings MCPServers; None where there is none, or the playbook writes the status."""
        return next((watch for watch in watches if watch.gvk == MCPSERVER and not watch.manage_status), None)

    def start(self) -> None:
        """Begin with everything that the store has."""
        self._unsubscribe = self._store.subscribe(self._changed)
        for key in self._family.servers():
            self._mark(key)
        for part in (self._recorder, self._writer, self._scheduler):
            part.start()
        self._thread.start()

    def stop(self) -> None:
        """Write nothing any more."""
        self._stopping.set()
        self._wake.set()
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._thread.join(_TURN)
        parts = (self._scheduler, self._jobs, self._doctor, self._keeper, self._gates, self._writer, self._recorder)
        for part in parts:
            part.stop()

    def record_run(self, key: Key, item: Object, result: HostResult) -> None:
        """Take in what a run did for an MCPServer, as it was when the run began."""
        self._last_runs.record(key, item, result)
        self._mark(key)

    def depth(self) -> dict[str, int]:
        """Return how much waits, by what it waits for."""
        return {"status": self._writer.depth(), **self._scheduler.depth()}

    def checked(self) -> dict[Key, LastCheck]:
        """Return of each server that passes, and is asked again, when it was last asked for everything."""
        return {**self._scheduler.checked(), **self._jobs.checked()}

    def _changed(self, key: Key, before: Object | None, after: Object | None) -> None:
        concerned = self._family.concerned(key, t.cast("Object", after or before))
        if concerned is None:
            return
        if after is not None and key.watch == self.sources[_PODS].id:
            self._gate_policy.close_stale_gate(concerned, after)
        self._mark(concerned)

    def _again(self, key: Key) -> None:
        """Look at an MCPServer again in a moment."""
        with self._lock:
            heapq.heappush(self._later, (self._next.setdefault(key, time.monotonic() + _AGAIN), key))
        self._wake.set()

    def _answered(self, key: Key, answer: Answer, seconds: float) -> None:
        self._observe(answer, seconds)
        self._mark(key)

    def _written(self, server: Object, before: Status, after: Status) -> None:
        for event in events(before, after):
            self._recorder.record(server, event)

    def _mark(self, key: Key) -> None:
        with self._lock:
            self._dirty[key] = None
        self._wake.set()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self.last_turn = time.monotonic()
            self._wake.clear()
            keys, wait = self._due()
            for key in keys:
                if self._stopping.is_set():
                    return
                try:
                    self._look(key)
                except Exception:
                    _log.exception("MCPServer %s/%s cannot be observed", key.namespace, key.name)
            if not keys:
                self._wake.wait(wait)
                # What happens to a server that starts comes in bursts: of many it is gathered, and looked at once.
                self._stopping.wait(min(_GATHER, _SHARE * (self._writer.moving() - 1)))

    def _due(self) -> tuple[list[Key], float]:
        """Return whom to look at now, or how long to sleep."""
        now = time.monotonic()
        with self._lock:
            while self._later and self._later[0][0] <= now:
                moment, key = heapq.heappop(self._later)
                if self._next.get(key) == moment:
                    del self._next[key]
                    self._dirty[key] = None
            keys = list(self._dirty)
            self._dirty.clear()
            return keys, min(_TURN, self._later[0][0] - now) if self._later else _TURN

    def _look(self, key: Key) -> None:
        found = self._family.server(key)
        if found is None:
            self._observer.forget(key)
            self._writer.forget(key)
            self._next.pop(key, None)
            return
        server = self._writer.current(key, found)
        look = self._observer.look(key, server)
        if look.status is not None:
            self._writer.request_update(key, server, look.status, settled=look.settled)
        if look.again is None:
            self._next.pop(key, None)
        else:
            moment = time.monotonic() + look.again
            self._next[key] = moment
            heapq.heappush(self._later, (moment, key))
