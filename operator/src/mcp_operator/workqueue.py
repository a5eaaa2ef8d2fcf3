# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A work queue as in client-go: deduplicated keys, delays, a rate limiter, and no key processed twice at once.

See https://pkg.go.dev/k8s.io/client-go/util/workqueue for the semantics that this module follows:

- A key that is added several times before it is processed is processed once.
- A key that is added while it is processed is processed again afterwards, never at the same time.
- Of several delays of one key the earliest wins. `WorkQueue.add` does not cancel a delay.

It differs in a few points. Keys have priorities, and the number of keys of one priority that are processed at once can
be limited. Keys can belong to flows, which share the workers fairly, see :mod:`mcp_operator.fair_queue`.
`WorkQueue.discard` drops a key that no longer needs to be processed, and `WorkQueue.cancel_delay` only its delay.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import typing as t
from collections.abc import Hashable

from .backoff import Backoff
from .clock import SYSTEM, Clock
from .fair_queue import FairQueue

_log = logging.getLogger(__name__)

# An idle worker wakes up this often, in seconds, to prove that it is alive.
_HEARTBEAT = 30.0


class _Delayed[K](t.NamedTuple):
    moment: float
    number: int  # keeps the order of equal moments, and keys from being compared
    key: K
    priority: int


class WorkQueue[K: Hashable]:
    """A thread-safe queue of keys.

    :param backoff: how long `add_rate_limited` delays a key.
    :param limits: for a priority, how many of its keys may be processed at once. Others are not limited.
    :param flow: returns the flow of a key, such as a namespace: flows take turns.
    :param places: how many workers there are, of which one flow does not get all; None if each key is quick.
    """

    def __init__(
        self,
        *,
        backoff: Backoff | None = None,
        limits: t.Mapping[int, int] | None = None,
        flow: t.Callable[[K], Hashable] | None = None,
        places: int | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._changed = threading.Condition()
        self._ready = FairQueue[K](flow, places, limits or {})
        self._processing: dict[K, int] = {}
        # Added while they are processed.
        self._dirty: dict[K, int] = {}
        # The delay that counts for each key; the heap also holds those that it has replaced.
        self._delays: dict[K, _Delayed[K]] = {}
        self._heap: list[_Delayed[K]] = []
        self._numbers = itertools.count()
        self._failures: dict[K, int] = {}
        # Only one thread waits for the next delay to end. Without it, every delay would wake up every worker.
        self._leader: object = None
        self._shutting_down = self._draining = False

    def __len__(self) -> int:
        """Return how many keys are ready, whether or not there is a place for them."""
        with self._changed:
            self._end_delays()
            return len(self._ready)

    @property
    def shutting_down(self) -> bool:
        """Whether `shut_down` was called."""
        return self._shutting_down

    def add(self, key: K, priority: int = 0) -> None:
        """Make a key ready to be processed.

        :param priority: keys of a higher one are processed first. Of several for one key the highest wins.
        """
        with self._changed:
            if not self._shutting_down and self._add(key, priority):
                self._changed.notify()

    def add_after(self, key: K, seconds: float, priority: int = 0) -> None:
        """Make a key ready after some seconds, unless an earlier delay of it is pending."""
        if seconds <= 0:
            self.add(key, priority)
            return
        with self._changed:
            moment = self._clock.now() + seconds
            known = self._delays.get(key)
            if self._shutting_down or (known is not None and known.moment <= moment):
                return
            delayed = self._delays[key] = _Delayed(moment, next(self._numbers), key, priority)
            heapq.heappush(self._heap, delayed)
            self._compact()
            if self._heap[0] is delayed:
                self._leader = None  # it waits for a later moment than this
                self._changed.notify()

    def add_rate_limited(self, key: K, priority: int = 0) -> None:
        """Make a key ready after the delay for the number of times that this was called since `forget`."""
        with self._changed:
            self._failures[key] = self._failures.get(key, 0) + 1
            self.add_after(key, self._backoff.delay(self._failures[key]), priority)

    def forget(self, key: K) -> None:
        """Reset the rate limiter for a key. This does not remove the key from the queue."""
        with self._changed:
            self._failures.pop(key, None)

    def num_requeues(self, key: K) -> int:
        """Return how often `add_rate_limited` was called for a key since `forget`."""
        with self._changed:
            return self._failures.get(key, 0)

    def discard(self, key: K) -> None:
        """Drop a key with its delay and its rate limit. A key that is being processed still needs `done`."""
        with self._changed:
            self._ready.discard(key)
            self._dirty.pop(key, None)
            self._delays.pop(key, None)
            self._failures.pop(key, None)
            self._compact()
            self._wake_up()  # another flow may exceed its share now

    def cancel_delay(self, key: K) -> None:
        """Drop the delay of a key, if it has one: what the key waits for happens now, or not at all."""
        with self._changed:
            self._delays.pop(key, None)

    def get(self, timeout: float | None = None) -> K | None:
        """Return the next key to process; the caller must pass it to `done`.

        :param timeout: seconds to wait for a key; 0 does not block, and None waits until there is one.
        :returns: None after the timeout, and once the queue is shut down.
        """
        with self._changed:
            end = None if timeout is None else self._clock.now() + timeout
            while True:
                self._end_delays()
                key = None if self._shutting_down and not self._draining else self._take()
                if key is not None or self._shutting_down or (end is not None and self._clock.now() >= end):
                    self._wake_up()
                    return key
                self._wait(end)

    def done(self, key: K) -> None:
        """Note that a key was processed. If it was added meanwhile, it becomes ready again.

        :raises KeyError: the key is not being processed.
        """
        with self._changed:
            self._ready.release(key, self._processing.pop(key))
            priority = self._dirty.pop(key, None)
            if priority is not None:
                self._add(key, priority)
            self._wake_up()  # there is this key, or a place

    def shut_down(self, *, drain: bool = False) -> None:
        """Accept no more keys, and let `get` return None.

        :param drain: hand out the keys that are ready first. Delayed keys are dropped.
        """
        with self._changed:
            self._shutting_down, self._draining = True, drain
            self._delays.clear()
            self._heap.clear()
            self._changed.notify_all()

    def _add(self, key: K, priority: int) -> bool:
        """Add a key; return whether a worker may be able to take it now, and was not before."""
        if key in self._processing:
            self._dirty[key] = max(priority, self._dirty.get(key, priority))
            return False
        return self._ready.add(key, priority)

    def _wake_up(self) -> None:
        """Wake up one idle worker if a key is ready, or if no worker waits for the next delay to end.

        Each worker that wakes up in vain costs as much as the computation of a status.
        """
        if self._ready or (self._heap and self._leader is None):
            self._changed.notify()

    def _end_delays(self) -> None:
        """Make the keys ready whose delay has ended."""
        now = self._clock.now()
        while self._heap and (self._is_replaced(self._heap[0]) or self._heap[0].moment <= now):
            delayed = heapq.heappop(self._heap)
            if not self._is_replaced(delayed):
                del self._delays[delayed.key]
                self._add(delayed.key, delayed.priority)

    def _take(self) -> K | None:
        taken = self._ready.take()
        if taken is None:
            return None
        key, priority = taken
        self._processing[key] = priority
        return key

    def _wait(self, end: float | None) -> None:
        moment, token = end, object()
        if self._leader is None and self._heap:
            self._leader = token
            moment = self._heap[0].moment if end is None else min(self._heap[0].moment, end)
        try:
            self._clock.wait_until(self._changed, moment)
        finally:
            if self._leader is token:
                self._leader = None

    def _is_replaced(self, delayed: _Delayed[K]) -> bool:
        return self._delays.get(delayed.key) is not delayed

    def _compact(self) -> None:
        """Rebuild the heap when most of it is replaced or discarded."""
        if len(self._heap) > 64 and len(self._heap) > 2 * len(self._delays):
            self._heap = list(self._delays.values())
            heapq.heapify(self._heap)


class Workers[K: Hashable]:
    """Threads that process the keys of a queue until it is shut down.

    :param process: is called with each key, in one of the threads. An exception is logged, and the key is not retried.
    :param count: number of threads.
    :param longest: seconds that `process` may take for one key, as far as `last_turn` is concerned.
    """

    def __init__(
        self,
        name: str,
        queue: WorkQueue[K],
        process: t.Callable[[K], None],
        *,
        count: int = 1,
        longest: float = 0.0,
        clock: Clock = SYSTEM,
    ) -> None:
        self._name = name
        self._queue = queue
        self._process = process
        self._longest = longest
        self._clock = clock
        self._turns = [clock.now()] * count
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]

    @property
    def last_turn(self) -> float:
        """When the thread that is stuck for the longest time last took a key or woke up, in monotonic seconds."""
        return min(self._clock.now(), min(self._turns) + self._longest)

    def start(self) -> None:
        """Start the threads."""
        self._turns = [self._clock.now()] * len(self._threads)
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> None:
        """Wait for the threads to end, which they do after `WorkQueue.shut_down`; for some seconds in all at most."""
        end = self._clock.now() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, end - self._clock.now()))

    def _run(self, number: int) -> None:
        while True:
            self._turns[number] = self._clock.now()
            key = self._queue.get(_HEARTBEAT)
            if key is not None:
                try:
                    self._process(key)
                except Exception:
                    _log.exception("Failed to process %s in %s", key, self._name)
                finally:
                    self._queue.done(key)
            elif self._queue.shutting_down:
                return
