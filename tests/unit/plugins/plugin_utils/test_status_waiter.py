# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A playbook beside an operator: it waits for it, notices when it is gone, and asks the API server seldom."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.operator_lease import OperatorLease
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_snapshot import Snapshot
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._settings import Settings
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._status_waiter import StatusWaiter

KEY = ("team", "server")


class Operator:
    def __init__(self):
        self.answering = True

    def answers(self, namespace):
        assert namespace == "team"
        return self.answering


@pytest.fixture
def operator():
    return Operator()


@pytest.fixture
def settings(operator):
    return Settings(
        wait_timeout=120,
        check_timeout=5,
        may_write=lambda _namespace: False,
        has_operator=operator.answers,
        check=False,
        report=lambda _line: None,
    )


@pytest.fixture
def step(settings):
    made = StatusWaiter(KEY, settings)

    def step(waited, phase="Creating", state="Pending"):
        status = {"phase": phase, "message": "m", "observedGeneration": 1, "validation": {"state": state}}
        server = {"metadata": {"name": "server", "namespace": "team", "generation": 1}, "spec": {}, "status": status}
        return made.step(Snapshot({KEY: server}, {}, {}), waited)

    return step


def test_what_the_operator_says_is_the_result(step):
    assert step(1) is None
    assert step(2, "Running", "Validated")["failed"] is False


def test_a_server_that_serves_although_it_failed_is_a_failure_unless_that_is_accepted(settings):
    def result(settings):
        status = {"phase": "Running", "message": "m", "observedGeneration": 1, "validation": {"state": "Failed"}}
        server = {"metadata": {"name": "server", "namespace": "team", "generation": 1}, "spec": {}, "status": status}
        return StatusWaiter(KEY, settings).step(Snapshot({KEY: server}, {}, {}), 1.0)

    assert (result(settings)["failed"], result(settings)["warnings"]) == (True, [])
    accepted = result(dataclasses.replace(settings, fail_on_invalid=False))
    # As without an operator.
    assert (accepted["failed"], accepted["warnings"]) == (False, ["MCPServer team/server: m"])
    assert result(dataclasses.replace(settings, check=True))["failed"] is False


def test_where_no_operator_answers_the_reason_is_given_soon(settings, operator):
    def result(waited, generation):
        status = {"observedGeneration": -1}
        server = {
            "metadata": {"name": "s", "namespace": "team", "generation": generation},
            "spec": {},
            "status": status,
        }
        return waiter.step(Snapshot({KEY: server}, {}, {}), waited)

    operator.answering = False
    waiter = StatusWaiter(KEY, settings)
    assert result(20, 1) is None
    # One whose Lease is elsewhere has written a status.
    assert result(31, -1) is None
    found = result(31, 1)
    assert found["failed"] is True
    assert "No operator in the namespace mcp-operator-system manages the namespace team." in found["msg"]


def test_an_operator_that_is_gone_is_not_waited_for(step, operator):
    assert step(1) is None
    operator.answering = False
    assert step(20) is None
    found = step(32)
    assert found["failed"] is True
    assert "OPERATOR_GONE" in found["msg"]
    # The module has no extra variables.
    assert "-e mcp_mode=workload for the playbook, apply=workload for the module" in found["msg"]


def test_between_two_operators_there_may_be_a_moment(step, operator):
    step(1)
    operator.answering = False
    assert step(20) is None
    operator.answering = True
    assert step(25) is None
    operator.answering = False
    assert step(50) is None


def test_one_that_was_never_there_is_waited_for_as_long_as_was_said(step, operator):
    operator.answering = False
    assert step(100) is None
    assert "has not finished" in step(120)["msg"]


class Api:
    def __init__(self):
        self.asked = 0
        self.holder = "one"

    def find(self, *_lease):
        self.asked += 1
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return {"metadata": {}, "spec": {"holderIdentity": self.holder, "renewTime": now, "leaseDurationSeconds": 15}}


def test_an_answer_counts_for_two_seconds():
    now, api = [0.0], Api()
    lease = OperatorLease(api, clock=lambda: now[0])
    assert lease.manages("team")
    api.holder, now[0] = "", 1.9
    assert lease.manages("team")
    now[0] = 2.0
    assert not lease.manages("team")
    assert api.asked == 2


def test_a_server_that_is_validated_and_cannot_be_reached_is_not_waited_for(step):
    assert step(1, "Failed", "Pending") is None
    assert step(2, "Failed", "Validated")["failed"] is True
