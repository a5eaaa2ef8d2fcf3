# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""In whatever order the work queue is used, and by however many threads: no key is lost or processed twice at once."""

from __future__ import annotations

import random
import threading
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mcp_operator.backoff import Backoff
from mcp_operator.workqueue import Workers, WorkQueue

from support.clock import FakeClock, eventually, is_idle

BACKOFF = Backoff(first=1.0, most=8.0, jitter=0.0)


def drain(queue):
    """Return the keys that are ready, in order, and mark them as processed."""
    found = []
    while (key := queue.get(0)) is not None:
        queue.done(key)
        found.append(key)
    return found


def test_many_threads_process_everything_and_nothing_twice_at_once():
    queue = WorkQueue(backoff=Backoff(first=0.0005, most=0.002), limits={0: 3})
    added, processed, active, most = Counter(), Counter(), Counter(), Counter()
    seen = {}
    lock = threading.Lock()

    def process(key):
        with lock:
            active[key] += 1
            most["same"] = max(most["same"], active[key])
            version = added[key]
        with lock:
            active[key] -= 1
            processed[key] += 1
            seen[key] = version
        if processed[key] % 7 == 0:
            queue.add_rate_limited(key)
        else:
            queue.forget(key)

    def produce(number):
        chance = random.Random(number)
        for _ in range(3000):
            key = chance.randrange(40)
            with lock:
                added[key] += 1
            if chance.random() < 0.5:
                queue.add(key, priority=key % 2)
            else:
                queue.add_after(key, chance.random() / 500, priority=key % 2)

    workers = Workers("hammer", queue, process, count=8)
    workers.start()
    producers = [threading.Thread(target=produce, args=(number,)) for number in range(4)]
    for thread in producers:
        thread.start()
    for thread in producers:
        thread.join()
    eventually(lambda: is_idle(queue) and not queue._delays)
    queue.shut_down()
    workers.join(5)
    assert most["same"] == 1
    assert seen == dict(added), "the last change of every key was seen"


class QueueMachine(RuleBasedStateMachine):
    """A model: keys that have to be processed, and from when on."""

    KEYS = st.sampled_from("abcde")
    SECONDS = st.sampled_from([0.0, 0.5, 1.0, 30.0])
    PRIORITIES = st.sampled_from([0, 1])

    def __init__(self):
        super().__init__()
        self.clock = FakeClock()
        self.queue = WorkQueue(backoff=BACKOFF, limits={0: 2}, clock=self.clock)
        self.due = {}
        self.delayed = {}
        self.processing = {}

    def add_to_model(self, key, priority):
        self.due[key] = max(priority, self.due.get(key, priority))

    def delay_in_model(self, key, seconds, priority):
        moment = self.clock.now() + seconds
        if seconds <= 0:
            self.add_to_model(key, priority)
        elif key not in self.delayed or moment < self.delayed[key][0]:
            self.delayed[key] = moment, priority

    @rule(key=KEYS, priority=PRIORITIES)
    def add(self, key, priority):
        self.queue.add(key, priority)
        self.add_to_model(key, priority)

    @rule(key=KEYS, seconds=SECONDS, priority=PRIORITIES)
    def add_after(self, key, seconds, priority):
        self.queue.add_after(key, seconds, priority)
        self.delay_in_model(key, seconds, priority)

    @rule(key=KEYS)
    def add_rate_limited(self, key):
        failures = self.queue.num_requeues(key)
        self.queue.add_rate_limited(key)
        assert self.queue.num_requeues(key) == failures + 1
        self.delay_in_model(key, BACKOFF.delay(failures + 1), 0)

    @rule(key=KEYS)
    def forget(self, key):
        self.queue.forget(key)
        assert self.queue.num_requeues(key) == 0

    @rule(key=KEYS)
    def discard(self, key):
        self.queue.discard(key)
        self.due.pop(key, None)
        self.delayed.pop(key, None)

    @rule(seconds=st.sampled_from([0.25, 1.0, 8.0, 60.0]))
    def step(self, seconds):
        self.clock.step(seconds)
        # The keys whose delays have ended become ready in the order in which they ended.
        for key, (moment, priority) in sorted(self.delayed.items(), key=lambda item: item[1][0]):
            if moment <= self.clock.now():
                del self.delayed[key]
                self.add_to_model(key, priority)

    @rule()
    def get(self):
        low = sum(priority == 0 for priority in self.processing.values())
        allowed = {key for key, priority in self.due.items() if key not in self.processing and (priority or low < 2)}
        key = self.queue.get(0)
        assert (key is None) == (not allowed)
        if key is not None:
            assert key in allowed
            assert self.due[key] == max(self.due[other] for other in allowed)
            self.processing[key] = self.due.pop(key)

    @precondition(lambda self: self.processing)
    @rule(data=st.data())
    def done(self, data):
        key = data.draw(st.sampled_from(sorted(self.processing)))
        del self.processing[key]
        self.queue.done(key)

    @invariant()
    def lengths_agree(self):
        ready = {key for key in self.due if key not in self.processing}
        assert len(self.queue) == len(ready)
        assert is_idle(self.queue) == (not ready and not self.processing)

    def teardown(self):
        """Whatever has to be processed is processed in the end, and nothing else."""
        for key in self.processing:
            self.queue.done(key)
        expected = {*self.due, *self.delayed}
        self.clock.step(100.0)
        assert set(drain(self.queue)) == expected


QueueMachine.TestCase.settings = settings(stateful_step_count=40)
TestWorkQueue = QueueMachine.TestCase
