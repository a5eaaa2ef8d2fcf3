# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The work queue keeps the promises of client-go's: no key is lost, and none is processed twice at once."""

from __future__ import annotations

import threading

import pytest
from mcp_operator.backoff import Backoff
from mcp_operator.workqueue import Workers, WorkQueue

from support.clock import FakeClock, eventually, is_idle

BACKOFF = Backoff(first=1.0, most=8.0, jitter=0.0)


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


def test_a_delay_can_be_cancelled_alone(queue, clock):
    queue.add_after("a", 1.0)
    queue.add("a")
    queue.cancel_delay("a")
    queue.cancel_delay("unknown")
    assert drain(queue) == ["a"]
    clock.step(2.0)
    assert drain(queue) == []
    queue.add_after("a", 1.0)
    clock.step(1.0)
    assert drain(queue) == ["a"]


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


class CountingClock(FakeClock):
    """Counts how often a thread has ended a wait, in vain or not."""

    ended = 0

    def wait_until(self, condition, moment):
        super().wait_until(condition, moment)
        self.ended += 1  # the caller holds the lock of the condition


def test_a_key_wakes_up_the_worker_that_takes_it_and_the_one_that_waits_for_delays_instead():
    clock, done = CountingClock(), []
    queue = WorkQueue(clock=clock)
    workers = Workers("test", queue, done.append, count=8, clock=clock)
    queue.add_after("late", 1000.0)
    workers.start()
    eventually(lambda: clock.waiting == 8)
    for number in range(20):
        queue.discard("unknown")
        queue.add(number)
        eventually(lambda expected=number + 1: len(done) == expected and is_idle(queue) and clock.waiting == 8)
    assert clock.ended <= 2 * 20
    clock.step(1000.0)
    eventually(lambda: done[20:] == ["late"])
    queue.shut_down()
    workers.join(5)


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
