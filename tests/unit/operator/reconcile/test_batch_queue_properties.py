# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whatever happens, in whatever order: nothing is lost, nothing runs twice at once, the urgent go first."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile.batch_queue import BatchQueue
from mcp_operator.reconcile.queue_types import Batch, Phase, Priority, QueueLimits, ReconcileResult

KEYS = st.builds(Key, st.sampled_from(["Toy", "Other"]), st.just("team"), st.sampled_from("abcdef"))
LIMITS = QueueLimits(max_runs=2, batch_objects=3, batch_bytes=100, second_batch_objects=2, starvation_wait=1e9)


class QueueMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.queue = BatchQueue(LIMITS, Backoff(chance=lambda: 0.5), clock=lambda: self.now)
        # What has to run, and how urgently; what runs, in which batch and with which priority; what was deleted since.
        self.dirty: dict[Key, Priority] = {}
        self.running: dict[Key, tuple[Batch, Priority]] = {}
        self.gone: set[Key] = set()
        self.phases: dict[Key, Phase] = {}

    @rule(
        key=KEYS,
        priority=st.sampled_from(Priority),
        phase=st.sampled_from([None, *Phase]),
        size=st.sampled_from([0, 40, 200]),
    )
    def add(self, key, priority, phase, size):
        self.queue.add(key, priority, phase=phase, size=size)
        known = self.phases[key] if key in self.dirty or key in self.running else Phase.RECONCILE
        self.phases[key] = phase or known
        self.dirty[key] = max(priority, self.dirty.get(key, priority))
        self.gone.discard(key)

    @rule(key=KEYS)
    def forget(self, key):
        self.queue.discard(key)
        self.dirty.pop(key, None)
        self.gone.add(key)

    @rule(seconds=st.sampled_from([0.1, 1.0, 5.0, 400.0]))
    def wait(self, seconds):
        self.now += seconds

    @rule()
    def take(self):
        batch = self.queue.next_batch()
        if batch is None:
            return
        assert 0 < len(batch.keys) <= LIMITS.batch_objects
        assert len(set(batch.keys)) == len(batch.keys)
        assert {key.watch for key in batch.keys} == {batch.watch}
        for key in batch.keys:
            assert key not in self.running, "runs twice at once"
            assert key in self.dirty, "runs without a reason"
            assert self.phases[key] is batch.phase
        urgency = [self.dirty[key] for key in batch.keys]
        assert urgency == sorted(urgency, reverse=True)
        for key in batch.keys:
            self.running[key] = batch, self.dirty.pop(key)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), result=st.sampled_from(ReconcileResult))
    def done(self, data, result):
        key = data.draw(st.sampled_from(sorted(self.running)))
        self.queue.done(key, result)
        _batch, priority = self.running.pop(key)
        if result is not ReconcileResult.DONE and key not in self.gone:
            self.dirty[key] = max(priority, self.dirty.get(key, priority))
        self.gone.discard(key)

    @invariant()
    def no_more_batches_than_slots(self):
        for phase, most in ((Phase.RECONCILE, LIMITS.max_runs), (Phase.FINALIZE, 1)):
            assert len({batch for batch, _ in self.running.values() if batch.phase is phase}) <= most

    def teardown(self):
        """Let everything end well: all that was dirty must have run by then."""
        for key in list(self.running):
            self.queue.done(key, ReconcileResult.DONE)
        ran = set()
        for _ in range(200):
            batch = self.queue.next_batch()
            if batch is not None:
                ran.update(batch.keys)
                for key in batch.keys:
                    self.queue.done(key, ReconcileResult.DONE)
            elif (wait := self.queue.next_due()) is not None:
                self.now += wait
            else:
                break
        assert set(self.dirty) <= ran, "lost"
        assert len(self.queue) == 0


QueueMachine.TestCase.settings = settings(stateful_step_count=40)
TestQueue = QueueMachine.TestCase
