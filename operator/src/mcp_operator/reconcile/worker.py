# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Process one batch: decide which objects need a run, run Ansible, and write the results to the objects."""

from __future__ import annotations

import logging
import typing as t
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .._vendor._kube.errors import KubeError
from ..cluster.store import Key, Object
from ..runs.run_request import Ending, HostOutcome, HostResult, RunRequest, RunResult
from ..watches.definition import Finalizer, Watch
from . import conditions
from .context import ReconcileContext
from .fingerprint import record
from .object_writer import ObjectWriter
from .queue_types import Batch, Phase, ReconcileResult
from .run_builder import RunBuilder
from .run_history import AppliedDependents

_log = logging.getLogger(__name__)

# Concurrent calls to the API server for one batch.
_CALLS = 8
# Delay of the annotation with the fingerprint: seconds for each object of the run, and at most. Only the next start of
# the operator reads it, so the writes are spread and do not slow down a fleet that is starting.
_ANNOTATE_DELAY, _ANNOTATE_MAX_DELAY = 0.12, 60.0

# Runs Ansible. Failures of the run are in its result; they are not raised.
Execute = t.Callable[[Batch, RunRequest], RunResult]


class _Decision(t.NamedTuple):
    """Whether an object needs a run; if not, its result for the queue, and after how many seconds to check again."""

    run: bool
    result: ReconcileResult = ReconcileResult.DONE
    after: float | None = None


_Decide = t.Callable[[Watch, Key, Object], _Decision]
_Finish = t.Callable[[Watch, Key, Object, HostResult], float | None]
_Done = t.Callable[[Key, ReconcileResult, float | None], None]


