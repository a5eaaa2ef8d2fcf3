# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One batch, from the queue to the status of its objects."""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .._vendor._kube.errors import KubeError
from ..cluster.store import Key, Object, Store
from ..runs.run_request import Ending, HostOutcome, HostResult, RunRequest, RunResult
from ..watches.definition import Finalizer, Watch
from . import conditions
from .annotations import Period
from .batch_queue import Queue
from .dependents import Children
from .event_handlers import Depends
from .fingerprint import fingerprint
from .object_writer import Writer
from .pending_writes import Applied, Ledger
from .queue_types import Batch, Lane, Verdict
from .run_builder import JobSettings, make_job

_log = logging.getLogger(__name__)

# Calls to the API server at once, for one batch.
_CALLS = 8
# Seconds after which a write that was not taken is tried again.
_DEBT_PERIOD = 5.0
# Seconds for each object of a run after which it is noted on them what was reconciled, and at most. Nobody waits for
# that but the next start, so a fleet that starts need not share the API server with it.
_NOTE_SHARE, _NOTE_LATEST = 0.12, 60.0


# Runs Ansible. What happens to a run is in its result, and no exception.
Execute = t.Callable[[Batch, RunRequest], RunResult]
# Whether an object is to run; if not, how that ends for the queue and after how many seconds it is wanted again.
_Choice = tuple[bool, Verdict, float | None]
_Select = t.Callable[[Watch, Key, Object], _Choice]
_Finish = t.Callable[[Watch, Key, Object, HostResult], float | None]
# Is told of each object's run, and of the object as it was when the run began.
Told = t.Callable[[Watch, Key, Object, HostResult], None]
_Done = t.Callable[[Key, Verdict, float | None], None]


