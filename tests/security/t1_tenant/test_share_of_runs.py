# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant changes a thousand MCPServers again and again, so that the operator never gets to those of others."""

from __future__ import annotations

import pytest
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile.batch_queue import BatchQueue
from mcp_operator.reconcile.queue_types import Priority, QueueLimits, ReconcileResult

# Seconds that a run of a full batch takes.
RUN = 5.0


class Flood:
    """An operator with two runs, and a tenant that changes all objects during each run."""

    def __init__(self, objects, result):
        self.now = 0.0
        self.queue = BatchQueue(QueueLimits(max_runs=2), Backoff(chance=lambda: 0.5), clock=lambda: self.now)
        self.objects, self.result = objects, result

    def change(self):
        for number in range(self.objects):
            self.queue.add(Key("MCPServer", "evil", f"s{number}"), Priority.USER, size=1000)

    def runs(self, count):
        """Let runs end, one after the other, and return when an object of another namespace ran; None if it did not."""
        running = []
        for _ in range(count):
            while (batch := self.queue.next_batch()) is not None:
                if any(key.namespace != "evil" for key in batch.keys):
                    return self.now
                running.append(batch)
            self.now += RUN / 2 if running else self.queue.next_due()
            for key in running.pop(0).keys if running else ():
                self.queue.done(key, self.result)
            self.change()
        return None


@pytest.mark.parametrize("priority", list(Priority))
@pytest.mark.parametrize("result", [ReconcileResult.DONE, ReconcileResult.FAILED, ReconcileResult.BATCH_FAILED])
def test_a_thousand_objects_that_always_change_delay_another_tenant_by_two_runs(priority, result):
    flood = Flood(1_000, result)
    flood.change()
    flood.runs(6)
    began = flood.now
    flood.queue.add(Key("MCPServer", "good", "s"), priority)
    ran = flood.runs(40)
    assert ran is not None
    assert ran - began <= 2 * RUN
