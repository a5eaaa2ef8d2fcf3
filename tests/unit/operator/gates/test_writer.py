# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The updates of readiness gates that are written, and those that are not."""

from __future__ import annotations

import threading

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound, ApiUnreachable
from mcp_operator.cluster.store import Key
from mcp_operator.gates.writer import GateState, GateWriter

from support.clock import FakeClock, eventually, is_idle

OWNER = Key("servers", "team", "wiki")
OPEN = GateState(True, "Validated", "c of i: It passes.")
CLOSED = GateState(False, "ValidationFailed", "c of i: It fails.")


class Api:
    """Keeps what is applied; each call waits for the gate."""

    def __init__(self):
        self.applied = []
        self.gate = threading.Event()
        self.gate.set()
        self.started = 0
        self.error = None

    def apply(self, manifest, **_how):
        self.started += 1
        self.gate.wait(10)
        if self.error is not None:
            raise self.error
        (condition,) = manifest["status"]["conditions"]
        self.applied.append((manifest["metadata"]["name"], condition["reason"], condition["lastTransitionTime"]))


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def failures():
    return []


@pytest.fixture
def leading():
    return [True]


@pytest.fixture
def writer(api, failures, leading):
    made = GateWriter(api, lambda: leading[0], failures.append, FakeClock())
    made.start()
    yield made
    api.gate.set()
    made.stop()


def pod(name="a", gate=None, since="2026-01-01T00:00:00Z"):
    conditions = []
    if gate is not None:
        condition = {"type": "mcp.mcp-operator.io/validated", "status": str(gate.open), "lastTransitionTime": since}
        conditions.append({**condition, "reason": gate.reason, "message": gate.message})
    meta = {"name": name, "namespace": "team", "uid": f"uid-{name}"}
    return {"metadata": meta, "spec": {"gated": True}, "status": {"conditions": conditions, "gateIsOurs": True}}


def reasons(api):
    return [reason for _name, reason, _time in api.applied]


def test_of_several_updates_of_a_pod_the_newest_is_written(writer, api):
    api.gate.clear()
    writer.request_update(OWNER, pod(), OPEN)
    eventually(lambda: api.started == 1)
    for number in range(5):
        writer.request_update(OWNER, pod(), OPEN._replace(reason=f"Old{number}"))
    writer.request_update(OWNER, pod(), CLOSED)
    api.gate.set()
    eventually(lambda: is_idle(writer.queue))
    assert reasons(api) == ["Validated", "ValidationFailed"]


def test_pods_do_not_wait_for_each_other(writer, api):
    api.gate.clear()
    for name in "abc":
        writer.request_update(OWNER, pod(name), OPEN)
    eventually(lambda: api.started == 3)


def test_a_gate_that_is_as_requested_is_not_written(writer, api):
    writer.request_update(OWNER, pod(gate=OPEN), OPEN)
    eventually(lambda: is_idle(writer.queue))
    assert api.applied == []


def test_the_transition_time_changes_with_the_status_only(writer, api):
    writer.request_update(OWNER, pod("a", gate=OPEN), OPEN._replace(reason="AuthRequired"))
    writer.request_update(OWNER, pod("b", gate=OPEN), CLOSED)
    eventually(lambda: len(api.applied) == 2)
    assert sorted((name, time) for name, _reason, time in api.applied) == [
        ("a", "2026-01-01T00:00:00Z"),
        ("b", "2023-11-14T22:13:20Z"),
    ]


def test_a_process_that_does_not_lead_writes_nothing_and_has_it_requested_again(writer, api, leading, failures):
    leading[0] = False
    writer.request_update(OWNER, pod(), OPEN)
    eventually(lambda: is_idle(writer.queue))
    assert (api.applied, failures) == ([], [OWNER])


@pytest.mark.parametrize(
    ("error", "reported"), [(ApiNotFound("gone"), 0), (ApiUnreachable("down"), 1), (ValueError("a bug"), 1)]
)
def test_a_failure_is_reported_unless_the_pod_is_gone(writer, api, failures, error, reported):
    api.error = error
    writer.request_update(OWNER, pod(), OPEN)
    eventually(lambda: api.started == 1 and is_idle(writer.queue))
    assert failures == [OWNER] * reported
