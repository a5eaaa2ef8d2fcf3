# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Who gets the places of a batch where namespaces compete, and that none of them starves."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile import batch_share
from mcp_operator.reconcile.batch_queue import BatchQueue
from mcp_operator.reconcile.queue_types import Priority, QueueLimits, ReconcileResult

from .conftest import Clock


def make(clock, **limits):
    return BatchQueue(QueueLimits(max_runs=1, **limits), Backoff(chance=lambda: 0.5), clock=clock)


@pytest.fixture
def queue(clock):
    return make(clock, batch_objects=20)


def add(queue, namespace, count, priority=Priority.USER, **kwargs):
    for number in range(count):
        queue.add(Key("Toy", namespace, f"{priority}-{number}"), priority, **kwargs)


def run(queue, result=ReconcileResult.DONE):
    """Run the next batch, and return how many objects of each namespace it has."""
    batch = queue.next_batch()
    for key in batch.keys:
        queue.done(key, result)
    return Counter(key.namespace for key in batch.keys)


def test_a_namespace_alone_gets_the_whole_batch(queue):
    add(queue, "evil", 100)
    assert run(queue) == {"evil": 20}


def test_namespaces_take_turns(queue):
    add(queue, "evil", 100)
    add(queue, "good", 8)
    add(queue, "other", 1)
    assert run(queue) == {"evil": 11, "good": 8, "other": 1}


def test_more_urgent_objects_beyond_a_quarter_of_the_batch_wait_for_those_of_others(queue):
    add(queue, "evil", 100)
    add(queue, "good", 10, Priority.PERIODIC)
    add(queue, "other", 3, Priority.DEPENDENT)
    assert run(queue) == {"evil": 12, "good": 5, "other": 3}


def test_within_a_namespace_the_more_urgent_go_first(queue):
    add(queue, "team", 5, Priority.PERIODIC)
    add(queue, "team", 18, Priority.USER)
    add(queue, "team", 5, Priority.DEPENDENT)
    assert [key.name[0] for key in queue.next_batch().keys] == ["2"] * 18 + ["1"] * 2


def test_batches_of_one_object_take_turns_too(clock):
    queue = make(clock, batch_objects=1)
    add(queue, "evil", 100)
    clock.now += 1
    add(queue, "good", 3)
    assert [*map(list, (run(queue) for _ in range(6)))] == [["evil"], ["good"], ["evil"], ["good"], ["evil"], ["good"]]


def test_large_objects_of_one_namespace_take_turns_too(clock):
    queue = make(clock, batch_objects=20, batch_bytes=100)
    add(queue, "evil", 100, size=40)
    add(queue, "good", 1, size=10)
    assert run(queue) == {"evil": 2, "good": 1}


def test_objects_that_fail_share_the_batches_of_retries(queue, clock):
    add(queue, "evil", 100)
    for _ in range(5):
        run(queue, ReconcileResult.FAILED)
    add(queue, "good", 1)
    run(queue, ReconcileResult.FAILED)
    clock.now += 2
    assert run(queue)["good"] == 1


def test_no_more_namespaces_are_remembered_than_needed(clock, monkeypatch):
    monkeypatch.setattr(batch_share, "_KNOWN", 10)
    queue = make(clock)
    for number in range(100):
        add(queue, f"n{number}", 1)
        run(queue)
    assert len(queue._share._served) <= 11


@given(
    hostile=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    places=st.integers(1, 12),
    priority=st.sampled_from(Priority),
    refilled=st.booleans(),
)
def test_a_newcomer_is_in_one_of_the_next_batches_whatever_the_others_queue(hostile, places, priority, refilled):
    clock = Clock()
    queue = make(clock, batch_objects=places)

    def refill():
        for name, count in enumerate(hostile):
            add(queue, f"evil-{name}", count)

    refill()
    run(queue)
    clock.now += 1
    queue.add(Key("Toy", "good", "one"), priority)
    if priority is not Priority.USER:
        clock.now += 60  # as urgent as any other by then
    # Each of the others may have its turn before.
    for _ in range(-(-(len(hostile) + 1) // places)):
        if refilled:
            refill()
        if "good" in run(queue):
            return
    raise AssertionError("it had no turn")
