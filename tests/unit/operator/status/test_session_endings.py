# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that ends with the session of its validation is restarted twice, and then no more because of us."""

from __future__ import annotations

import datetime as dt

import pytest

from ..fake_workload import GOOD


class Restarts:
    """The kubelet, which restarts the container of a server that ends."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.count = 0
        cluster.answer = {**GOOD, "session": True}

    def container(self, ready, reason="Completed"):
        status = {
            "name": "mcp-server",
            "ready": ready,
            "restartCount": self.count,
            "containerID": f"c{self.count}",
            "imageID": "sha256:1",
            "state": {"running": {}},
        }
        if self.count:
            status["lastState"] = {"terminated": {"finishedAt": self.ended, "reason": reason}}
        return {"containerStatuses": [status]}

    def serve(self):
        self.cluster.pod(**self.container(ready=True))
        self.cluster.deploy(ready=1)
        self.cluster.becomes("Running", "Validated")

    def restart(self, reason="Completed"):
        """End the container a second after now. The next one is not ready at first."""
        self.cluster.clock.step(1.0)
        self.count += 1
        self.ended = f"{dt.datetime.fromtimestamp(int(self.cluster.clock.epoch()), dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        self.cluster.pod(ready=False, **self.container(ready=False, reason=reason))
        self.cluster.deploy(ready=0)
        self.cluster.rests(3.0)
        self.serve()
        self.cluster.rests(0.5)


@pytest.fixture
def restarts(cluster):
    cluster.create(validation={"strictMode": True, "probe": {"periodSeconds": 10}})
    made = Restarts(cluster)
    made.serve()
    return made


def codes(cluster):
    return [issue["code"] for issue in cluster.status()["validation"]["issues"]]


def test_it_is_reported_and_probed_in_one_session(cluster, restarts):
    restarts.restart()
    assert (len(cluster.asked), codes(cluster)) == (2, [])
    restarts.restart()
    assert (len(cluster.asked), [one.open for one in cluster.sessions]) == (2, [False, True])
    assert codes(cluster) == ["ENDS_WITH_SESSION"]
    writes = len(cluster.writes)
    cluster.rests(3000)
    assert (len(cluster.asked), [one.open for one in cluster.sessions]) == (2, [False, True])
    assert len(cluster.writes) == writes


def test_the_next_process_of_the_operator_ends_it_once_by_closing_its_session(cluster, restarts):
    restarts.restart()
    restarts.restart()
    cluster.controller.stop()
    assert [one.open for one in cluster.sessions] == [False, False]
    cluster.restart()
    restarts.restart()
    assert (cluster.asked, [one.open for one in cluster.sessions[2:]]) == ([], [True])
    assert codes(cluster) == ["ENDS_WITH_SESSION"]


def test_a_container_that_had_no_memory_left_did_not_end_with_its_session(cluster, restarts):
    for _number in range(4):
        restarts.restart("OOMKilled")
    assert (len(cluster.asked), cluster.sessions, codes(cluster)) == (5, [], [])


def test_a_pod_that_is_gone_has_no_session(cluster, restarts):
    restarts.restart()
    restarts.restart()
    cluster.remove_pod("a")
    cluster.deploy(ready=0, pods=0)
    cluster.until(lambda: not any(one.open for one in cluster.sessions))


def test_a_new_template_is_validated_as_any_other(cluster, restarts):
    restarts.restart()
    restarts.restart()
    cluster.change(image="w:2")
    cluster.deploy(template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.pod("b", template=2)
    cluster.until(lambda: len(cluster.asked) == 3)
    assert cluster.asked[-1].pod == "wiki-b"
