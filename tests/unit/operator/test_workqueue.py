# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The work queue keeps the promises of client-go's: no key is lost, and none is processed twice at once."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mcp_operator.backoff import Backoff
from mcp_operator.workqueue import Workers, WorkQueue

from support.clock import FakeClock, eventually, is_idle

BACKOFF = Backoff(first=1.0, most=8.0, jitter=0.0)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def queue(clock):
    return WorkQueue(backoff=BACKOFF, clock=clock)


def drain(queue):
    """Return the keys that are ready, in order, and mark them as processed."""
    found = []
    while (key := queue.get(0)) is not None:
        queue.done(key)
        found.append(key)
    return found


def test_keys_come_in_order_and_once(queue):
    for key in ("a", "b", "a", "c"):
        queue.add(key)
    assert len(queue) == 3
    assert drain(queue) == ["a", "b", "c"]
    assert (len(queue), is_idle(queue)) == (0, True)


def test_a_key_added_while_it_is_processed_is_processed_again_afterwards(queue):
    queue.add("a")
    assert queue.get(0) == "a"
    queue.add("a")
    queue.add("a")
    assert (queue.get(0), is_idle(queue)) == (None, False)
    queue.done("a")
    assert drain(queue) == ["a"]


def test_a_delay_that_ends_while_its_key_is_processed_is_not_lost(queue, clock):
    queue.add("a")
    queue.get(0)
    queue.add_after("a", 1.0)
    clock.step(1.0)
    assert queue.get(0) is None
    queue.done("a")
    assert drain(queue) == ["a"]


def test_the_earliest_delay_wins(queue, clock):
    queue.add_after("a", 5.0)
    queue.add_after("a", 2.0)
    queue.add_after("a", 9.0)
    clock.step(1.9)
    assert drain(queue) == []
    clock.step(0.2)
    assert drain(queue) == ["a"]
    clock.step(60.0)
    assert drain(queue) == []


def test_adding_a_key_does_not_cancel_its_delay(queue, clock):
    queue.add_after("a", 1.0)
    queue.add("a")
    assert drain(queue) == ["a"]
    clock.step(1.0)
    assert drain(queue) == ["a"]


def test_the_rate_limiter_doubles_until_it_is_reset(queue, clock):
    for failures, seconds in enumerate((1.0, 2.0, 4.0, 8.0, 8.0), 1):
        queue.add_rate_limited("a")
        assert queue.num_requeues("a") == failures
        clock.step(seconds - 0.01)
        assert drain(queue) == []
        clock.step(0.02)
        assert drain(queue) == ["a"]
    queue.forget("a")
    assert queue.num_requeues("a") == 0
    queue.add_rate_limited("a")
    clock.step(1.0)
    assert drain(queue) == ["a"]


def test_a_discarded_key_is_gone_wherever_it_was(queue, clock):
    queue.add("ready")
    queue.add_after("delayed", 1.0)
    queue.add_rate_limited("failed")
    queue.add("processed")
    assert queue.get(0) == "ready"
    queue.add("ready")
    for key in ("ready", "delayed", "failed", "processed"):
        queue.discard(key)
    queue.done("ready")
    clock.step(60.0)
    assert (drain(queue), queue.num_requeues("failed")) == ([], 0)


def test_delays_that_are_replaced_or_discarded_do_not_pile_up(queue):
    for number in range(5000):
        queue.add_after("a", 5000.0 - number)
        queue.add_after(f"b{number}", 600.0)
        queue.discard(f"b{number}")
    assert len(queue._heap) < 100


def test_higher_priorities_go_first_and_raise_a_key_that_waits(queue):
    queue.add("low")
    queue.add("high", priority=1)
    queue.add("raised")
    queue.add("raised", priority=2)
    queue.add("raised")
    assert drain(queue) == ["raised", "high", "low"]


def test_a_limit_leaves_room_for_other_priorities(clock):
    queue = WorkQueue(limits={0: 1}, clock=clock)
    queue.add("a")
    queue.add("b")
    queue.add("c", priority=1)
    assert [queue.get(0), queue.get(0), queue.get(0)] == ["c", "a", None]
    queue.done("c")
    assert queue.get(0) is None
    queue.done("a")
    assert queue.get(0) == "b"


def test_get_waits_for_its_timeout_and_no_longer(queue, clock):
    found = []
    thread = threading.Thread(target=lambda: found.append(queue.get(3.0)))
    thread.start()
    eventually(lambda: clock.waiting == 1)
    clock.step(2.9)
    assert thread.is_alive()
    clock.step(0.2)
    thread.join(5)
    assert found == [None]


def test_a_waiting_worker_is_woken_up_by_an_earlier_delay(queue, clock):
    found = []
    queue.add_after("late", 60.0)
    threads = [threading.Thread(target=lambda: found.append(queue.get())) for _ in range(3)]
    for thread in threads:
        thread.start()
    eventually(lambda: clock.waiting == 3)
    queue.add_after("early", 1.0)
    clock.step(1.0)
    eventually(lambda: found == ["early"])
    eventually(lambda: clock.waiting == 2)
    clock.step(59.0)
    eventually(lambda: found == ["early", "late"])
    queue.shut_down()
    for thread in threads:
        thread.join(5)
    assert found == ["early", "late", None]


@pytest.mark.parametrize(("drained", "expected"), [(False, []), (True, ["a", "b"])])
def test_shutting_down_drops_what_waits_or_hands_it_out(queue, clock, drained, expected):
    queue.add("a")
    queue.add("b")
    queue.add_after("delayed", 1.0)
    queue.shut_down(drain=drained)
    queue.add("late")
    queue.add_after("later", 0.5)
    clock.step(2.0)
    assert queue.shutting_down
    assert drain(queue) == expected


def test_only_a_key_that_is_processed_can_be_done(queue):
    queue.add("a")
    with pytest.raises(KeyError):
        queue.done("a")


def test_workers_survive_errors_and_show_when_they_last_turned(queue, clock, caplog):
    done = []
    hang = threading.Event()

    def process(key):
        if key == "bad":
            raise ValueError("a bug")
        if key == "slow":
            hang.wait(10)
        done.append(key)

    workers = Workers("test", queue, process, count=2, longest=1.0, clock=clock)
    workers.start()
    for key in ("bad", "a", "slow"):
        queue.add(key)
    eventually(lambda: done == ["a"])
    eventually(lambda: "Failed to process bad in test" in caplog.text)
    started = clock.now()
    for _ in range(40):
        eventually(lambda: clock.waiting == 1)
        clock.step(1.0)
    assert workers.last_turn == started + 1.0, "one hangs"
    hang.set()
    eventually(lambda: "slow" in done)
    eventually(lambda: workers.last_turn == clock.now())
    queue.shut_down()
    workers.join(5)
    assert all(not thread.is_alive() for thread in workers._threads)


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
