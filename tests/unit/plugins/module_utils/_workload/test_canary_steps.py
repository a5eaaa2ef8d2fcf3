# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From each state of a canary, and what is observed, the next one follows; nothing else is remembered."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary_steps

from .canary_in_progress import ANNOTATION, FAILED, NEW, OLD, OTHER, STEPS, Rollout


@pytest.fixture
def rollout():
    return Rollout()


def test_a_template_that_passes_takes_all_steps_and_is_promoted(rollout):
    rollout.step()
    assert rollout.state == ("Progressing", 1, 1)
    assert rollout.step().again == 300
    assert rollout.state == ("Paused", 1, 1)
    assert rollout.step(299).again == 1
    rollout.step(1)
    assert rollout.state == ("Progressing", 2, 10)
    assert rollout.step().again == 600
    rollout.step(600)
    assert rollout.state == ("Promoting", 2, 10)
    rollout.step(10_000)
    assert rollout.state == ("Promoting", 2, 10)
    rollout.stable = NEW
    rollout.step()
    assert rollout.status["phase"] == "Stable"
    assert rollout.status["stableRevision"] == NEW
    assert "canaryRevision" not in rollout.status


def test_a_state_that_lasts_is_not_written_again(rollout):
    for phase in ("Progressing", "Paused"):
        rollout.until(phase)
        before = rollout.status
        if phase == "Progressing":
            rollout.passes = False
        rollout.step(30)
        assert rollout.status == before
        rollout.passes = True
    rollout.template = OLD
    rollout.step()
    before = rollout.status
    rollout.step(1000)
    assert rollout.status == before


def test_the_first_template_of_a_server_has_no_canary(rollout):
    rollout.stable = ""
    rollout.step()
    assert rollout.status == {}


def test_without_the_strategy_there_is_no_status(rollout):
    rollout.until("Paused")
    rollout.spec["rollout"] = {"strategy": "rolling"}
    rollout.step()
    assert rollout.status == {}


@pytest.mark.parametrize("phase", ["Progressing", "Paused", "Promoting"])
def test_a_template_that_is_edited_in_the_middle_begins_with_the_first_step(phase):
    rollout = Rollout([{"weight": 20, "pause": "0"}] if phase == "Promoting" else STEPS).until(phase)
    rollout.template = OTHER
    rollout.step(5)
    assert rollout.state == ("Progressing", 1, 2 if phase == "Promoting" else 1)
    assert (rollout.status["canaryRevision"], rollout.status["stableRevision"]) == (OTHER, OLD)


@pytest.mark.parametrize("phase", ["Progressing", "Paused", "Promoting"])
def test_a_manifest_that_is_reverted_ends_the_canary(phase):
    rollout = Rollout([{"weight": 20, "pause": "0"}] if phase == "Promoting" else STEPS).until(phase)
    rollout.template = OLD
    rollout.step()
    assert rollout.status["phase"] == "Stable"


def test_a_pause_begins_anew_when_a_pod_of_the_canary_fails(rollout):
    rollout.until("Paused").step(200)
    rollout.passes = False
    rollout.step(50)
    assert rollout.state == ("Progressing", 1, 1)
    rollout.passes = True
    assert rollout.step(60).again == 300


def test_a_template_that_failed_stays_aborted_until_the_manifest_has_another(rollout):
    rollout.until("Paused")
    rollout.failed = FAILED
    rollout.step()
    assert rollout.status["phase"] == "Aborted"
    assert rollout.status["message"] == "It is no MCP server."
    rollout.template = OLD  # the stable Deployment has it, and there is no canary
    rollout.step(100_000)
    assert rollout.status["phase"] == "Aborted"
    rollout.failed, rollout.template = {}, OTHER
    rollout.step()
    assert rollout.state == ("Progressing", 1, 1)


def test_a_failed_template_that_is_requested_again_begins_with_the_first_step(rollout):
    rollout.until("Progressing", 1)
    rollout.failed = FAILED
    rollout.step()
    rollout.failed = {}
    rollout.step()
    assert rollout.state == ("Progressing", 1, 1)


def test_nothing_is_tried_while_it_is_scaled_to_zero(rollout):
    rollout.replicas = 0
    rollout.step()
    assert rollout.state == ("Progressing", 1, 0)
    rollout.step(100_000)
    assert rollout.state == ("Progressing", 1, 0)
    rollout.replicas = 4
    rollout.step()
    rollout.step()
    assert rollout.state == ("Paused", 1, 1)
    rollout.replicas = 0
    rollout.step()
    assert rollout.state == ("Progressing", 1, 0)


def test_the_share_follows_an_autoscaler(rollout):
    rollout.until("Progressing", 1)
    rollout.replicas = 40
    rollout.passes = False
    rollout.step()
    assert rollout.state == ("Progressing", 1, 4)
    rollout.passes = True
    rollout.step()
    assert rollout.state == ("Paused", 1, 4)
    # Further Pods would have to pass first; fewer are a matter of the share.
    rollout.replicas = 100
    assert rollout.step(100).again == 200
    assert rollout.state == ("Paused", 1, 4)
    rollout.replicas = 10
    rollout.step()
    assert rollout.state == ("Paused", 1, 1)


