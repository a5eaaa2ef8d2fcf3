# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The controller: one thread that starts batches, and one thread for each running batch."""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from dataclasses import dataclass, field

from ..backoff import Backoff
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Store
from ..runs.ansible_content import collection_of, content_of
from ..runs.directory import prepare_root
from ..runs.launch import spawn
from ..runs.preload.preloader import Preloader
from ..runs.run import Run, RunSettings
from ..runs.run_request import RunRequest, RunResult
from ..watches.definition import Watch
from .batch_queue import BatchQueue
from .context import ReconcileContext
from .dependents import Dependents
from .event_handlers import EventHandlers
from .hooks import DefaultHooks, ReconcileHooks
from .object_writer import ObjectWriter
from .pending_writes import PendingWrites
from .queue_types import Batch, QueueLimits
from .run_builder import RunBuilder, watch_limits
from .run_history import RunHistory
from .worker import Worker

_log = logging.getLogger(__name__)

# The longest time that the loop sleeps, seconds.
_MAX_SLEEP = 5.0
# Seconds within which a cancelled run ends.
_CANCEL = 5.0
# Seconds for pending writes at the end of the process.
_FLUSH = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerSettings:
    """Settings of the controller.

    :param backoff: delays of failed objects.
    :param content_version: the digest of playbooks and roles. A change of it reconciles every object.
    :param preload: whether runs are forked from a process that has Ansible imported.
    """

    limits: QueueLimits = field(default_factory=QueueLimits)
    backoff: Backoff = field(default_factory=Backoff)
    runs: RunSettings = field(default_factory=RunSettings)
    content_version: str = ""
    preload: bool = False


class Controller:
    """Reconciles the objects in the store between `start` and `stop`.

    Start it when the store is complete and this process leads.

    :param dependents: IDs of the store's sources of dependents -> the watch of their owners.
    """

    def __init__(
        self,
        watches: t.Sequence[Watch],
        store: Store,
        writer: ObjectWriter,
        *,
        dependents: t.Mapping[str, Watch] | None = None,
        settings: ControllerSettings | None = None,
        hooks: ReconcileHooks | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        settings = settings or ControllerSettings()
        limits = {watch.id: watch_limits(watch) for watch in watches}
        self.queue = BatchQueue(settings.limits, settings.backoff, limits, clock.now)
        self.last_turn = clock.now()
        self._clock = clock
        self._store = store
        self._run_settings = settings.runs
        self._preloader = _preloader(watches, settings) if settings.preload else None
        self._launch = self._preloader.launch if self._preloader else spawn
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._batches: set[threading.Thread] = set()
        self._paused = False
        self._stopping = threading.Event()
        self._writes_cancelled = threading.Event()
        self._changed = threading.Condition()
        self._woken = False
        self._unsubscribe: t.Callable[[], None] | None = None
        by_id = {watch.id: watch for watch in watches}
        hooks = hooks or DefaultHooks()
        self._context = context = ReconcileContext(
            watches=by_id,
            store=store,
            queue=self.queue,
            dependents=Dependents(store, dependents or {}),
            history=RunHistory(clock.now, lambda key, item: hooks.reconciliation(by_id[key.watch], item)),
            pending_writes=PendingWrites(clock.now),
            hooks=hooks,
            content_version=settings.content_version,
        )
        self._event_handlers = EventHandlers(context, self._wake)
        run_builder = RunBuilder(settings.runs, context.dependents, context.history)
        self._worker = Worker(context, run_builder, writer, self._execute)
        self._thread = threading.Thread(target=self._loop, name="controller", daemon=True)

    def start(self) -> None:
        """Queue all objects in the store, and start to process them."""
        prepare_root(self._run_settings.root)
        if self._preloader is not None:
            self._preloader.start()
        self._unsubscribe = self._store.subscribe(self._event_handlers.on_change)
        for watch in self._context.watches:
            for key in self._store.keys(watch):
                self._event_handlers.on_change(key, None, self._store.get(key))
        self._thread.start()

    def enqueue(self, key: Key) -> None:
        """Queue an object whose further inputs changed; see :class:`.ReconcileHooks`."""
        self._event_handlers.requeue(key)

    def stop(self, grace: float) -> None:
        """Start no more runs, wait for running ones, then cancel them and make pending writes.

        :param grace: seconds to wait for runs; 0 after the loss of the Lease, which also drops pending writes.
        """
        if grace <= 0:
            self._writes_cancelled.set()
        self._stopping.set()
        self._wake()
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._thread.join(_MAX_SLEEP)
        self._join_batches(grace)
        with self._lock:
            remaining = list(self._runs)
        for run in remaining:
            _log.warning("Cancelling run %s", run.ident)
            run.cancel()
        self._join_batches(_CANCEL)
        self._context.pending_writes.flush_all(_FLUSH, self._writes_cancelled)
        if self._preloader is not None:
            self._preloader.stop()

    def pause(self) -> None:
        """Cancel all runs and start no more until `resume`. Cancelled objects stay in the queue."""
        with self._lock:
            self._paused = True
            running = list(self._runs)
        for run in running:
            _log.warning("Cancelling run %s", run.ident)
            run.cancel()

    def resume(self) -> None:
        """Start runs again after `pause`."""
        with self._lock:
            self._paused = False
        self._wake()

    def running(self) -> int:
        """Return the number of runs in progress."""
        return len(self._runs)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self.last_turn = self._clock.now()
            batch = None if self._paused else self.queue.next_batch()
            if batch is None:
                due = None if self._paused else self.queue.next_due()
                self._sleep(_MAX_SLEEP if due is None else min(due, _MAX_SLEEP))
                continue
            thread = threading.Thread(target=self._process, args=(batch,), name=f"batch {batch.watch}", daemon=True)
            with self._lock:
                self._batches.add(thread)
            thread.start()

    def _sleep(self, seconds: float) -> None:
        """Wait for a time, or until `_wake` is called; return at once if it was called since the last sleep."""
        with self._changed:
            if not self._woken:
                self._clock.wait_until(self._changed, self._clock.now() + seconds)
            self._woken = False

    def _wake(self) -> None:
        with self._changed:
            self._woken = True
            self._changed.notify()

    def _process(self, batch: Batch) -> None:
        try:
            self._worker.process(batch)
        finally:
            with self._lock:
                self._batches.discard(threading.current_thread())
            self._wake()

    def _execute(self, batch: Batch, request: RunRequest) -> RunResult:
        run = Run(request, self._run_settings, self._launch)
        with self._lock:
            self._runs.add(run)
            cancelled = self._paused or self._writes_cancelled.is_set()
        if cancelled:  # the batch started before
            run.cancel()
        try:
            result = run.execute()
        finally:
            with self._lock:
                self._runs.discard(run)
        self._context.hooks.on_run_finished(batch, result)
        return result

    def _join_batches(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._lock:
            threads = list(self._batches)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


def _preloader(watches: t.Sequence[Watch], settings: ControllerSettings) -> Preloader:
    contents = [content_of(watch, finalizing=finalizing) for watch in watches for finalizing in (False, True)]
    collections = {name for content in contents if (name := collection_of(content)) is not None}
    return Preloader(settings.runs.root, settings.runs.environment, collections)
