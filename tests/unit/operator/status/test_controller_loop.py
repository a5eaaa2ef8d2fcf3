# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The loops of the status controller: what they retry, what they leave alone, and how they show that they turn."""

from __future__ import annotations

import sys
import threading

from mcp_operator._vendor._workload import names
from mcp_operator._vendor._workload.probe_spec import probe_spec
from mcp_operator.runs.run_request import HostOutcome, HostResult
from mcp_operator.status import applied_specs
from mcp_operator.workloads.snapshot import generation

from support.clock import eventually

from ..fake_workload import SERVER, bad


def test_a_process_that_does_not_lead_writes_nothing_until_it_leads_again(running):
    writes = len(running.writes)
    running.leading = False
    item = running.server()
    running.put(SERVER, {**item, "status": {**item["status"], "phase": "Failed"}})
    running.rests(60)
    assert len(running.writes) == writes
    running.leading = True
    running.until(lambda: running.is_in("Running"), seconds=3)


def test_a_write_that_fails_is_retried(cluster):
    cluster.down = True
    cluster.create()
    cluster.rests()
    assert cluster.status() == {}
    cluster.down = False
    cluster.becomes("Creating")
    assert len(cluster.writes) == 1


def test_an_observation_that_fails_is_repeated_without_a_change(cluster):
    observer, failures = cluster.controller._observer, [ValueError("two"), ValueError("one")]
    observe = observer.observe

    def fail(key, server):
        if failures:
            raise failures.pop()
        return observe(key, server)

    observer.observe = fail
    cluster.create()
    cluster.rests()
    cluster.becomes("Creating")
    assert failures == []
    assert cluster.controller.queue.num_requeues(SERVER) == 0


def test_conditions_of_other_controllers_are_no_reason_to_write(running):
    item = running.server()
    foreign = {"type": "Successful", "status": "True", "reason": "Successful"}
    conditions = [*item["status"]["conditions"], foreign]
    writes = len(running.writes)
    running.put(SERVER, {**item, "status": {**item["status"], "conditions": conditions}})
    running.rests()
    assert len(running.writes) == writes
    running.put(SERVER, {**item, "status": {**item["status"], "phase": "Failed"}})
    running.becomes("Running")


def test_the_record_of_a_reconciliation_is_written_with_the_status(running):
    good = HostResult(outcome=HostOutcome.SUCCEEDED)
    running.controller.record_run(SERVER, running.server(), good, "a.b.c")
    running.rests()
    assert running.server()["status"][names.RECORD_FIELD] == "a.b.c"
    running.controller.record_run(SERVER, running.server(), good)
    running.rests()
    assert running.server()["status"][names.RECORD_FIELD] == "a.b.c"


def test_the_write_of_a_record_is_not_observed(running):
    """It happens for each MCPServer of a fleet that has come to rest."""
    observer, seen = running.controller._observer, []
    observe = observer.observe
    observer.observe = lambda key, server: (seen.append(key), observe(key, server))[1]

    def write(**changes):
        item = running.server()
        running.put(SERVER, {**item, "status": {**item["status"], **changes}})
        running.settle()

    write(**{names.RECORD_FIELD: "0123456789", "lastReconcileTime": "2026-01-01T00:00:00Z"})
    write(**{names.RECORD_FIELD: "9876543210", "lastReconcileTime": "2026-01-01T00:00:01Z"})
    assert seen == []
    write(phase="Failed")
    assert SERVER in seen


def test_a_process_that_does_not_lead_any_more_writes_no_record_at_its_end(running):
    running.leading = False
    running.controller.record_run(SERVER, running.server(), HostResult(outcome=HostOutcome.SUCCEEDED), "a.b.c")
    running.controller.stop()
    assert names.RECORD_FIELD not in running.server()["status"]


def test_the_end_of_the_process_writes_the_records_of_the_last_runs(running):
    running.controller.record_run(SERVER, running.server(), HostResult(outcome=HostOutcome.SUCCEEDED), "a.b.c")
    running.controller.stop()
    assert running.server()["status"][names.RECORD_FIELD] == "a.b.c"


def test_a_retry_that_is_requested_while_the_server_is_observed_is_not_lost(running):
    """A gate that cannot be written is tried again, also where an observation is under way that plans no other."""
    observer, seen = running.controller._observer, []
    look = observer.observe

    def look_and_fail(key, server):
        found = look(key, server)
        seen.append(found.again)
        if len(seen) == 1:
            running.controller._gate_writer._on_failure(key)
        return found

    observer.observe = look_and_fail
    running.deploy(ready=1, collisionCount=1)
    running.settle()
    assert seen == [None]
    running.rests(2.0)
    assert len(seen) == 2


