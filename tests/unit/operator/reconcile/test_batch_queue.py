# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile.batch_queue import Queue
from mcp_operator.reconcile.queue_types import Lane, Limits, Priority, Verdict, WatchLimits


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return Queue(Limits(slots=2), Backoff(chance=lambda: 0.5), clock=clock)


def key(name, watch="Toy"):
    return Key(watch, "team", str(name))


def add(queue, *names, priority=Priority.USER, **kwargs):
    for name in names:
        queue.add(key(name), priority, **kwargs)


def names(batch):
    return None if batch is None else [entry.name for entry in batch.keys]


def end(queue, batch, verdict=Verdict.DONE):
    for entry in batch.keys:
        queue.done(entry, verdict)


def test_a_lonely_change_goes_at_once(queue):
    add(queue, "one")
    assert names(queue.take()) == ["one"]
    assert queue.take() is None


def test_what_comes_during_a_run_goes_together_after_it(queue):
    add(queue, "one")
    first = queue.take()
    add(queue, "two", "three", "four")
    assert queue.take() is None
    end(queue, first)
    assert names(queue.take()) == ["two", "three", "four"]


def test_an_object_that_changed_often_runs_once(queue):
    for _ in range(50):
        add(queue, "one")
    end(queue, queue.take())
    assert queue.take() is None
    assert len(queue) == 0


def test_a_change_during_the_run_is_picked_up_after_it(queue):
    add(queue, "one")
    batch = queue.take()
    for _ in range(50):
        add(queue, "one")
    assert queue.take() is None
    end(queue, batch)
    assert names(queue.take()) == ["one"]


def test_the_urgent_go_first(queue):
    add(queue, "busy")
    busy = queue.take()
    add(queue, "periodic", priority=Priority.PERIODIC)
    add(queue, "child", priority=Priority.CHILD)
    add(queue, "user")
    end(queue, busy)
    assert names(queue.take()) == ["user", "child", "periodic"]


def test_what_waited_long_enough_is_urgent_too(queue, clock):
    queue = Queue(Limits(count=1, slots=1), clock=clock)
    add(queue, "periodic", priority=Priority.PERIODIC)
    clock.now += 61
    add(queue, "user")
    assert names(queue.take()) == ["periodic"]


def test_a_failed_object_waits_and_comes_back_alone(queue, clock):
    add(queue, "good", "poison")
    for entry in queue.take().keys:
        queue.done(entry, Verdict.FAILED if entry.name == "poison" else Verdict.DONE)
    assert queue.take() is None
    assert queue.next_due() == pytest.approx(1.0)
    clock.now += 1.0
    add(queue, "good", "other")
    assert [names(queue.take()), names(queue.take())] == [["good", "other"], ["poison"]]


def test_waiting_doubles_up_to_a_few_minutes(queue, clock):
    add(queue, "poison")
    waited = []
    for _ in range(12):
        end(queue, queue.take(), Verdict.FAILED)
        waited.append(queue.next_due())
        clock.now += waited[-1]
    assert waited == [pytest.approx(s) for s in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300)]


def test_a_success_ends_the_memory_of_failures(queue, clock):
    add(queue, "one")
    end(queue, queue.take(), Verdict.FAILED)
    clock.now += 1
    end(queue, queue.take())
    add(queue, "one", "two")
    assert names(queue.take()) == ["one", "two"]


def test_only_a_users_change_ends_the_waiting(queue, clock):
    add(queue, "one")
    for _ in range(9):
        end(queue, queue.take(), Verdict.FAILED)
        clock.now += queue.next_due() if _ < 8 else 10
    add(queue, "one", priority=Priority.CHILD)
    add(queue, "one", priority=Priority.PERIODIC)
    assert queue.take() is None
    add(queue, "one")
    assert names(queue.take()) == ["one"]


def test_changes_of_a_failing_object_cost_one_run_a_second_at_most(queue, clock):
    add(queue, "one")
    runs = 0
    for _ in range(50):  # in five seconds
        batch = queue.take()
        if batch is not None:
            runs += 1
            add(queue, "one")
            end(queue, batch, Verdict.FAILED)
        add(queue, "one")
        clock.now += 0.1
    assert runs in (5, 6)


def test_a_batch_that_failed_as_a_whole_comes_back_in_parts_until_the_poison_is_alone(queue, clock):
    add(queue, *range(100))
    sizes, rounds = [], 0
    while len(queue):
        batch = queue.take()
        if batch is None:
            clock.now += queue.next_due()
            rounds += 1
            continue
        sizes.append(len(batch.keys))
        end(queue, batch, Verdict.BATCH_FAILED if key(42) in batch.keys else Verdict.DONE)
        if sizes[-1] == 1:
            break
    assert sizes[0] == 100
    assert sizes[-1] == 1
    assert len(sizes) < 20
    assert rounds <= 4


