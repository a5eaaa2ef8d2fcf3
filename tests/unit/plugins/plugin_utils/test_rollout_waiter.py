# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What becomes of an MCPServer when the API server opens no way to its Pods: nothing, since nothing was seen of it."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiUnreachable
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ValidationJobError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pod_selector import SelectedPods
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_waiter
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_snapshot import Snapshot
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._settings import Settings

KEY = ("team", "server")
SERVER = {
    "metadata": {"name": "server", "namespace": "team", "generation": 1},
    "spec": {"image": "server:1", "validation": {"strictMode": True}},
}
POD = {
    "metadata": {"name": "server-1", "uid": "uid-server-1"},
    "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
}
DEPLOYMENT = {
    "metadata": {"generation": 1},
    "spec": {"replicas": 1},
    "status": {
        "observedGeneration": 1,
        "replicas": 1,
        "updatedReplicas": 1,
        "readyReplicas": 1,
        "availableReplicas": 1,
    },
}
SEEN = Snapshot({KEY: SERVER}, {KEY: DEPLOYMENT}, {KEY: SelectedPods([POD])})


class Revisions:
    """Notes what is asked of it."""

    def __init__(self):
        self.rolled_back = 0
        self.action = "Nothing serves."

    def record_passed(self, _server):
        pass

    def roll_back(self, _server):
        self.rolled_back += 1
        return self.action


@pytest.fixture
def revisions():
    return Revisions()


@pytest.fixture
def operator():
    """Whether one answers."""
    return [False]


class Client:
    """Keeps what is written."""

    def __init__(self):
        self.written = []

    def apply(self, manifest, **_how):
        self.written.append(manifest["status"])


@pytest.fixture
def track(monkeypatch, revisions, operator):
    answers = []

    def probe_by_port_forward(_client, _server, pod, _timeout):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {**answer.to_dict(), "pod": pod["metadata"]["name"]}

    monkeypatch.setattr(_rollout_waiter, "probe_by_port_forward", probe_by_port_forward)
    settings = Settings(
        wait_timeout=60,
        check_timeout=5,
        may_write=lambda _namespace: False,
        has_operator=lambda _namespace: operator[0],
        check=False,
        report=lambda _line: None,
        rollbacks=revisions,
    )
    with ThreadPoolExecutor(1) as pool:
        made = _rollout_waiter.RolloutWaiter(None, KEY, settings, pool)

        def step(waited, *given):
            answers.extend(given)
            found = made.step(SEEN, waited)
            for check in made._checks:
                check.exception()
            return found

        step.settings = lambda **changed: setattr(made, "_settings", dataclasses.replace(settings, **changed))
        yield step


def test_a_way_that_was_not_opened_is_tried_again_and_refuses_nobody(track, revisions):
    assert track(1, ApiUnreachable("The API server did not open a port-forward.")) is None
    assert track(2) is None
    assert track(3, Report(compliant=True, reached=True, transport="sse")) is None
    found = track(4)
    assert (found["failed"], found["server"]["status"]["validation"]["state"]) == (False, "Validated")
    assert revisions.rolled_back == 0


def test_when_the_time_is_over_the_reason_is_said_and_nothing_is_rolled_back(track, revisions):
    track(1, ApiUnreachable("The API server did not open a port-forward."))
    with pytest.raises(ApiUnreachable, match="did not open"):
        track(61)
    assert revisions.rolled_back == 0


def test_what_the_server_itself_did_refuses_it(track, revisions):
    track(1, Report(compliant=False, reached=True))
    assert track(2) is None
    assert revisions.rolled_back == 1


class Routes:
    """Keeps the statuses of the servers whose routes are applied."""

    def __init__(self):
        self.exposed = []

    def apply(self, server):
        self.exposed.append(server["status"]["validation"]["state"])
        return {"changed": True, "objects": [], "diff": []}


def test_the_route_is_applied_after_the_validation(track):
    routes = Routes()
    track.settings(routes=routes)
    track(1, Report(compliant=True, reached=True, transport="sse"))
    assert routes.exposed == []
    assert track(2)["changed"] is True
    assert routes.exposed == ["Validated"]


def test_where_an_operator_answers_it_applies_the_route(track, operator):
    routes = Routes()
    track.settings(routes=routes)
    track(1, Report(compliant=True, reached=True, transport="sse"))
    operator[0] = True
    assert "changed" not in track(2)
    assert routes.exposed == []


def test_where_an_operator_has_come_to_answer_nothing_is_rolled_back(track, revisions, operator):
    track(1, Report(compliant=False, reached=True))
    operator[0] = True
    assert track(2)["failed"] is True
    assert revisions.rolled_back == 0


@pytest.mark.parametrize("fails", [True, False])
def test_a_failed_validation_without_strict_mode_is_a_failure_or_a_warning(track, monkeypatch, fails):
    monkeypatch.setitem(SERVER["spec"], "validation", {"strictMode": False})
    track.settings(fail_on_invalid=fails)
    assert track(1, Report(compliant=False, reached=True)) is None
    found = track(2)
    assert (found["failed"], len(found["warnings"])) == (fails, 0 if fails else 1)


