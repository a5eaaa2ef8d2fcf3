# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whatever somebody wrote into ``status.rollout``, as far as its schema allows it, a canary goes on."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary
from hypothesis import given
from hypothesis import strategies as st

from .canary_in_progress import NEW, OLD, Rollout

INT32 = st.integers(-(2**31), 2**31 - 1)
TEXT = st.text(max_size=20)
TIMES = ["0001-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"]
FORGED = st.fixed_dictionaries(
    {},
    optional={
        "phase": st.one_of(st.sampled_from(canary.PHASES), TEXT),
        "step": INT32,
        "weight": INT32,
        "trafficWeight": INT32,
        "analysis": TEXT,
        "stableOnly": st.booleans(),
        "canaryReplicas": INT32,
        "stableRevision": st.one_of(st.sampled_from([OLD, NEW]), TEXT),
        "canaryRevision": st.one_of(st.sampled_from([OLD, NEW]), TEXT),
        "paused": st.booleans(),
        "message": TEXT,
        "since": st.sampled_from(TIMES),
        "request": TEXT,
    },
)


@pytest.mark.parametrize("exposed", [False, True])
@given(FORGED, st.sampled_from([OLD, NEW]), st.booleans(), st.sampled_from(["", "promote", "pause", "abort"]))
def test_a_forged_status_neither_stops_a_canary_nor_makes_more_pods(exposed, forged, template, failed, command):
    rollout = Rollout()
    if exposed:
        rollout.spec["expose"] = {"parentRefs": [{"name": "gateway"}]}
    rollout.template, rollout.status = template, forged
    if command:
        rollout.command(command)
    if failed and template == NEW:
        rollout.failed = {"active": True, "template": NEW, "to": OLD, "message": "It is no MCP server."}
    for _ in range(3):
        planned = canary.plan(
            {**rollout.server, "status": {"provedTemplate": OLD, "rollout": rollout.status}}, template
        )
        assert 0 <= (planned.replicas or 0) <= rollout.replicas
        assert 0 <= (planned.weight or 0) <= 100
        found = rollout.step()
        assert found.again is None or 0 <= found.again <= 600
        if found.abort:
            return
        if rollout.status["phase"] in canary.ONGOING:
            assert 1 <= rollout.status["step"] <= 2
            assert 0 <= rollout.status.get("canaryReplicas", 0) <= rollout.replicas


@pytest.mark.parametrize("since", [{}, {"since": "2999-01-01T00:00:00Z"}])
def test_a_step_that_began_in_the_future_or_at_no_time_begins_now(since):
    rollout = Rollout().until("Paused", 1)
    del rollout.status["since"]
    rollout.status.update(since)
    assert rollout.step().again == 300
    assert rollout.step(300).rollout["phase"] == "Progressing"
    assert rollout.until("Paused", 2).now - rollout.now == dt.timedelta()


@pytest.mark.parametrize(
    ("scaling", "most"),
    [({"replicas": 4}, 4), ({"hpa": {"enabled": True, "maxReplicas": 6}}, 6), ({"autoscaling": "external"}, 1_000)],
)
def test_a_forged_number_of_pods_is_bounded_by_the_manifest(scaling, most):
    rollout = Rollout().until("Paused")
    rollout.spec = {**{name: rollout.spec[name] for name in ("rollout", "validation")}, **scaling}
    rollout.status["canaryReplicas"] = 1_000
    server = {**rollout.server, "status": {"provedTemplate": OLD, "rollout": rollout.status}}
    assert canary.plan(server, NEW).replicas == most
