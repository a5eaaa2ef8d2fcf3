# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which key is next where tenants compete, and that none of them starves."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mcp_operator.fair_queue import FairQueue
from mcp_operator.workqueue import WorkQueue

from support.clock import FakeClock

PLACES, LIMIT = 40, 20


def flow(key):
    return key[0]


def fair(places=PLACES, limits=None):
    return FairQueue(flow, places, limits or {})


def add(queue, name, count, priority=1):
    for number in range(count):
        queue.add((name, number), priority)


def take_all(queue):
    """Take as many keys as there are places for, and return how many of each flow."""
    return Counter(key[0] for key, _priority in iter(queue.take, None))


def test_one_flow_alone_gets_all_places_but_those_that_are_kept_for_newcomers():
    queue = fair()
    add(queue, "evil", 100)
    assert take_all(queue) == {"evil": 32}
    add(queue, "good", 1)
    assert take_all(queue) == {"good": 1}


def test_while_others_wait_a_flow_gets_a_quarter():
    queue = fair()
    add(queue, "evil", 100)
    add(queue, "good", 100)
    assert take_all(queue) == {"evil": 10, "good": 10}


def test_a_flow_that_has_more_than_its_share_gives_the_next_places_to_others():
    queue = fair()
    add(queue, "evil", 100)
    held = [queue.take() for _ in range(32)]
    add(queue, "good", 100)
    taken = Counter()
    for place in held:
        queue.release(*place)
        taken += take_all(queue)
    assert taken == {"evil": 10, "good": 10}


def test_flows_take_turns():
    queue = fair(places=None)
    add(queue, "a", 3)
    add(queue, "b", 2)
    add(queue, "c", 1)
    found = [key for key, _priority in iter(queue.take, None)]
    assert found == [("a", 0), ("b", 0), ("c", 0), ("a", 1), ("b", 1), ("a", 2)]


def test_a_higher_priority_goes_first_and_a_limit_of_the_lower_one_is_shared_too():
    queue = fair(limits={0: LIMIT})
    add(queue, "evil", 100, priority=0)
    assert take_all(queue) == {"evil": 16}
    add(queue, "good", 2, priority=0)
    queue.add(("other", 0), 0)
    queue.add(("other", 1), 1)
    assert [key for key, _priority in iter(queue.take, None)] == [("other", 1), ("good", 0), ("other", 0)]


def test_without_flows_all_places_are_used():
    queue = FairQueue(None, 4, {})
    for number in range(6):
        queue.add(number, 0)
    assert [queue.take() for _ in range(5)] == [(0, 0), (1, 0), (2, 0), (3, 0), None]


def test_the_last_key_of_another_flow_that_is_dropped_lets_a_flow_exceed_its_share():
    clock = FakeClock()
    queue = WorkQueue(flow=flow, places=PLACES, clock=clock)
    for number in range(20):
        queue.add(("a", number))
        queue.add(("b", number))
    assert len(list(iter(lambda: queue.get(0), None))) == 20
    for number in range(20):
        queue.discard(("b", number))
    assert len(list(iter(lambda: queue.get(0), None))) == 10


@given(
    hostile=st.lists(st.integers(1, 200), min_size=1, max_size=16),
    repeated=st.booleans(),
    steps=st.lists(st.integers(0, 31), max_size=30),
)
def test_a_newcomer_is_served_at_once_whatever_the_others_hold(hostile, repeated, steps):
    queue = fair(limits={0: LIMIT})
    numbers = itertools.count()
    held = []

    def refill():
        for name, count in enumerate(hostile):
            for _ in range(count):
                queue.add((f"evil-{name}", next(numbers)), 0 if repeated else next(numbers) % 2)
        held.extend(iter(queue.take, None))

    refill()
    for step in steps:
        if step < len(held):
            queue.release(*held.pop(step))
            refill()
    queue.add(("good", 0), 0 if repeated else 1)
    taken = queue.take()
    assert taken is not None
    assert taken[0] == ("good", 0)


class FairQueueMachine(RuleBasedStateMachine):
    """A model: which keys are ready, and which are being processed."""

    FLOWS = st.sampled_from("abcde")

    def __init__(self):
        super().__init__()
        self.queue = FairQueue(flow, 10, {0: 5})
        self.ready = {}
        self.held = []
        self.numbers = itertools.count()
        # How many keys were taken since a flow could have been served, for flows that wait with a key of priority 1.
        self.passed_over = Counter()

    @rule(name=FLOWS, count=st.integers(1, 12), priority=st.sampled_from([0, 1]))
    def add(self, name, count, priority):
        for _ in range(count):
            key = name, next(self.numbers)
            self.queue.add(key, priority)
            self.ready[key] = priority

    @precondition(lambda self: self.ready)
    @rule(data=st.data())
    def add_again(self, data):
        key = data.draw(st.sampled_from(sorted(self.ready)))
        self.queue.add(key, 1)
        self.ready[key] = 1

    @precondition(lambda self: self.ready)
    @rule(data=st.data())
    def discard(self, data):
        key = data.draw(st.sampled_from(sorted(self.ready)))
        self.queue.discard(key)
        del self.ready[key]

    @rule()
    def take(self):
        holding = Counter(key[0] for key, _priority in self.held)
        waiting = {name for name, _number in self.ready}
        newcomers = {name for (name, _number), priority in self.ready.items() if priority and not holding[name]}
        taken = self.queue.take()
        if taken is None:
            assert not self.ready or len(self.held) >= 2, "an idle queue hands out what is ready"
            assert not newcomers or len(self.held) == 10
            return
        key, priority = taken
        assert self.ready.pop(key) == priority
        name = key[0]
        if holding[name]:
            assert len(self.held) < 8, "the last fifth is for flows without a place"
            assert waiting == {name} or holding[name] < 2, "others wait: a quarter at most"
        for other in newcomers - {name}:
            self.passed_over[other] += 1
            assert self.passed_over[other] <= 5, "each of the others had its turn"
        self.passed_over.pop(name, None)
        self.held.append(taken)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def release(self, data):
        self.queue.release(*self.held.pop(data.draw(st.integers(0, len(self.held) - 1))))

    @invariant()
    def limits_are_kept(self):
        assert len(self.queue) == len(self.ready)
        assert len(self.held) <= 10
        assert sum(priority == 0 for _key, priority in self.held) <= 5

    def teardown(self):
        """Everything is handed out in the end, once."""
        while self.ready or self.held:
            while (taken := self.queue.take()) is not None:
                del self.ready[taken[0]]
                self.held.append(taken)
            assert self.held
            self.queue.release(*self.held.pop(0))


FairQueueMachine.TestCase.settings = settings(stateful_step_count=40)
TestFairQueue = FairQueueMachine.TestCase
