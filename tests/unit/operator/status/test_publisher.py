# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When a status is written."""

from __future__ import annotations

import threading
import time

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound
from mcp_operator.cluster.store import Key
from mcp_operator.status.publisher import StatusPublisher


class Api:
    """Takes statuses, and holds each up for as long as tests want."""

    def __init__(self):
        self.taken = []
        self.gate = threading.Event()
        self.gate.set()
        self.gone = False

    def apply(self, manifest, **_how):
        self.gate.wait(10)
        if self.gone:
            raise ApiNotFound("It is gone.")
        self.taken.append((manifest["metadata"]["name"], manifest["status"]["phase"]))
        return {"metadata": {"resourceVersion": "10"}, "status": manifest["status"]}

    def of(self, name):
        return [phase for taken, phase in self.taken if taken == name]


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def writer(api):
    made = StatusPublisher(api, lambda: True, lambda *_told: None)
    made.start()
    yield made
    api.gate.set()
    made.stop()


def key(number):
    return Key("servers", "team", f"s{number}")


def server(number, version="1"):
    return {"metadata": {"name": f"s{number}", "uid": f"u{number}", "resourceVersion": version}}


def want(writer, number, phase, *, settled=False):
    writer.request_update(key(number), writer.current(key(number), server(number)), {"phase": phase}, settled=settled)


def wait_for(check, seconds=10):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_alone_every_step_is_written_at_once(writer, api):
    for phase in ("Creating", "Updating", "Running"):
        began = time.monotonic()
        want(writer, 1, phase)
        wait_for(lambda phase=phase: phase in api.of("s1"))
        assert time.monotonic() - began < 0.5
    assert api.of("s1") == ["Creating", "Updating", "Running"]


def test_of_a_fleet_that_starts_only_what_lasts_is_written(writer, api):
    for number in range(200):
        want(writer, number, "Creating")
    time.sleep(0.5)
    for number in range(200):
        want(writer, number, "Scaling")
    for number in range(200):
        want(writer, number, "Running", settled=True)
    wait_for(lambda: sum(phase == "Running" for _name, phase in api.taken) == 200)
    assert max(len(api.of(f"s{number}")) for number in range(200)) <= 2
    assert len(api.taken) < 250


def test_a_step_waits_for_as_long_as_others_are_on_their_way_and_not_for_what_is_still_to_be_written(writer, api):
    for number in range(200):
        want(writer, number, "Creating")
    time.sleep(0.5)
    want(writer, 0, "Updating")
    time.sleep(0.5)
    assert api.of("s0") in ([], ["Creating"])
    for number in range(200):
        want(writer, number, "Running", settled=True)
    wait_for(lambda: all("Running" in api.of(f"s{number}") for number in range(200)))
    began = time.monotonic()
    want(writer, 0, "Updating")
    wait_for(lambda: "Updating" in api.of("s0"))
    assert time.monotonic() - began < 0.5


def test_what_became_untrue_before_it_was_written_is_not_written(writer, api):
    for number in range(100):
        want(writer, number, "Creating")
    for number in range(100):
        writer.request_update(
            key(number), {**server(number), "status": {"phase": "Creating"}}, {"phase": "Creating"}, settled=False
        )
    wait_for(lambda: not writer.depth())
    assert len(api.taken) < 20


def test_what_is_being_written_is_not_wanted_again(writer, api):
    api.gate.clear()
    want(writer, 1, "Running", settled=True)
    wait_for(lambda: not writer.depth())
    want(writer, 1, "Running", settled=True)
    api.gate.set()
    wait_for(lambda: api.taken)
    # The store is behind: what was written counts.
    want(writer, 1, "Running", settled=True)
    assert (writer.depth(), api.of("s1")) == (0, ["Running"])


def test_the_store_counts_again_when_it_is_newer(writer, api):
    want(writer, 1, "Running", settled=True)
    wait_for(lambda: writer.current(key(1), server(1)).get("status") == {"phase": "Running"})
    # As soon as the API server's answer is there; until then what is on its way counts, whatever the store has.
    wait_for(lambda: "status" not in writer.current(key(1), server(1, "11")))
    other = {"metadata": {"name": "s1", "uid": "another", "resourceVersion": "2"}}
    assert writer.current(key(1), other) is other


def test_an_object_that_is_gone_is_no_failure(writer, api):
    api.gone = True
    want(writer, 1, "Running", settled=True)
    time.sleep(0.1)
    assert writer.depth() == 0
