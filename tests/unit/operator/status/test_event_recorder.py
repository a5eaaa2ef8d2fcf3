# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How many Events are sent."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._kube.errors import ApiForbidden, ApiNotFound
from mcp_operator.status.event_recorder import EventRecorder
from mcp_operator.status.events import Event

from support.clock import eventually

SERVER = {"metadata": {"name": "wiki", "namespace": "team", "uid": "u", "resourceVersion": "7"}}
FAILED = Event(True, "ValidationFailed", "Validate", "NOT_MCP: HTML came back.")


class Api:
    def __init__(self):
        self.calls = []
        self.forgotten = False

    def request(self, method, path, *, body, **_how):
        if method == "PATCH" and self.forgotten:
            raise ApiNotFound("gone")
        self.calls.append((method, path, body))


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def recorder(api, clock):
    return EventRecorder(api, clock)


def test_an_event_says_what_kubectl_describe_shows(recorder, api):
    recorder.send(SERVER, FAILED)
    [(method, path, body)] = api.calls
    assert (method, path) == ("POST", "/apis/events.k8s.io/v1/namespaces/team/events")
    assert (body["type"], body["reason"], body["note"]) == ("Warning", FAILED.reason, FAILED.note)
    assert body["regarding"]["uid"] == "u"
    assert body["eventTime"].endswith("Z")


def test_the_same_again_counts_up_the_first_and_not_each_time(recorder, api, clock):
    for _ in range(100):
        recorder.send(SERVER, FAILED)
        clock.step(1)
    methods = [method for method, _path, _body in api.calls]
    assert methods == ["POST", "PATCH", "PATCH", "PATCH"]
    assert api.calls[-1][2]["series"]["count"] == 91


def test_the_rate_for_one_object_is_limited(recorder, api, clock):
    for number in range(100):
        recorder.send(SERVER, FAILED._replace(note=f"{number}"))
    assert len(api.calls) == 10
    recorder.send({"metadata": {**SERVER["metadata"], "uid": "another"}}, FAILED)
    assert len(api.calls) == 11
    clock.step(60)
    for number in range(100):
        recorder.send(SERVER, FAILED._replace(note=f"later {number}"))
    assert len(api.calls) == 14


def test_many_normal_events_hide_no_warning(recorder, api):
    for number in range(100):
        recorder.send(SERVER, Event(False, "Creating", "Observe", f"{number}"))
    recorder.send(SERVER, FAILED)
    assert len(api.calls) == 11
    assert api.calls[-1][2]["reason"] == FAILED.reason


def test_one_that_has_expired_is_sent_anew(recorder, api, clock):
    recorder.send(SERVER, FAILED)
    api.forgotten = True
    clock.step(40)
    recorder.send(SERVER, FAILED)
    recorder.send(SERVER, FAILED)
    assert [method for method, _path, _body in api.calls] == ["POST", "POST"]


def test_old_ones_are_forgotten(recorder, api):
    for number in range(6000):
        recorder.send({"metadata": {**SERVER["metadata"], "uid": f"u{number}"}}, FAILED)
    assert len(recorder._sent) <= 5000
    assert len(recorder._buckets) <= 5000


def test_objects_whose_events_the_api_server_rejects_are_forgotten(recorder, api, clock, monkeypatch):
    def reject(*_request, **_how):
        raise ApiForbidden("The namespace is being deleted.")

    monkeypatch.setattr(api, "request", reject)
    for number in range(6000):
        clock.step(1)
        with pytest.raises(ApiForbidden):
            recorder.send({"metadata": {**SERVER["metadata"], "uid": f"u{number}"}}, FAILED)
    assert len(recorder._buckets) <= 5000


def test_what_is_recorded_is_sent_in_the_background_and_before_the_end(recorder, api):
    for number in range(5):
        recorder.record(SERVER, FAILED._replace(note=f"{number}"))
    recorder.start()
    eventually(lambda: len(api.calls) == 5)
    recorder.stop()
    assert [body["note"] for _method, _path, body in api.calls] == ["0", "1", "2", "3", "4"]


def test_the_same_event_recorded_twice_before_it_is_sent_is_one(recorder, api, clock):
    recorder.record(SERVER, FAILED)
    recorder.record(SERVER, FAILED)
    recorder.start()
    recorder.stop()
    assert [method for method, _path, _body in api.calls] == ["POST"]
    clock.step(60)
    recorder.send(SERVER, FAILED)
    assert api.calls[-1][2]["series"]["count"] == 3


def test_more_than_a_thousand_that_wait_are_dropped(recorder, api, caplog):
    for number in range(1005):
        recorder.record({"metadata": {**SERVER["metadata"], "uid": f"u{number}"}}, FAILED)
    assert len(recorder.queue) == 1000
    assert "Dropped an Event" in caplog.text
