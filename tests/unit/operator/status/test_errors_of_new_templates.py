# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A new template whose server answers with errors at first, for example while it loads its data."""

from __future__ import annotations

import pytest

from ..fake_workload import GOOD, bad
from ..pinned import serving


def updated(cluster, answer):
    """Update a strict server that serves, and let the Pod of the new template answer so."""
    cluster.create(validation={"strictMode": True})
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    serving(cluster)
    cluster.change(image="w:2")
    answers = {"wiki-a": GOOD, "wiki-b": answer}
    cluster.answer = lambda request: answers[request.pod]
    cluster.deploy(mark="t2", template=2, ready=1)
    cluster.pod("b", template=2, gated=True)
    return answers


def rollback(cluster):
    return cluster.status().get("rollback") or {}


def test_one_error_does_not_roll_it_back(cluster):
    answers = updated(cluster, bad("SERVER_ERROR"))
    cluster.until(lambda: cluster.gate_of("b") is False)
    assert not rollback(cluster)
    answers["wiki-b"] = GOOD
    cluster.until(lambda: cluster.gate_of("b") is True)
    assert not any((status.get("rollback") or {}).get("active") for status in cluster.writes)


@pytest.mark.parametrize(("code", "reason"), [("SERVER_ERROR", "DeadlineExceeded"), ("NOT_MCP", "ValidationFailed")])
def test_one_that_goes_on_to_fail_is_rolled_back(cluster, code, reason):
    updated(cluster, bad(code))
    if reason == "DeadlineExceeded":
        cluster.until(lambda: cluster.gate_of("b") is False)
        cluster.clock.step(3600)
    cluster.until(lambda: rollback(cluster).get("active"))
    assert rollback(cluster)["reason"] == reason
    assert bool(rollback(cluster).get("retryTime")) is (reason == "DeadlineExceeded")