@pytest.mark.parametrize("problem", [ValidationJobError("It does not start."), ApiForbidden("No Jobs here.")])
def test_a_job_that_finds_nothing_out_leaves_no_validation_under_way(problem):
    def check(*_about):
        raise problem

    client, server = Client(), {**SERVER, "spec": {**SERVER["spec"], "validation": {"runner": "job"}}}
    settings = Settings(
        wait_timeout=60,
        check_timeout=5,
        may_write=lambda _namespace: True,
        has_operator=lambda _namespace: False,
        check=False,
        report=lambda _line: None,
        jobs=SimpleNamespace(probe=check),
    )
    seen = Snapshot({KEY: server}, SEEN.deployments, SEEN.pods)
    with ThreadPoolExecutor(1) as pool:
        made = _rollout_waiter.RolloutWaiter(client, KEY, settings, pool)
        assert made.step(seen, 1) is None
        made._checks[0].exception()
        with pytest.raises(type(problem)):
            made.step(seen, 2)
    assert [status["validation"]["state"] for status in client.written] == ["Validating", "Pending"]


def test_a_condition_of_another_controller_is_no_reason_to_write():
    client = Client()
    settings = Settings(
        wait_timeout=60,
        check_timeout=5,
        may_write=lambda _namespace: True,
        has_operator=lambda _namespace: False,
        check=False,
        report=lambda _line: None,
    )
    foreign = {"type": "Successful", "status": "True", "reason": "Successful"}
    for _ in range(2):
        before = client.written[-1] if client.written else {}
        conditions = [foreign, *before.get("conditions", ())]
        server = {**SERVER, "status": {**before, "conditions": conditions}}
        with ThreadPoolExecutor(1) as pool:
            made = _rollout_waiter.RolloutWaiter(client, KEY, settings, pool)
            made.step(Snapshot({KEY: server}, {}, {}), 1)
    assert len(client.written) == 1


NOT_READY = {**POD, "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}}
STARTING = {**DEPLOYMENT, "status": {**DEPLOYMENT["status"], "readyReplicas": 0, "availableReplicas": 0}}


@pytest.mark.parametrize(
    ("deployments", "selected", "reason"),
    [
        ({}, {}, "it has no Deployment yet"),
        ({KEY: STARTING}, {KEY: SelectedPods(newest=[NOT_READY])}, "its Pods are not ready yet"),
    ],
)
def test_check_mode_skips_what_cannot_be_validated_and_gives_the_reason(deployments, selected, reason):
    client = Client()
    settings = Settings(
        wait_timeout=120,
        check_timeout=5,
        may_write=lambda _namespace: False,
        has_operator=lambda _namespace: False,
        check=True,
        report=lambda _line: None,
    )
    with ThreadPoolExecutor(1) as pool:
        waiter = _rollout_waiter.RolloutWaiter(client, KEY, settings, pool)
        found = waiter.step(Snapshot({KEY: SERVER}, deployments, selected), 0.1)
    assert found["failed"] is False
    assert found["msg"] == f"MCPServer team/server: validation skipped, {reason}."
    assert (found["server"], found["reports"], client.written) == (SERVER, {}, [])


@pytest.mark.parametrize("check", [False, True])
def test_check_mode_calls_no_tool(track, monkeypatch, check):
    validated = []

    def probe(_client, server, pod, _timeout):
        validated.append(server["spec"]["validation"])
        return {**Report(compliant=True, reached=True, transport="sse").to_dict(), "pod": pod["metadata"]["name"]}

    monkeypatch.setattr(_rollout_waiter, "probe_by_port_forward", probe)
    given = {"strictMode": True, "toolCall": {"name": "a"}, "expect": ["tool_call"]}
    server = {**SERVER, "spec": {**SERVER["spec"], "validation": given}}
    settings = Settings(
        wait_timeout=60,
        check_timeout=5,
        may_write=lambda _namespace: False,
        has_operator=lambda _namespace: False,
        check=check,
        report=lambda _line: None,
    )
    with ThreadPoolExecutor(1) as pool:
        waiter = _rollout_waiter.RolloutWaiter(None, KEY, settings, pool)
        waiter.step(Snapshot({KEY: server}, {KEY: DEPLOYMENT}, {KEY: SelectedPods([POD])}), 0)
    assert validated == [{"strictMode": True} if check else given]


def test_what_passed_before_keeps_serving_and_the_run_fails(track, revisions):
    revisions.action = ""
    track(1, Report(compliant=False, reached=True))
    found = track(2)
    status = found["server"]["status"]
    assert (found["failed"], status["phase"]) == (True, "ValidationFailed")
    assert "rollback" not in status
    assert "RolledBack" not in str(status["conditions"])
