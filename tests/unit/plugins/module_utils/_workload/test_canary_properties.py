# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From each state of a canary, whatever is observed, only a template that passes each step is promoted."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary, canary_steps
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary_steps import Seen
from hypothesis import given
from hypothesis import strategies as st

from .canary_in_progress import NEW, OLD, OTHER, START, Rollout

PHASES = [*canary.PHASES, None, "Unknown"]


@pytest.mark.parametrize(("phase", "known", "template"), list(itertools.product(PHASES, [OLD, NEW, None], [OLD, NEW])))
def test_from_any_state_the_template_that_passed_stays_unless_all_steps_were_taken(phase, known, template):
    """An operator that ended anywhere is continued by another one, which knows the status and the objects only."""
    before = {"phase": phase, "canaryRevision": known, "stableRevision": OLD, "step": 1, "canaryReplicas": 1}
    before = {name: value for name, value in before.items() if value is not None}
    for count, passed in ((0, False), (1, False), (1, True)):
        server = Rollout().server
        server["status"] = {"provedTemplate": OLD, "rollout": before}
        found = canary_steps.decide(server, Seen(template, OLD, 10, count, passed), START)
        server["status"]["rollout"] = found.rollout
        plan = canary.plan(server, template)
        if template == OLD:
            assert (found.rollout["phase"], plan) == ("Stable", canary.Plan())
        elif phase == "Promoting" and known == NEW:
            assert plan.stable == ""
            assert found.rollout["phase"] == "Promoting"
        else:
            assert plan.stable == OLD
            assert plan.replicas == 1
            assert found.rollout["phase"] in ("Progressing", "Paused")


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 700)),
        st.tuples(st.just("replicas"), st.integers(0, 30)),
        st.tuples(st.just("passes"), st.booleans()),
        st.tuples(st.just("template"), st.sampled_from([OLD, NEW, OTHER])),
        st.tuples(st.just("command"), st.sampled_from(["promote", "pause", "resume", "abort", "promote 2", "nothing"])),
    ),
    max_size=40,
)


@given(EVENTS)
def test_whatever_happens_only_a_template_that_passes_each_step_is_promoted(events):
    """Each event may be the last that one process of the operator sees: only the status is carried on."""
    rollout = Rollout()
    passed_steps = 0
    for kind, value in events:
        if kind == "wait":
            rollout.now += dt.timedelta(seconds=value)
        elif kind == "command":
            rollout.command(value)
        else:
            setattr(rollout, kind, value)
        before = rollout.status
        found = rollout.step()
        after = found.rollout
        if found.abort:
            assert rollout.template != OLD
            rollout.annotations = {}
            continue
        if rollout.template == OLD:
            assert after["phase"] == "Stable"
            passed_steps = 0
            continue
        if after.get("canaryRevision") != before.get("canaryRevision") or before.get("phase") == "Stable":
            assert after["step"] == 1
            passed_steps = 0
        if (before.get("phase"), before.get("step")) != (after["phase"], after["step"]) and passed_steps < 2:
            moved = after["phase"] == "Promoting" or (after.get("step") or 0) > passed_steps + 1
            if moved:
                assert rollout.passes
                passed_steps += 1
        assert 0 <= after.get("canaryReplicas", 0) <= rollout.replicas
        assert (after["phase"] == "Promoting") == (passed_steps == 2)