def test_what_is_left_of_a_deleted_server_is_not_observed(running):
    observer, forgotten = running.controller._observer, []
    forget = observer.forget
    observer.forget = lambda key: (forgotten.append(key), forget(key))
    running.store.remove(SERVER)
    running.settle()
    assert forgotten == [SERVER]
    for name, item in dict(running.store._objects).items():
        running.put(name, {**item, "metadata": {**item["metadata"], "deletionTimestamp": running.now()}})
        running.store.remove(name)
        running.settle()
    assert (len(running.store), forgotten) == (0, [SERVER])


def observed(running):
    """Return a list to which each observation adds the key of its server."""
    observer, seen = running.controller._observer, []
    look = observer.observe
    observer.observe = lambda key, server: seen.append(key) or look(key, server)
    return seen


def test_an_observation_that_was_planned_is_dropped_after_another_one(running):
    seen = observed(running)
    running.change(image="w:2")
    running.deploy(template=1, ready=1, observed=False)
    running.settle()
    running.deploy(template=2, ready=0, pods=1)
    running.settle()
    count = len(seen)
    running.rests(8.0)
    assert len(seen) == count


def test_changes_of_a_fleet_that_starts_are_collected(running):
    """For up to half a second where they complete nothing, and for a tenth where they may."""
    seen = observed(running)
    running.controller._publisher._unsettled.update(range(100))
    for number in range(20):
        running.deploy(ready=1, collisionCount=number + 1)
        running.clock.step(0.05)
        running.settle()
    assert len(seen) <= 2
    count = len(seen)
    running.pod(container="c2")
    running.clock.step(0.11)
    running.settle()
    assert len(seen) == count + 1
    running.deploy(ready=0)
    running.clock.step(0.11)
    running.settle()
    assert len(seen) >= count + 2


def test_a_change_of_nothing_that_is_kept_is_not_observed(running):
    seen = observed(running)
    for key, item in dict(running.store._objects).items():
        running.put(key, item)
    running.settle()
    assert seen == []
    running.deploy(ready=1, collisionCount=1)
    running.settle()
    assert seen == [SERVER]


def test_an_observation_of_a_server_that_has_not_changed_makes_few_calls(running):
    """Each MCPServer is observed some twenty times while its Pods start: an observation must stay cheap."""
    controller = running.controller
    controller._observer.observe(SERVER, running.server())
    calls = []
    sys.setprofile(lambda _frame, event, _argument: calls.append(event) if event in ("call", "c_call") else None)
    try:
        controller._observer.observe(SERVER, running.server())
    finally:
        sys.setprofile(None)
    assert len(calls) < 1000


def test_the_probe_spec_is_computed_once_for_each_generation(running, monkeypatch):
    computed = []
    monkeypatch.setattr(
        applied_specs, "probe_spec", lambda server: computed.append(generation(server)) or probe_spec(server)
    )
    running.change(replicas=2)
    running.deploy(ready=1, desired=2)
    running.pod("b")
    running.deploy(ready=2, desired=2)
    running.becomes("Running", "Validated")
    running.rests()
    assert computed == [2]


def test_every_loop_shows_that_it_turns(cluster):
    began = cluster.clock.now()
    cluster.clock.step(60)
    eventually(lambda: cluster.controller.last_turn == began + 60)
    hang = threading.Event()
    cluster.controller._publisher._on_written = lambda *_written: hang.wait(10)
    cluster.create()
    eventually(lambda: cluster.writes)
    cluster.clock.step(300)
    eventually(lambda: cluster.controller._workers.last_turn == began + 360)
    assert cluster.controller.last_turn == began + 60
    hang.set()
    eventually(lambda: cluster.controller.last_turn == began + 360)


def test_a_resync_writes_at_once_what_waited_for_the_lease(running):
    running.leading = False
    running.answer = bad()
    running.pod(container="c2")
    running.settle()
    assert running.status()["validation"]["state"] == "Validated"
    running.leading = True
    running.settle()
    assert running.status()["validation"]["state"] == "Validated"
    running.controller.resync()
    running.settle()
    assert running.status()["validation"]["state"] == "Failed"
