# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When a status is written."""

from __future__ import annotations

import threading

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound, ApiUnreachable
from mcp_operator.cluster.store import Key
from mcp_operator.status.publisher import StatusPublisher

from support.clock import eventually, is_idle


class Api:
    """Takes statuses, and holds each up for as long as tests want."""

    def __init__(self):
        self.taken = []
        self.gate = threading.Event()
        self.gate.set()
        self.gone = self.down = False
        self.asked = self.failed = 0

    def apply(self, manifest, **_how):
        self.gate.wait(10)
        self.asked += 1
        if self.down:
            self.failed += 1
            raise ApiUnreachable("The API server is down.")
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
def publisher(api, clock):
    made = StatusPublisher(api, lambda: True, lambda *_written: None, clock)
    made.start()
    yield made
    api.gate.set()
    made.stop()


def key(number):
    return Key("servers", "team", f"s{number}")


def server(number, version="1"):
    return {"metadata": {"name": f"s{number}", "uid": f"u{number}", "resourceVersion": version}}


def want(publisher, number, phase, *, settled=False, **further):
    latest = publisher.with_latest_status(key(number), server(number))
    publisher.request_update(key(number), latest, {"phase": phase, **further}, settled=settled)


def pass_time(publisher, clock, seconds):
    """Let time pass, and everything be written that is due."""
    end = clock.now() + seconds
    while True:
        eventually(lambda: is_idle(publisher.queue))
        moments = [delay.moment for delay in publisher.queue._delays.values()]
        if clock.now() >= end:
            return
        clock.step(min([end, *moments]) - clock.now())


def test_alone_every_step_is_written_at_once(publisher, api, clock):
    for phase in ("Creating", "Updating", "Running"):
        want(publisher, 1, phase)
        pass_time(publisher, clock, 0.25)
        assert api.of("s1")[-1] == phase
    assert api.of("s1") == ["Creating", "Updating", "Running"]


def test_of_a_fleet_that_starts_only_what_lasts_is_written(publisher, api, clock):
    for number in range(200):
        want(publisher, number, "Creating")
    pass_time(publisher, clock, 0.5)
    for number in range(200):
        want(publisher, number, "Scaling")
    for number in range(200):
        want(publisher, number, "Running", settled=True)
    pass_time(publisher, clock, 0.1)
    assert [api.of(f"s{number}")[-1] for number in range(200)] == ["Running"] * 200
    assert max(len(api.of(f"s{number}")) for number in range(200)) <= 2
    assert len(api.taken) < 210


def test_a_fleet_that_goes_on_changing_gets_few_patches(publisher, api, clock):
    """Ten changes of each of a hundred servers within ten seconds: about one patch for each, not a thousand."""
    for change in range(10):
        for number in range(100):
            want(publisher, number, f"Creating {change}")
        pass_time(publisher, clock, 1.0)
    assert len(api.taken) < 150
    pass_time(publisher, clock, 60.0)
    assert {api.of(f"s{number}")[-1] for number in range(100)} == {"Creating 9"}


def test_a_fleet_that_starts_slowly_gets_one_patch_for_most_servers(publisher, api, clock):
    """A hundred servers need 15 seconds on two slow cores."""
    for number in range(100):
        want(publisher, number, "Creating")
    for number in range(100):
        pass_time(publisher, clock, 0.15)
        want(publisher, number, "Running", settled=True)
    pass_time(publisher, clock, 1.0)
    assert {api.of(f"s{number}")[-1] for number in range(100)} == {"Running"}
    assert len(api.taken) < 110


def test_a_step_waits_for_as_long_as_others_are_on_their_way_and_not_for_what_is_still_to_be_written(
    publisher, api, clock
):
    for number in range(200):
        want(publisher, number, "Creating")
    pass_time(publisher, clock, 0.5)
    want(publisher, 0, "Updating")
    pass_time(publisher, clock, 0.5)
    assert api.of("s0") == ["Creating"]
    for number in range(200):
        want(publisher, number, "Running", settled=True)
    pass_time(publisher, clock, 0.0)
    assert all("Running" in api.of(f"s{number}") for number in range(200))
    want(publisher, 0, "Updating")
    pass_time(publisher, clock, 0.0)
    assert api.of("s0")[-1] == "Updating"


def test_what_differs_only_in_the_record_of_a_reconciliation_waits_while_others_change(publisher, api, clock):
    want(publisher, 1, "Running", settled=True)
    pass_time(publisher, clock, 0.0)
    for number in range(2, 52):
        want(publisher, number, "Creating")
    want(publisher, 1, "Running", settled=True, reconciliationRecord="a.b")
    pass_time(publisher, clock, 10.0)
    assert api.of("s1") == ["Running"]
    pass_time(publisher, clock, 30.0)
    assert api.of("s1") == ["Running", "Running"]


