# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.diagnosis import (
    PodDiagnoser,
    PodEvents,
    seconds_since,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden

SERVER = {"metadata": {"name": "wiki"}, "spec": {}}
STDIO = {"metadata": {"name": "wiki"}, "spec": {"transport": {"type": "stdio"}}}
UNHEALTHY = {"reason": "Unhealthy", "message": "connection refused"}


def pod(name="a", *, restarts=0, **state):
    entry = {"name": "mcp-server", "restartCount": restarts, "state": {"running": {}}, **state}
    meta = {"name": name, "namespace": "team", "uid": f"uid-{name}"}
    return {"metadata": meta, "status": {"phase": "Running", "containerStatuses": [entry]}}


def crashed(code, restarts):
    ended = {"terminated": {"exitCode": code}}
    return pod(restarts=restarts, state={"waiting": {"reason": "CrashLoopBackOff"}}, lastState=ended)


class Client:
    """An API server that counts reads of Events."""

    def __init__(self):
        self.selectors = []
        self.error = None
        self.events = [UNHEALTHY]

    def list(self, _api_version, _kind, _namespace, *, fieldSelector):  # noqa: N803
        self.selectors.append(fieldSelector)
        if self.error:
            raise self.error
        return iter(self.events)


class Diagnosing:
    """A diagnoser whose Pods have not been ready for `seconds`."""

    def __init__(self):
        self.client, self.now, self.seconds, self.errors = Client(), 0.0, 20.0, []
        events = PodEvents(self.client, 5.0, lambda: self.now, submit=lambda read: read(), on_error=self.errors.append)
        self.diagnoser = PodDiagnoser(events)

    def __call__(self, *pods, server=SERVER, deployment=None, restarts_before=None):
        return self.diagnoser.diagnose(
            server, deployment, pods, lambda _item, _condition: self.seconds, lambda: None, restarts_before
        )


@pytest.fixture
def diagnose():
    return Diagnosing()


def test_events_are_those_of_this_pod_and_not_of_an_earlier_one_of_its_name(diagnose):
    assert diagnose(pod()).cause.reason == "ProbeFailed"
    assert diagnose.client.selectors == [
        "involvedObject.kind=Pod,involvedObject.name=a,involvedObject.uid=uid-a",
    ]


def test_events_of_each_pod_are_read_once_a_period(diagnose):
    for _ in range(3):
        diagnose(pod("a"), pod("b"))
    assert len(diagnose.client.selectors) == 2
    diagnose.now = 5.0
    diagnose(pod("a"), pod("b"))
    assert len(diagnose.client.selectors) == 4


def test_no_events_are_read_of_a_server_that_has_just_started(diagnose):
    diagnose.seconds = 4.0
    found = diagnose(pod())
    assert (found.cause, found.again, diagnose.client.selectors) == (None, 6.0, [])


def test_events_say_which_secret_a_pod_waits_for(diagnose):
    message = 'MountVolume.SetUp failed for volume "tls-certs" : secret "wiki-tls" not found'
    diagnose.client.events = [{"reason": "FailedMount", "message": message}]
    found = diagnose(pod(state={"waiting": {"reason": "PodInitializing"}}))
    assert (found.cause.reason, found.cause.message, found.gave_up) == ("FailedMount", message, False)


def test_without_the_right_to_read_events_the_status_of_the_pod_remains(diagnose):
    diagnose.client.error = ApiForbidden("No Events here.")
    assert diagnose(pod()).cause is None
    assert diagnose(crashed(1, 1)).cause.reason == "CrashLoopBackOff"
    assert diagnose.errors == [diagnose.client.error]


def test_a_pod_is_given_up_after_two_minutes(diagnose):
    diagnose.seconds = 119.0
    assert (diagnose(crashed(1, 1)).gave_up, diagnose(crashed(1, 1)).again) == (False, 1.0)
    diagnose.seconds = 120.0
    assert diagnose(crashed(1, 1)).gave_up


def test_restarts_before_the_waiting_do_not_make_a_cause_unrecoverable(diagnose):
    assert diagnose(crashed(1, 7)).cause.unrecoverable
    assert not diagnose(crashed(1, 7), restarts_before={"uid-a": {"mcp-server": 6}}).cause.unrecoverable


def test_a_command_that_does_not_exist_is_unrecoverable_in_a_stdio_server(diagnose):
    """The store of the operator has no Pod specs, so the manifest says whether mcp-sidecar runs the command."""
    assert diagnose(crashed(127, 1), server=STDIO).cause.unrecoverable
    assert not diagnose(crashed(127, 1)).cause.unrecoverable


def test_the_worst_of_several_causes_is_returned(diagnose):
    broken = pod("b", state={"waiting": {"reason": "InvalidImageName"}})
    assert diagnose(pod("a"), broken).cause.pod == "b"


def test_a_deployment_that_may_create_no_pods(diagnose):
    failed = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
    deployment = {"metadata": {}, "status": {"conditions": [failed]}}
    assert diagnose(deployment=deployment).cause.reason == "FailedCreate"


def test_seconds_since_a_condition_changed_or_else_since_the_object_was_created():
    now = dt.datetime(2026, 1, 1, 0, 1, tzinfo=dt.UTC)
    item = {"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"}, "status": {}}
    assert seconds_since(item, "Ready", now) == 60.0
    item["status"]["conditions"] = [{"type": "Ready", "lastTransitionTime": "2026-01-01T00:00:50Z"}]
    assert seconds_since(item, "Ready", now) == 10.0