def test_poison_never_takes_the_last_slot(queue, clock):
    add(queue, *(f"bad{number}" for number in range(60)))
    end(queue, queue.take(), Verdict.FAILED)
    clock.now += 2
    poison = queue.take()
    assert (poison.alone, len(poison.keys)) == (True, 25)
    assert queue.take() is None
    add(queue, "good")
    assert names(queue.take()) == ["good"]


def test_finalizers_have_their_own_lane_and_slot(queue):
    limits = Limits(slots=1)
    queue = Queue(limits)
    add(queue, "one")
    add(queue, "leaving", lane=Lane.FINALIZE)
    batches = [queue.take(), queue.take()]
    assert {(batch.lane, *names(batch)) for batch in batches} == {(Lane.RECONCILE, "one"), (Lane.FINALIZE, "leaving")}


def test_deleted_while_running_goes_to_the_finalizers_lane_after_the_run(queue):
    add(queue, "one")
    batch = queue.take()
    add(queue, "one", lane=Lane.FINALIZE)
    assert queue.take() is None
    end(queue, batch, Verdict.FAILED)
    assert queue.take() is None
    assert queue.next_due() == pytest.approx(1.0)


def test_what_is_gone_is_forgotten(queue):
    add(queue, "one", "two")
    queue.forget(key("one"))
    batch = queue.take()
    assert names(batch) == ["two"]
    queue.forget(key("two"))
    end(queue, batch, Verdict.FAILED)
    assert len(queue) == 0


def test_what_comes_back_during_its_run_is_not_forgotten(queue):
    add(queue, "one")
    batch = queue.take()
    queue.forget(key("one"))
    add(queue, "one")
    end(queue, batch)
    assert names(queue.take()) == ["one"]


def test_batches_are_capped_by_count_and_bytes(clock):
    queue = Queue(Limits(slots=9, count=3, size=100, eager=1), clock=clock)
    add(queue, *"abcd", size=10)
    add(queue, *"efg", size=60)
    add(queue, "h", size=900)
    batches = []
    while (batch := queue.take()) is not None:
        batches.append("".join(names(batch)))
    assert batches == ["abc", "de", "f", "g", "h"]


def test_watches_do_not_share_a_batch_but_the_slots(queue):
    queue.add(key("a", "Toy"), Priority.USER)
    queue.add(key("b", "Other"), Priority.USER)
    queue.add(key("c", "Third"), Priority.USER)
    assert [names(queue.take()), names(queue.take()), queue.take()] == [["a"], ["b"], None]


def test_many_waiting_or_long_waiting_are_worth_a_second_batch(queue, clock):
    add(queue, "first")
    queue.take()
    add(queue, *range(20))
    second = queue.take()
    assert len(second.keys) == 20
    end(queue, second)
    add(queue, "late")
    assert queue.take() is None
    clock.now += queue.next_due()
    assert names(queue.take()) == ["late"]


def test_a_watch_may_allow_less(clock):
    queue = Queue(Limits(slots=4), watches={"Toy": WatchLimits(batch=1, running=2)}, clock=clock)
    add(queue, *"abc")
    batches = [queue.take(), queue.take()]
    assert [names(batch) for batch in batches] == [["a"], ["b"]]
    assert queue.take() is None
    end(queue, batches[0])
    assert names(queue.take()) == ["c"]


def test_after_a_good_run_it_may_be_wanted_again(queue, clock):
    add(queue, "one")
    queue.done(queue.take().keys[0], Verdict.DONE, after=600)
    assert queue.next_due() == pytest.approx(600)
    clock.now += 600
    assert names(queue.take()) == ["one"]


def test_an_interrupted_run_is_nobodys_fault(queue):
    add(queue, "one", "two")
    end(queue, queue.take(), Verdict.INTERRUPTED)
    assert names(queue.take()) == ["one", "two"]


def test_who_does_not_run_cannot_end(queue):
    add(queue, "one")
    with pytest.raises(KeyError):
        queue.done(key("one"), Verdict.DONE)


def test_the_depth_counts_what_waits(queue):
    add(queue, "one", "two")
    add(queue, "later", after=5)
    add(queue, "leaving", lane=Lane.FINALIZE)
    assert (queue.depth(), len(queue)) == ({Lane.RECONCILE: 2, Lane.FINALIZE: 1}, 4)


def test_thousands_are_taken_quickly(clock):
    queue = Queue(Limits(slots=1), clock=clock)
    add(queue, *range(5000))
    taken = 0
    while (batch := queue.take()) is not None:
        taken += len(batch.keys)
        end(queue, batch)
    assert taken == 5000
