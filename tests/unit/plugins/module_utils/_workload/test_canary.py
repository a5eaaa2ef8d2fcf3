# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which templates are applied during a canary, and with how many Pods."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary, names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary import Plan, Step

OLD, NEW = "old", "new"
ROLLOUT = {"strategy": "canary", "steps": [{"weight": 10, "pause": "5m"}, {"weight": 50}]}


def server(status=None, *, strict=True, rollout=ROLLOUT, **spec):
    return {
        "metadata": {"name": "wiki", "namespace": "team"},
        "spec": {"rollout": rollout, "validation": {"strictMode": strict}, "replicas": 10, **spec},
        "status": {"provedTemplate": OLD, **(status or {})},
    }


def known(phase, revision=NEW, replicas=2):
    return {"rollout": {"phase": phase, "canaryRevision": revision, "stableRevision": OLD, "canaryReplicas": replicas}}


def failed(template=NEW, *, active=True):
    return {"rollback": {"active": active, "template": template, "to": OLD}}


@pytest.mark.parametrize(
    ("stable", "weight", "replicas"),
    [
        (0, 10, 0),
        (0, 100, 0),
        (1, 1, 1),
        (1, 100, 1),
        (3, 10, 1),
        (9, 10, 1),
        (10, 10, 1),
        (10, 25, 3),
        (10, 40, 6),
        (10, 50, 10),
        (10, 90, 10),
        (1000, 1, 10),
    ],
)
def test_a_canary_has_one_pod_at_least_and_no_more_than_its_share(stable, weight, replicas):
    assert canary.replicas(stable, weight) == replicas


def test_shares_never_exceed_the_weight_except_by_the_only_pod():
    for stable in range(1, 120):
        for weight in range(1, 101):
            count = canary.replicas(stable, weight)
            assert 1 <= count <= stable
            assert count == 1 or count * 100 <= weight * (count + stable)


def test_steps_have_the_pauses_of_the_manifest():
    steps = [{"weight": 1, "pause": 90}, {"weight": 2, "pause": "1h30m"}, {"weight": 3, "pause": "0"}, {"weight": 4}]
    found = canary.steps(server(rollout={"strategy": "canary", "steps": steps}))
    assert found == [Step(1, 90.0), Step(2, 5400.0), Step(3, 0.0), Step(4, None)]


@pytest.mark.parametrize("steps", [None, [], "no list", [None]])
def test_without_steps_there_is_one_that_waits(steps):
    assert canary.steps(server(rollout={"strategy": "canary", "steps": steps})) == [Step(10, None)]


@pytest.mark.parametrize("pause", ["soon", "", "-1s", [], {}])
def test_a_pause_that_cannot_be_read_waits_for_a_user(pause):
    assert canary.steps(server(rollout={"steps": [{"weight": 10, "pause": pause}]})) == [Step(10, None)]


def test_a_pause_is_bounded():
    assert canary.steps(server(rollout={"steps": [{"weight": 10, "pause": "9999h"}]})) == [Step(10, 604800.0)]


@pytest.mark.parametrize(
    "found",
    [
        server(rollout=None),
        server(rollout={}),
        server(rollout={"strategy": "rolling"}),
        server(strict=False),
        server(validation={"strictMode": True, "enabled": False}),
        server({"provedTemplate": ""}),
        server({"provedTemplate": NEW}),
        server(failed()),
        server({**known("Aborted"), **failed()}),
    ],
    ids=["none", "empty", "rolling", "not strict", "off", "first", "passed", "failed", "aborted"],
)
def test_these_have_no_canary_and_the_template_of_the_manifest(found):
    assert canary.plan(found, NEW) == Plan()


@pytest.mark.parametrize(
    ("status", "spec", "plan"),
    [
        ({}, {"replicas": 3}, Plan(OLD, 1)),
        ({}, {"replicas": 30}, Plan(OLD, 3)),
        ({}, {"replicas": 0}, Plan(OLD, 0)),
        ({}, {"hpa": {"enabled": True}}, Plan(OLD, 1)),
        (known("Progressing"), {}, Plan(OLD, 2)),
        (known("Paused", replicas=None), {}, Plan(OLD, 0)),
        (known("Promoting"), {}, Plan("", 2)),
        # The manifest has been edited meanwhile.
        (known("Promoting", "other", 7), {}, Plan(OLD, 1)),
        (known("Stable", ""), {}, Plan(OLD, 1)),
        # A failed template is requested to be tried again, or the failed one is another.
        ({**known("Aborted"), **failed(active=False)}, {}, Plan(OLD, 1)),
        ({**known("Aborted", "other"), **failed("other")}, {}, Plan(OLD, 1)),
    ],
)
def test_the_stable_deployment_keeps_what_passed_until_it_is_promoted(status, spec, plan):
    assert canary.plan(server(status, **spec), NEW) == plan


def test_a_plan_depends_on_nothing_else_in_the_status():
    states = [{}, known("Progressing"), known("Promoting"), known("Paused", replicas=3), known("Paused", "other")]
    found = [(canary.inputs(server(status)), canary.plan(server(status), NEW)) for status in states]
    for one, plan in found:
        assert all(plan == other for inputs, other in found if inputs == one)
    assert len({str(inputs) for inputs, _plan in found}) == len(states)
    assert canary.inputs(server(rollout=None)) is None


def test_the_canarys_deployment_selects_its_own_pods_only_and_the_service_selects_them_too():
    selector = names.selector("wiki")
    stable = {
        "metadata": {"name": "wiki", "namespace": "team", "labels": names.labels("wiki"), "annotations": {"a": "b"}},
        "spec": {
            "replicas": 5,
            "selector": {"matchLabels": selector},
            "template": {"metadata": {"labels": {**names.labels("wiki"), names.TEMPLATE_LABEL: NEW}}, "spec": {"a": 1}},
        },
    }
    found = canary.deployment(stable, 2)
    assert found["metadata"]["name"] == "wiki-canary"
    assert found["spec"]["replicas"] == 2
    labels = found["spec"]["template"]["metadata"]["labels"]
    assert found["spec"]["selector"]["matchLabels"] == {**selector, names.CANARY_LABEL: "true"}
    assert labels == {**stable["spec"]["template"]["metadata"]["labels"], names.CANARY_LABEL: "true"}
    assert found["spec"]["template"]["spec"] == {"a": 1}
    # The stable one is left as it is.
    assert names.CANARY_LABEL not in str(stable)


@pytest.mark.parametrize(("length", "weighted"), [(56, True), (57, False)])
def test_a_name_without_room_for_a_second_service_has_no_weights(length, weighted):
    exposed = server(expose={"parentRefs": [{"name": "shared"}]})
    exposed["metadata"]["name"] = "w" * length
    assert canary.weighted(exposed) == weighted
    assert canary.plan(exposed, NEW).replicas == 1
    assert canary.plan(exposed, NEW).weight == (0 if weighted else None)


def test_without_an_operator_there_is_a_warning():
    assert len(canary.warnings(server())) == 1
    assert canary.warnings(server(rollout={"strategy": "rolling"})) == []
