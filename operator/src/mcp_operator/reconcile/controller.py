# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The controller: one thread that hands out batches, one for each batch that runs."""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from dataclasses import dataclass, field

from .._vendor._kube.client import Client
from ..backoff import Backoff
from ..cluster.discovery import Discovery
from ..cluster.store import Key, Object, Store
from ..runs.ansible_content import collection_of, content_of
from ..runs.directory import prepare_root
from ..runs.launch import spawn
from ..runs.preload.preloader import Preloader
from ..runs.run import Run, RunSettings
from ..runs.run_request import HostResult, RunRequest, RunResult
from ..watches.definition import Watch
from .annotations import Period, period
from .batch_queue import Queue
from .dependents import Children
from .event_handlers import Depends, Intake
from .object_writer import Writer
from .pending_writes import Ledger
from .queue_types import Batch, Limits
from .run_builder import JobSettings, limits_of
from .worker import Told, Worker

_log = logging.getLogger(__name__)

# The longest that the loop sleeps, seconds: health is judged by when it last turned.
_TURN = 5.0
# A cancelled run is gone within this time, seconds.
_CANCEL = 5.0
# Seconds for noting what was reconciled, at the end.
_NOTES = 5.0


# Is told of each run that ended.
Observe = t.Callable[[Batch, RunResult], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerSettings:
    """What the parts of the controller are told.

    :param preload: whether runs are forked from a process that has Ansible imported.
    """

    limits: Limits = field(default_factory=Limits)
    backoff: Backoff = field(default_factory=Backoff)
    jobs: JobSettings = field(default_factory=JobSettings)
    runs: RunSettings = field(default_factory=RunSettings)
    preload: bool = False


def _nobody(_batch: Batch, _result: RunResult) -> None:
    pass


def _on_nothing(_watch: Watch, _item: Object) -> None:
    return None


def _silent(_watch: Watch, _key: Key, _item: Object, _result: HostResult) -> None:
    pass


class Controller:
    """Reconciles what the store has, from `start` to `stop`. Started when the store is complete and we lead.

    :param children: the store's sources of children, and the watch whose children each brings.
    :param observe: is told of each run that ended.
    :param told: is told of each object's run that reconciled it, or did not.
    :param depends: what of an object's status runs depend on.
    :param period: after how many seconds an unchanged object is reconciled again.
    """

    def __init__(  # noqa: PLR0913 - each is given by its name
        self,
        watches: t.Sequence[Watch],
        store: Store,
        client: Client,
        *,
        discovery: Discovery | None = None,
        children: t.Mapping[str, Watch] | None = None,
        settings: ControllerSettings | None = None,
        observe: Observe = _nobody,
        told: Told = _silent,
        depends: Depends = _on_nothing,
        period: Period = period,
    ) -> None:
        settings = settings or ControllerSettings()
        by_id = {watch.id: watch for watch in watches}
        self.queue = Queue(settings.limits, settings.backoff, {watch.id: limits_of(watch) for watch in watches})
        self.last_turn = time.monotonic()
        self._watches = by_id
        self._store = store
        self._runs_settings = settings.runs
        self._preloader = _preloader(watches, settings) if settings.preload else None
        self._launch = self._preloader.launch if self._preloader else spawn
        self._observe = observe
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._batches: set[threading.Thread] = set()
        self._stopping = threading.Event()
        self._lost = threading.Event()
        self._wake = threading.Event()
        self._unsubscribe: t.Callable[[], None] | None = None
        family = Children(store, children or {})
        ledger = Ledger()
        self._intake = Intake(by_id, self.queue, family, ledger, self._wake.set, depends)
        self._worker = Worker(
            watches=by_id,
            store=store,
            queue=self.queue,
            children=family,
            ledger=ledger,
            writer=Writer(client, discovery or Discovery(client)),
            execute=self._execute,
            settings=settings.jobs,
            told=told,
            depends=depends,
            period=period,
        )
        self._thread = threading.Thread(target=self._loop, name="controller", daemon=True)

    def start(self) -> None:
        """Begin with everything that the store has."""
        prepare_root(self._runs_settings.root)
        if self._preloader is not None:
            self._preloader.start()
        self._unsubscribe = self._store.subscribe(self._intake.changed)
        for watch in self._watches:
            for key in self._store.keys(watch):
                self._intake.changed(key, None, self._store.get(key))
        self._thread.start()

    def stop(self, grace: float) -> None:
        """Start nothing more, let the runs end for so many seconds, then end them.

        :param grace: 0 where another one leads: then nothing is written any more.
        """
        if grace <= 0:
            self._lost.set()
        self._stopping.set()
        self._wake.set()
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._thread.join(_TURN)
        self._join(grace)
        with self._lock:
            left = list(self._runs)
        for run in left:
            _log.warning("Run %s is cancelled", run.ident)
            run.cancel()
        self._join(_CANCEL)
        self._worker.settle(_NOTES, self._lost)
        if self._preloader is not None:
            self._preloader.stop()

    def running(self) -> int:
        """Return how many runs there are now."""
        return len(self._runs)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self.last_turn = time.monotonic()
            self._wake.clear()
            batch = self.queue.take()
            if batch is None:
                due = self.queue.next_due()
                self._wake.wait(_TURN if due is None else min(due, _TURN))
                continue
            thread = threading.Thread(target=self._work, args=(batch,), name=f"batch {batch.watch}", daemon=True)
            with self._lock:
                self._batches.add(thread)
            thread.start()

    def _work(self, batch: Batch) -> None:
        try:
            self._worker.work(batch)
        finally:
            with self._lock:
                self._batches.discard(threading.current_thread())
            self._wake.set()

    def _execute(self, batch: Batch, request: RunRequest) -> RunResult:
        run = Run(request, self._runs_settings, self._launch)
        with self._lock:
            self._runs.add(run)
        try:
            result = run.execute()
        finally:
            with self._lock:
                self._runs.discard(run)
        self._observe(batch, result)
        return result

    def _join(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._lock:
            threads = list(self._batches)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


def _preloader(watches: t.Sequence[Watch], settings: ControllerSettings) -> Preloader:
    contents = [content_of(watch, finalizing=finalizing) for watch in watches for finalizing in (False, True)]
    collections = {name for content in contents if (name := collection_of(content)) is not None}
    return Preloader(settings.runs.root, settings.jobs.environment, collections)
