# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile import batch_queue
from mcp_operator.reconcile.batch_queue import BatchQueue
from mcp_operator.reconcile.queue_types import Phase, Priority, QueueLimits, ReconcileResult, WatchLimits


@pytest.fixture
def queue(clock):
    return BatchQueue(QueueLimits(max_runs=2), Backoff(chance=lambda: 0.5), clock=clock)


def key(name, watch="Toy"):
    return Key(watch, "team", str(name))


def add(queue, *names, priority=Priority.USER, **kwargs):
    for name in names:
        queue.add(key(name), priority, **kwargs)


def names(batch):
    return None if batch is None else [entry.name for entry in batch.keys]


def end(queue, batch, result=ReconcileResult.DONE):
    for entry in batch.keys:
        queue.done(entry, result)


def test_a_single_change_runs_at_once(queue):
    add(queue, "one")
    assert names(queue.next_batch()) == ["one"]
    assert queue.next_batch() is None


def test_changes_during_a_run_form_the_next_batch(queue):
    add(queue, "one")
    first = queue.next_batch()
    add(queue, "two", "three", "four")
    assert queue.next_batch() is None
    end(queue, first)
    assert names(queue.next_batch()) == ["two", "three", "four"]


def test_an_object_that_changed_often_runs_once(queue):
    for _ in range(50):
        add(queue, "one")
    end(queue, queue.next_batch())
    assert queue.next_batch() is None
    assert len(queue) == 0


def test_a_change_during_the_run_is_picked_up_after_it(queue):
    add(queue, "one")
    batch = queue.next_batch()
    for _ in range(50):
        add(queue, "one")
    assert queue.next_batch() is None
    end(queue, batch)
    assert names(queue.next_batch()) == ["one"]


def test_higher_priorities_run_first(queue):
    add(queue, "busy")
    busy = queue.next_batch()
    add(queue, "periodic", priority=Priority.PERIODIC)
    add(queue, "child", priority=Priority.DEPENDENT)
    add(queue, "user")
    end(queue, busy)
    assert names(queue.next_batch()) == ["user", "child", "periodic"]


def test_an_object_that_has_waited_long_gets_the_highest_priority(queue, clock):
    queue = BatchQueue(QueueLimits(batch_objects=1, max_runs=1), clock=clock)
    add(queue, "periodic", priority=Priority.PERIODIC)
    clock.now += 61
    add(queue, "user")
    assert names(queue.next_batch()) == ["periodic"]


def test_a_failed_object_is_retried_after_a_backoff_in_another_batch(queue, clock):
    add(queue, "good", "poison")
    for entry in queue.next_batch().keys:
        queue.done(entry, ReconcileResult.FAILED if entry.name == "poison" else ReconcileResult.DONE)
    assert queue.next_batch() is None
    assert queue.next_due() == pytest.approx(1.0)
    clock.now += 1.0
    add(queue, "good", "other")
    assert [names(queue.next_batch()), names(queue.next_batch())] == [["good", "other"], ["poison"]]


def test_the_backoff_doubles_up_to_its_limit(queue, clock):
    add(queue, "poison")
    waited = []
    for _ in range(12):
        end(queue, queue.next_batch(), ReconcileResult.FAILED)
        waited.append(queue.next_due())
        clock.now += waited[-1]
    assert waited == [pytest.approx(s) for s in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300)]


def test_a_success_resets_the_failures(queue, clock):
    add(queue, "one")
    end(queue, queue.next_batch(), ReconcileResult.FAILED)
    clock.now += 1
    end(queue, queue.next_batch())
    add(queue, "one", "two")
    assert names(queue.next_batch()) == ["one", "two"]


def test_only_a_users_change_shortens_the_backoff(queue, clock):
    add(queue, "one")
    for _ in range(9):
        end(queue, queue.next_batch(), ReconcileResult.FAILED)
        clock.now += queue.next_due() if _ < 8 else 10
    add(queue, "one", priority=Priority.DEPENDENT)
    add(queue, "one", priority=Priority.PERIODIC)
    assert queue.next_batch() is None
    add(queue, "one")
    assert names(queue.next_batch()) == ["one"]


def test_changes_of_a_failing_object_cost_one_run_a_second_at_most(queue, clock):
    add(queue, "one")
    runs = 0
    for _ in range(50):  # in five seconds
        batch = queue.next_batch()
        if batch is not None:
            runs += 1
            add(queue, "one")
            end(queue, batch, ReconcileResult.FAILED)
        add(queue, "one")
        clock.now += 0.1
    assert runs in (5, 6)


def test_a_batch_that_failed_as_a_whole_is_split_until_the_faulty_object_is_alone(queue, clock):
    add(queue, *range(100))
    sizes, rounds = [], 0
    while len(queue):
        batch = queue.next_batch()
        if batch is None:
            clock.now += queue.next_due()
            rounds += 1
            continue
        sizes.append(len(batch.keys))
        end(queue, batch, ReconcileResult.BATCH_FAILED if key(42) in batch.keys else ReconcileResult.DONE)
        if sizes[-1] == 1:
            break
    assert sizes[0] == 100
    assert sizes[-1] == 1
    assert len(sizes) < 20
    assert rounds <= 4