def test_a_step_waits_for_all_of_its_pods(rollout):
    rollout.until("Progressing", 1)
    rollout.replicas = 40
    rollout.step(canary=1, passed=True)
    assert rollout.state == ("Progressing", 1, 4)


def test_a_canary_whose_deployment_is_deleted_waits_for_it(rollout):
    rollout.until("Paused")
    rollout.step(canary=0, passed=False)
    assert rollout.state == ("Progressing", 1, 1)


@pytest.mark.parametrize("phase", ["Progressing", "Paused", "Promoting"])
def test_a_stable_deployment_that_is_deleted_ends_no_canary(phase):
    rollout = Rollout([{"weight": 20, "pause": "0"}] if phase == "Promoting" else STEPS).until(phase)
    before = dict(rollout.status)
    rollout.template = ""
    found = rollout.step(100_000)
    assert (rollout.status, found.again, found.abort) == (before, None, "")
    rollout.template = NEW
    rollout.step()
    assert rollout.status["phase"] not in ("Stable", "Aborted")


def test_a_step_without_a_pause_waits_to_be_promoted():
    rollout = Rollout([{"weight": 10}, {"weight": 50}]).until("Paused")
    assert rollout.step(1_000_000).again is None
    rollout.command("promote")
    rollout.step()
    assert rollout.state == ("Progressing", 2, 10)
    rollout.until("Paused", 2).step(1000)
    assert rollout.state == ("Paused", 2, 10)
    rollout.command("promote again")
    rollout.step()
    assert rollout.status["phase"] == "Promoting"


def test_promoting_does_not_skip_validation():
    rollout = Rollout([{"weight": 10}, {"weight": 50}])
    rollout.step()
    rollout.passes = False
    rollout.command("promote")
    rollout.step()
    assert rollout.state == ("Progressing", 1, 1)
    rollout.passes = True
    rollout.step()
    assert rollout.state == ("Progressing", 2, 10)
    # One command is one step.
    rollout.step()
    rollout.step(1000)
    assert rollout.state == ("Paused", 2, 10)


def test_a_canary_that_is_paused_waits_until_it_is_resumed(rollout):
    rollout.until("Paused").command("pause")
    rollout.step(1)
    assert rollout.step(10_000).again is None
    assert rollout.state == ("Paused", 1, 1)
    assert ANNOTATION in rollout.status["message"]
    rollout.command("resume")
    rollout.step()
    assert rollout.state == ("Progressing", 2, 10)
    assert "paused" not in rollout.status


def test_one_that_is_paused_can_be_promoted(rollout):
    rollout.until("Paused").command("pause")
    rollout.step()
    rollout.command("promote")
    rollout.step()
    assert rollout.state == ("Progressing", 2, 10)
    rollout.step()
    assert rollout.step().again == 600


@pytest.mark.parametrize("phase", ["Progressing", "Paused", "Promoting"])
def test_a_user_can_abort_it_at_any_time(phase):
    rollout = Rollout([{"weight": 20, "pause": "0"}] if phase == "Promoting" else STEPS).until(phase)
    rollout.command("abort")
    before = rollout.status
    found = rollout.step()
    assert found.abort
    assert found.rollout == before


def test_commands_that_were_given_earlier_are_not_about_this_canary(rollout):
    rollout.command("abort")
    rollout.template = OLD
    rollout.step()
    rollout.template = NEW
    assert not rollout.step().abort
    assert rollout.state == ("Progressing", 1, 1)
    rollout.command("abort 2")
    assert rollout.step().abort


def test_a_command_from_before_the_strategy_was_set_is_not_about_this_canary(rollout):
    rollout.command("abort")
    assert not rollout.step().abort


@pytest.mark.parametrize("value", ["", " ", "delete", "promoted", "PROMOTE", "x" * 10_000])
def test_other_values_are_no_commands(value):
    assert canary_steps.command_of({"metadata": {"annotations": {ANNOTATION: value}}})[0] == ""
    rollout = Rollout().until("Paused")
    rollout.command(value)
    assert rollout.step().again == 300


def test_steps_that_are_removed_in_the_middle_are_not_taken(rollout):
    rollout.until("Paused").step(300)
    rollout.until("Paused", 2)
    rollout.spec["rollout"] = {"strategy": "canary", "steps": [{"weight": 30, "pause": "1m"}]}
    rollout.step(60)
    assert rollout.status["phase"] == "Promoting"


def test_the_condition_says_whether_a_canary_is_in_progress(rollout):
    assert canary_steps.condition({}) is None
    rollout.until("Paused")
    found = canary_steps.condition(rollout.status)
    assert (found.type, found.status, found.reason) == ("CanaryProgressing", "True", "Paused")
    rollout.template = OLD
    rollout.step()
    found = canary_steps.condition(rollout.status)
    assert (found.status, found.reason) == ("False", "Stable")
    assert found.message