class Worker:
    """Processes batches. One instance serves all threads."""

    def __init__(
        self, context: ReconcileContext, run_builder: RunBuilder, writer: ObjectWriter, execute: Execute
    ) -> None:
        self._context = context
        self._run_builder = run_builder
        self._writer = writer
        self._execute = execute

    def process(self, batch: Batch) -> None:
        """Process a batch, and call the queue's `done` for each of its objects, whatever happens."""
        watch = self._context.watches[batch.watch]
        unfinished = dict.fromkeys(batch.keys)

        def done(key: Key, result: ReconcileResult, after: float | None) -> None:
            del unfinished[key]
            self._context.queue.done(key, result, after=after)

        try:
            with ThreadPoolExecutor(_CALLS, thread_name_prefix="write") as pool:
                self._process(watch, batch, done, pool)
        except Exception:  # noqa: BLE001 - logged with its trace; the objects are retried in smaller batches
            _log.exception("Failed to process a batch of %s objects", watch.kind)
        finally:
            for key in list(unfinished):
                done(key, ReconcileResult.BATCH_FAILED, None)

    def _process(self, watch: Watch, batch: Batch, done: _Done, pool: ThreadPoolExecutor) -> None:
        items = self._select(watch, batch, done, pool)
        if not items:
            return
        run = self._run_builder.build(watch, batch.phase, items)
        result = self._execute(batch, run.request)
        _log_result(watch, batch.phase, result)
        if result.ending is Ending.CANCELLED:
            for key in items:
                done(key, ReconcileResult.INTERRUPTED, None)
            return
        delay = min(_ANNOTATE_MAX_DELAY, _ANNOTATE_DELAY * len(items))
        finish: _Finish = self._on_finalized if batch.phase is Phase.FINALIZE else partial(self._on_reconciled, delay)
        ended = [(key, items[key], result.hosts[host]) for host, key in run.hosts.items()]
        afters = list(pool.map(lambda end: finish(watch, *end), ended))
        for (key, _item, host_result), after in zip(ended, afters, strict=True):
            done(key, _reconcile_result(result, host_result), after)

    # --- before the run ---

    def _select(self, watch: Watch, batch: Batch, done: _Done, pool: ThreadPoolExecutor) -> dict[Key, Object]:
        """Return the objects of a batch that need a run; the others are done."""
        found = {key: item for key in batch.keys if (item := self._context.store.get(key)) is not None}
        for key in batch.keys:
            if key not in found:
                self._context.queue.discard(key)
                done(key, ReconcileResult.DONE, None)
        decide = self._decide_finalize if batch.phase is Phase.FINALIZE else self._decide_reconcile
        decisions = pool.map(lambda key: self._guarded(decide, watch, key, found[key]), found)
        items = {}
        for (key, item), decision in zip(found.items(), list(decisions), strict=True):
            if decision.run:
                items[key] = item
            else:
                done(key, decision.result, decision.after)
        return items

    def _guarded(self, decide: _Decide, watch: Watch, key: Key, item: Object) -> _Decision:
        try:
            return decide(watch, key, item)
        except KubeError as exc:
            _log.warning("%s %s/%s: %s", watch.kind, key.namespace, key.name, exc)
            return _Decision(run=False, result=ReconcileResult.FAILED)

    def _decide_reconcile(self, watch: Watch, key: Key, item: Object) -> _Decision:
        """Decide whether to reconcile an object. If so, set its finalizer and its conditions before the run."""
        if item["metadata"].get("deletionTimestamp"):
            return _Decision(run=False)
        history = self._context.history
        remaining = history.seconds_to_resync(key, item, self._context.hooks.resync_period(watch, item))
        unchanged = history.is_unchanged(key, item, self._context.fingerprint(watch, item))
        if unchanged and (remaining is None or remaining > 0):
            return _Decision(run=False, after=_earlier(remaining, self._context.pending_writes.flush(key, item)))
        if watch.finalizer:
            self._writer.add_finalizer(watch, key, item, watch.finalizer.name)
        if watch.manage_status and conditions.is_outdated(item):
            self._writer.conditions(watch, key, item, conditions.running())
        return _Decision(run=True)

    def _decide_finalize(self, watch: Watch, key: Key, item: Object) -> _Decision:
        """Decide whether to run an object's finalizer."""
        if watch.finalizer is None or not item["metadata"].get("deletionTimestamp"):
            return _Decision(run=False)
        if self._context.history.is_finalized(key, item):
            return _Decision(run=False, after=self._context.pending_writes.flush(key, item))
        return _Decision(run=True)

    # --- after the run: a failed write is retried by itself, without another run ---

    def _on_reconciled(self, delay: float, watch: Watch, key: Key, item: Object, result: HostResult) -> float | None:
        """Handle an object's result; return after how many seconds to process it again, None for never.

        :param delay: seconds until its annotation is written.
        """
        hooks, history, pending = self._context.hooks, self._context.history, self._context.pending_writes
        applied = _applied(result)
        if applied is not None:
            history.record_applied(key, item, applied)
        note = ""
        after = result.requeue_after if result.requeue_after is not None else hooks.resync_period(watch, item)
        if result.outcome is HostOutcome.SUCCEEDED:
            history.schedule_resync(key, item, after)
            # The store may not have the dependents that were just applied.
            fingerprint = self._context.fingerprint(watch, item, applied)
            note = record(fingerprint, applied or {}) if history.record_reconciled(key, item, fingerprint) else ""
        if hooks.on_result(watch, key, item, result, note):
            note = ""

        def write() -> None:
            if watch.manage_status:
                self._writer.conditions(watch, key, item, conditions.ended(result))
            if note:
                self._writer.reconciled(watch, key, note)

        if watch.manage_status or note:
            pending.add(key, item, write, 0.0 if watch.manage_status else delay)
        else:
            pending.discard(key)
        return _earlier(after, pending.flush(key, item))

    def _on_finalized(self, watch: Watch, key: Key, item: Object, result: HostResult) -> float | None:
        """Handle the result of an object's finalizer; return as `_on_reconciled`."""
        finalizer, pending = t.cast("Finalizer", watch.finalizer), self._context.pending_writes
        if result.outcome is HostOutcome.SUCCEEDED:
            self._context.history.record_finalized(key, item)
            pending.add(key, item, lambda: self._writer.remove_finalizer(watch, key, item, finalizer.name))
        elif watch.manage_status:
            pending.add(key, item, lambda: self._writer.conditions(watch, key, item, conditions.ended(result)))
        return pending.flush(key, item)


def _applied(result: HostResult) -> AppliedDependents | None:
    """Return the dependents that a batch action has applied; None if it returned none."""
    found = result.data.get("children")
    if not isinstance(found, dict):
        return None
    return {
        str(name): tuple(map(str, dependent))
        for name, dependent in found.items()
        if isinstance(dependent, list) and len(dependent) >= 2
    }


def _earlier(one: float | None, other: float | None) -> float | None:
    """Return the smaller number of seconds; None is never."""
    return min((seconds for seconds in (one, other) if seconds is not None), default=None)


def _reconcile_result(result: RunResult, host: HostResult) -> ReconcileResult:
    if host.outcome is HostOutcome.SUCCEEDED:
        return ReconcileResult.DONE
    own = host.outcome is HostOutcome.FAILED and result.ending is Ending.COMPLETE
    return ReconcileResult.FAILED if own else ReconcileResult.BATCH_FAILED


def _log_result(watch: Watch, phase: Phase, result: RunResult) -> None:
    failed = {name: host for name, host in result.hosts.items() if host.outcome is not HostOutcome.SUCCEEDED}
    _log.info(
        "Run %s: %s %d %s objects, %d not successful, %.1f s, %.1f CPU s, %s",
        result.ident,
        phase,
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
