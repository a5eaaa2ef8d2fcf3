# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Lets time pass for the status controller of a test, as fast as its threads allow."""

from __future__ import annotations

import threading
import time

from support.clock import is_idle


class CountedPool:
    """An executor that knows whether it works."""

    def __init__(self, pool):
        self.busy = 0
        self._lock = threading.Lock()
        self._pool = pool
        self.shutdown = pool.shutdown

    def submit(self, work, *args):
        def counted():
            try:
                work(*args)
            finally:
                with self._lock:
                    self.busy -= 1

        with self._lock:
            self.busy += 1
        return self._pool.submit(counted)


class SteppedTime:
    """A part of the cluster: what tests wait for."""

    @property
    def queues(self):
        parts = self.controller
        credentials = parts._credentials.queue
        return (parts.queue, parts._publisher.queue, parts._gate_writer.queue, parts._recorder.queue, credentials)

    def is_quiet(self):
        """Tell whether nothing happens until time passes, or until the gate is opened."""
        # Twice: a probe that ends after the other queues were looked at has something to do for them.
        return self._seems_quiet() and self._seems_quiet()

    def _seems_quiet(self):
        probes = self.controller._scheduler.queue
        held = not self.gate.is_set() and self.held == len(probes._processing) > 0
        busy = any(pool.busy for pool in self.pools) or not all(is_idle(queue) for queue in self.queues)
        return not busy and (is_idle(probes) or held)

    def settle(self, seconds=10):
        """Wait in real time until nothing happens any more."""
        deadline = time.monotonic() + seconds
        while not self.is_quiet():
            assert time.monotonic() < deadline, (self.status(), self.asked)
            time.sleep(0.0002)

    def holds(self, probes, seconds=10):
        """Wait in real time until so many probes are held."""
        deadline = time.monotonic() + seconds
        while self.held < probes:
            assert time.monotonic() < deadline, (self.held, self.asked)
            time.sleep(0.0002)

    def step(self, most):
        """Let time pass until the operator has something to do, or for so many seconds."""
        queues = (*self.queues, self.controller._scheduler.queue)
        moments = [delay.moment for queue in queues for delay in list(queue._delays.values())]
        self.clock.step(max(0.0, min([most, *(moment - self.clock.now() for moment in moments)])))

    def until(self, check, seconds=1000):
        """Let time pass until something has happened."""
        end, deadline = self.clock.now() + seconds, time.monotonic() + 10
        while not check():
            assert self.clock.now() < end, (self.status(), self.asked)
            assert time.monotonic() < deadline, (self.status(), self.asked)
            if self.is_quiet() and not check():
                self.step(end - self.clock.now())
            else:
                time.sleep(0.0002)

    def rests(self, seconds=0.3):
        """Let time pass until nothing has been written for a while."""
        self.settle()
        count, end = len(self.writes), self.clock.now() + seconds
        while self.clock.now() < end:
            self.step(end - self.clock.now())
            self.settle()
            if len(self.writes) != count:
                count, end = len(self.writes), self.clock.now() + seconds