def test_retries_never_take_the_last_run(queue, clock):
    add(queue, *(f"bad{number}" for number in range(60)))
    end(queue, queue.next_batch(), ReconcileResult.FAILED)
    clock.now += 2
    poison = queue.next_batch()
    assert (poison.is_retry, len(poison.keys)) == (True, 25)
    assert queue.next_batch() is None
    add(queue, "good")
    assert names(queue.next_batch()) == ["good"]


def test_finalizers_have_a_phase_and_a_run_of_their_own(queue):
    limits = QueueLimits(max_runs=1)
    queue = BatchQueue(limits)
    add(queue, "one")
    add(queue, "leaving", phase=Phase.FINALIZE)
    batches = [queue.next_batch(), queue.next_batch()]
    assert {(batch.phase, *names(batch)) for batch in batches} == {
        (Phase.RECONCILE, "one"),
        (Phase.FINALIZE, "leaving"),
    }


def test_an_object_deleted_while_running_is_finalized_after_the_run_and_its_backoff(queue):
    add(queue, "one")
    batch = queue.next_batch()
    add(queue, "one", phase=Phase.FINALIZE)
    assert queue.next_batch() is None
    end(queue, batch, ReconcileResult.FAILED)
    assert queue.next_batch() is None
    assert queue.next_due() == pytest.approx(1.0)


def test_a_discarded_object_is_removed(queue):
    add(queue, "one", "two")
    queue.discard(key("one"))
    batch = queue.next_batch()
    assert names(batch) == ["two"]
    queue.discard(key("two"))
    end(queue, batch, ReconcileResult.FAILED)
    assert len(queue) == 0


def test_an_object_added_again_after_discard_during_its_run_is_kept(queue):
    add(queue, "one")
    batch = queue.next_batch()
    queue.discard(key("one"))
    add(queue, "one")
    end(queue, batch)
    assert names(queue.next_batch()) == ["one"]


def test_batches_are_capped_by_count_and_bytes(clock):
    queue = BatchQueue(QueueLimits(max_runs=9, batch_objects=3, batch_bytes=100, second_batch_objects=1), clock=clock)
    add(queue, *"abcd", size=10)
    add(queue, *"efg", size=60)
    add(queue, "h", size=900)
    batches = []
    while (batch := queue.next_batch()) is not None:
        batches.append("".join(names(batch)))
    assert batches == ["abc", "de", "f", "g", "h"]


def test_watches_do_not_share_a_batch_but_the_slots(queue):
    queue.add(key("a", "Toy"), Priority.USER)
    queue.add(key("b", "Other"), Priority.USER)
    queue.add(key("c", "Third"), Priority.USER)
    assert [names(queue.next_batch()), names(queue.next_batch()), queue.next_batch()] == [["a"], ["b"], None]


def test_many_or_long_waiting_objects_start_a_second_batch(queue, clock):
    add(queue, "first")
    queue.next_batch()
    add(queue, *range(20))
    second = queue.next_batch()
    assert len(second.keys) == 20
    end(queue, second)
    add(queue, "late")
    assert queue.next_batch() is None
    clock.now += queue.next_due()
    assert names(queue.next_batch()) == ["late"]


def test_a_watch_may_have_lower_limits(clock):
    queue = BatchQueue(
        QueueLimits(max_runs=4), watches={"Toy": WatchLimits(batch_objects=1, running_objects=2)}, clock=clock
    )
    add(queue, *"abc")
    batches = [queue.next_batch(), queue.next_batch()]
    assert [names(batch) for batch in batches] == [["a"], ["b"]]
    assert queue.next_batch() is None
    end(queue, batches[0])
    assert names(queue.next_batch()) == ["c"]


def test_a_successful_object_may_be_scheduled_again(queue, clock):
    add(queue, "one")
    queue.done(queue.next_batch().keys[0], ReconcileResult.DONE, after=600)
    assert queue.next_due() == pytest.approx(600)
    clock.now += 600
    assert names(queue.next_batch()) == ["one"]


def test_interrupted_objects_run_again_without_a_backoff(queue):
    add(queue, "one", "two")
    end(queue, queue.next_batch(), ReconcileResult.INTERRUPTED)
    assert names(queue.next_batch()) == ["one", "two"]


def test_done_for_an_object_that_is_not_running_is_an_error(queue):
    add(queue, "one")
    with pytest.raises(KeyError):
        queue.done(key("one"), ReconcileResult.DONE)


def test_the_depth_counts_what_waits(queue):
    add(queue, "one", "two")
    add(queue, "later", after=5)
    add(queue, "leaving", phase=Phase.FINALIZE)
    assert (queue.depth(), len(queue)) == ({Phase.RECONCILE: 2, Phase.FINALIZE: 1}, 4)


def test_while_no_run_is_free_the_waiting_objects_are_not_looked_at(queue, monkeypatch):
    add(queue, "one")
    queue.next_batch()
    add(queue, *range(20))
    assert len(queue.next_batch().keys) == 20
    add(queue, *range(100, 400))
    looked_at = []
    is_due = batch_queue._is_due
    monkeypatch.setattr(batch_queue, "_is_due", lambda entry, now: looked_at.append(entry) or is_due(entry, now))
    for _ in range(100):
        assert (queue.next_batch(), queue.next_due()) == (None, None)
    assert looked_at == []
    add(queue, "deleted", phase=Phase.FINALIZE)
    assert names(queue.next_batch()) == ["deleted"], "finalizers have a run of their own"