def test_the_record_of_a_reconciliation_is_written_at_once_if_nothing_else_changes(publisher, api, clock):
    want(publisher, 1, "Running", settled=True)
    pass_time(publisher, clock, 0.0)
    want(publisher, 1, "Running", settled=True, reconciliationRecord="a.b")
    pass_time(publisher, clock, 0.0)
    assert api.of("s1") == ["Running", "Running"]


def test_what_is_pending_is_written_before_the_end(publisher, api, clock):
    for number in range(20):
        want(publisher, number, "Creating")
    publisher.stop()
    assert {api.of(f"s{number}")[-1] for number in range(20)} == {"Creating"}


def test_what_became_untrue_before_it_was_written_is_not_written(publisher, api, clock):
    for number in range(100):
        want(publisher, number, "Creating")
    eventually(lambda: is_idle(publisher.queue))
    for number in range(1, 100):
        known = {**server(number), "status": {"phase": "Creating"}}
        publisher.request_update(key(number), known, {"phase": "Creating"}, settled=False)
    assert (publisher.pending, len(publisher.queue._delays)) == (0, 0)
    pass_time(publisher, clock, 100.0)
    assert len(api.taken) == 1


def test_what_is_being_written_is_not_wanted_again(publisher, api):
    api.gate.clear()
    want(publisher, 1, "Running", settled=True)
    eventually(lambda: not publisher.pending)
    want(publisher, 1, "Running", settled=True)
    api.gate.set()
    eventually(lambda: api.taken)
    # The store is behind: what was written counts.
    want(publisher, 1, "Running", settled=True)
    assert (publisher.pending, api.of("s1")) == (0, ["Running"])


def test_a_newer_status_is_written_after_the_one_that_is_under_way(publisher, api):
    api.gate.clear()
    want(publisher, 1, "Running", settled=True)
    eventually(lambda: not publisher.pending)
    want(publisher, 1, "Failed", settled=True)
    api.gate.set()
    eventually(lambda: api.of("s1") == ["Running", "Failed"])


def test_after_a_failure_the_newest_status_is_tried_again_with_a_growing_delay(publisher, api, clock):
    api.down = True
    want(publisher, 1, "Creating")
    pass_time(publisher, clock, 0.0)
    want(publisher, 1, "Running", settled=True)
    pass_time(publisher, clock, 0.7)
    assert api.failed == 1, "a newer status does not cut the delay short"
    pass_time(publisher, clock, 30.0)
    assert 4 <= api.failed <= 6
    api.down = False
    pass_time(publisher, clock, 40.0)
    assert api.of("s1") == ["Running"]
    assert publisher.queue.num_requeues(key(1)) == 0


def test_the_store_counts_again_when_it_is_newer(publisher, api):
    want(publisher, 1, "Running", settled=True)
    eventually(lambda: publisher.with_latest_status(key(1), server(1)).get("status") == {"phase": "Running"})
    # As soon as the API server's answer is there; until then what is on its way counts, whatever the store has.
    eventually(lambda: "status" not in publisher.with_latest_status(key(1), server(1, "11")))
    other = {"metadata": {"name": "s1", "uid": "another", "resourceVersion": "2"}}
    assert publisher.with_latest_status(key(1), other) is other


def test_an_object_that_is_gone_is_no_failure(publisher, api, clock):
    api.gone = True
    want(publisher, 1, "Running", settled=True)
    pass_time(publisher, clock, 60.0)
    assert (publisher.pending, api.asked) == (0, 1)


def test_nothing_is_written_of_an_object_that_was_removed(publisher, api, clock):
    want(publisher, 1, "Creating")
    eventually(lambda: is_idle(publisher.queue))
    want(publisher, 1, "Updating")
    publisher.remove(key(1))
    pass_time(publisher, clock, 60.0)
    assert (api.of("s1"), publisher.unsettled) == (["Creating"], 0)


def test_a_field_that_another_client_owns_is_removed(api, publisher):
    """Server-side apply leaves it where it is."""
    replaced = []
    apply = api.apply
    api.apply = lambda manifest, **how: {
        **apply(manifest, **how),
        "status": {"provedTemplate": "of-a-former-cluster", **manifest["status"]},
    }

    def request(method, path, *, body, **_how):
        replaced.append((method, path, body))
        return {"metadata": {"resourceVersion": "11"}, "status": body[1]["value"]}

    api.request = request
    want(publisher, 1, "Running", settled=True)
    eventually(lambda: replaced)
    [(method, path, body)] = replaced
    assert (method, path) == ("PATCH", "/apis/mcp.mcp-operator.io/v1/namespaces/team/mcpservers/s1/status")
    assert body[0] == {"op": "replace", "path": "/metadata/resourceVersion", "value": "10"}
    assert body[1]["value"] == {"phase": "Running", "conditions": []}