class Worker:
    """Carries out batches. One instance serves all threads."""

    def __init__(  # noqa: PLR0913 - each is given by its name
        self,
        *,
        watches: t.Mapping[str, Watch],
        store: Store,
        queue: Queue,
        children: Children,
        ledger: Ledger,
        writer: Writer,
        execute: Execute,
        settings: JobSettings,
        told: Told,
        depends: Depends,
        period: Period,
    ) -> None:
        self._watches = watches
        self._store = store
        self._queue = queue
        self._children = children
        self._ledger = ledger
        self._writer = writer
        self._execute = execute
        self._settings = settings
        self._told = told
        self._depends = depends
        self._period = period

    def work(self, batch: Batch) -> None:
        """Carry out a batch. Whatever happens, every object of it comes back to the queue."""
        watch = self._watches[batch.watch]
        open_keys = dict.fromkeys(batch.keys)

        def done(key: Key, verdict: Verdict, after: float | None) -> None:
            del open_keys[key]
            self._queue.done(key, verdict, after=after)

        try:
            with ThreadPoolExecutor(_CALLS, thread_name_prefix="write") as pool:
                self._work(watch, batch, done, pool)
        except Exception:  # noqa: BLE001 - logged with its trace; the objects come back, later and in smaller batches
            _log.exception("A batch of %s %ss failed", len(open_keys), watch.kind)
        finally:
            for key in list(open_keys):
                done(key, Verdict.BATCH_FAILED, None)

    def settle(self, seconds: float, lost: threading.Event) -> None:
        """Begin for so many seconds with what is still to be written: what is noted, the next start need not run.

        :param lost: is set when another one leads; nothing is begun from then on.
        """
        deadline = time.monotonic() + seconds

        def pay(debt: t.Callable[[], None]) -> None:
            if time.monotonic() < deadline and not lost.is_set():
                try:
                    debt()
                except KubeError as exc:
                    _log.warning("What was reconciled is not noted: %s", exc)

        with ThreadPoolExecutor(_CALLS, thread_name_prefix="write") as pool:
            list(pool.map(pay, self._ledger.debts()))

    def _work(self, watch: Watch, batch: Batch, done: _Done, pool: ThreadPoolExecutor) -> None:
        found = {key: item for key in batch.keys if (item := self._store.get(key)) is not None}
        for key in batch.keys:
            if key not in found:
                self._queue.forget(key)
                done(key, Verdict.DONE, None)
        select = self._leaving if batch.lane is Lane.FINALIZE else self._changed
        chosen = pool.map(lambda key: self._guarded(select, watch, key, found[key]), found)
        items = {}
        for (key, item), (wanted, verdict, after) in zip(found.items(), list(chosen), strict=True):
            if wanted:
                items[key] = item
            else:
                done(key, verdict, after)
        if not items:
            return
        job = make_job(watch, batch.lane, items, self._settings, lambda *about: self._relatives(watch, *about))
        result = self._execute(batch, job.request)
        _report(watch, batch.lane, result)
        if result.ending is Ending.CANCELLED:
            for key in items:
                done(key, Verdict.INTERRUPTED, None)
            return
        late = min(_NOTE_LATEST, _NOTE_SHARE * len(items))
        finish = self._finalized if batch.lane is Lane.FINALIZE else partial(self._reconciled, late)
        ended = [(key, items[key], result.hosts[host]) for host, key in job.hosts.items()]
        afters = list(pool.map(lambda end: finish(watch, *end), ended))
        for (key, _item, host_result), after in zip(ended, afters, strict=True):
            done(key, _verdict(result, host_result), after)

    # --- before the run: is it wanted? ---

    def _guarded(self, select: _Select, watch: Watch, key: Key, item: Object) -> _Choice:
        try:
            return select(watch, key, item)
        except KubeError as exc:
            _log.warning("%s %s/%s: %s", watch.kind, key.namespace, key.name, exc)
            return False, Verdict.FAILED, None

    def _changed(self, watch: Watch, key: Key, item: Object) -> _Choice:
        """Whether an object is to be reconciled. If it is, and only then, it gets what it must have before."""
        if item["metadata"].get("deletionTimestamp"):
            return False, Verdict.DONE, None
        remaining = self._ledger.remaining(key, item, self._period(watch, item))
        if self._ledger.unchanged(key, item, self._fingerprint(watch, item)) and (remaining is None or remaining > 0):
            return False, Verdict.DONE, _sooner(remaining, self._pay(watch, key, item))
        if watch.finalizer:
            self._writer.add_finalizer(watch, key, item, watch.finalizer.name)
        if watch.manage_status and conditions.is_news(item):
            self._writer.conditions(watch, key, item, conditions.running())
        return True, Verdict.DONE, None

    def _leaving(self, watch: Watch, key: Key, item: Object) -> _Choice:
        """Whether an object's finalizer is to run."""
        if watch.finalizer is None or not item["metadata"].get("deletionTimestamp"):
            return False, Verdict.DONE, None
        if self._ledger.finalized(key, item):
            return False, Verdict.DONE, self._pay(watch, key, item)
        return True, Verdict.DONE, None

    # --- after it ---

    def _reconciled(self, late: float, watch: Watch, key: Key, item: Object, result: HostResult) -> float | None:
        self._told(watch, key, item, result)
        applied = _applied(result)
        if applied is not None:
            self._ledger.apply(key, item, applied)
        reconciled = ""
        after = result.requeue_after if result.requeue_after is not None else self._period(watch, item)
        if result.outcome is HostOutcome.SUCCEEDED:
            self._ledger.wait(key, item, after)
            # What was just applied may not be in the store yet.
            reconciled = self._fingerprint(watch, item, applied)
            reconciled = reconciled if self._ledger.remember(key, item, reconciled) else ""

        def write() -> None:
            if watch.manage_status:
                self._writer.conditions(watch, key, item, conditions.ended(result))
            if reconciled:
                self._writer.reconciled(watch, key, reconciled)

        # A write that fails is made up for later: it is no reason for another run.
        news = watch.manage_status or reconciled
        self._ledger.owe(key, item, write if news else None, 0.0 if watch.manage_status else late)
        return _sooner(after, self._pay(watch, key, item))

    def _finalized(self, watch: Watch, key: Key, item: Object, result: HostResult) -> float | None:
        finalizer = t.cast("Finalizer", watch.finalizer)
        if result.outcome is HostOutcome.SUCCEEDED:
            self._ledger.finalize(key, item)
            self._ledger.owe(key, item, lambda: self._writer.remove_finalizer(watch, key, item, finalizer.name))
        elif watch.manage_status:
            self._ledger.owe(key, item, lambda: self._writer.conditions(watch, key, item, conditions.ended(result)))
        return self._pay(watch, key, item)

    def _pay(self, watch: Watch, key: Key, item: Object) -> float | None:
        """Make the writes that are due for an object; return the seconds until there is one again, None for never."""
        debt, wait = self._ledger.debt(key, item)
        if debt is None:
            return None
        if wait > 0:
            return wait
        try:
            debt()
        except KubeError as exc:
            _log.warning("%s %s/%s: %s", watch.kind, key.namespace, key.name, exc)
            return _DEBT_PERIOD
        self._ledger.owe(key, item, None)
        return None

    def _fingerprint(self, watch: Watch, item: Object, applied: Applied | None = None) -> str:
        children = self._children.of(watch, item) if applied is None else applied
        return fingerprint(watch, item, children, self._settings.content_version, self._depends(watch, item))

    def _relatives(self, watch: Watch, key: Key, item: Object) -> dict[str, t.Any]:
        """Return what a run is told of the children of an object: so it need not ask the API server."""
        if not watch.children:
            return {}
        children = self._children.of(watch, item)
        return {"mcp_operator_children": children, "mcp_operator_applied": self._ledger.applied(key, item)}


def _applied(result: HostResult) -> Applied | None:
    """Return the children of which a batch action said what they are; None where it said nothing."""
    found = result.data.get("children")
    if not isinstance(found, dict):
        return None
    return {
        str(name): tuple(map(str, child))
        for name, child in found.items()
        if isinstance(child, list) and len(child) >= 2
    }


def _sooner(one: float | None, other: float | None) -> float | None:
    """Return the smaller number of seconds; None is for never."""
    return min((seconds for seconds in (one, other) if seconds is not None), default=None)


def _verdict(result: RunResult, host: HostResult) -> Verdict:
    if host.outcome is HostOutcome.SUCCEEDED:
        return Verdict.DONE
    own = host.outcome is HostOutcome.FAILED and result.ending is Ending.COMPLETE
    return Verdict.FAILED if own else Verdict.BATCH_FAILED


def _report(watch: Watch, lane: Lane, result: RunResult) -> None:
    failed = {name: host for name, host in result.hosts.items() if host.outcome is not HostOutcome.SUCCEEDED}
    _log.info(
        "Run %s: %s of %d %s, %d not successful, %.1f s, %.1f CPU s, %s",
        result.ident,
        lane,
        len(result.hosts),
        watch.kind,
        len(failed),
        result.wall,
        result.cpu,
        result.reason or result.ending,
    )
    if result.ending is Ending.COMPLETE:
        for name, host in failed.items():
            _log.warning("Run %s: %s %s: %s", result.ident, name, host.outcome, host.message)
