# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.rollout.managedBy``: what differs in the objects, and what the status says."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import managed, scaling, server

ARGO, FLAGGER = "argo-rollouts", "flagger"
IMAGES = {"inject": "sidecar:1", "package": "runtimes:1"}
INSTANCE = {"app.kubernetes.io/instance": "wiki", "app.kubernetes.io/managed-by": "mcp-operator"}


def mcpserver(manager, status=None, **spec):
    meta = {"name": "wiki", "namespace": "team", "uid": "u-1", "generation": 1}
    rollout = {"rollout": {"managedBy": manager}} if manager else {}
    return {"metadata": meta, "spec": {"image": "wiki:1", **rollout, **spec}, "status": status or {}}


def view(manager, status=None, **spec):
    return server.template_context(mcpserver(manager, status, **spec), None, IMAGES)


@pytest.mark.parametrize("manager", [ARGO, FLAGGER])
def test_the_number_of_pods_is_left_to_the_controller(manager):
    found = view(manager, replicas=3)
    assert found["replicas"] is None
    assert found["disruption_budget"]
    assert scaling.warnings(mcpserver(manager, replicas=3)["spec"]) == [
        "spec.replicas has no effect while spec.rollout.managedBy is set."
    ]


def test_with_argo_rollouts_only_the_autoscaler_differs():
    spec = {"hpa": {"enabled": True}}
    found, usual = view(ARGO, **spec), view("", **spec)
    target = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "wiki"}
    assert found.pop("hpa_target") == target
    assert usual.pop("hpa_target") == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}
    assert found == usual


def test_flagger_gets_a_hook_and_a_sidecar_that_its_types_know():
    found = view(FLAGGER)
    hook = {"preStop": {"httpGet": {"path": "/drained", "port": 9090}}}
    assert found["container"]["optional"]["lifecycle"] == hook
    assert found["init_containers"] == []
    (proxy,) = found["more_containers"]
    assert proxy["lifecycle"] == hook
    assert "restartPolicy" not in proxy
    # As long as the sleep that it replaces.
    assert "--drain-sessions=3s" in proxy["args"]


def test_without_draining_there_is_no_hook():
    found = view(FLAGGER, strategy={"drainSeconds": 0})
    assert "lifecycle" not in found["container"]["optional"]
    assert not [word for word in found["more_containers"][0]["args"] if "drain" in word]


def test_flagger_changes_one_label_so_others_select_the_pods():
    found = view(FLAGGER, podTemplate={"labels": {"app.kubernetes.io/instance": "mine"}})
    assert found["pod_selector"] == INSTANCE
    assert found["pod_selector"].items() <= found["pod"]["labels"].items()
    assert found["selector"] == {"app": "wiki"}


def test_the_service_selects_the_primary_pods_once_they_serve():
    assert view(FLAGGER)["service"]["selector"] == INSTANCE
    assert managed.inputs(mcpserver(FLAGGER)) is False
    serving = {"rollout": {"phase": "Stable"}}
    assert view(FLAGGER, serving)["service"]["selector"] == {"app": "wiki-primary"}
    assert managed.inputs(mcpserver(FLAGGER, serving)) is True
    for manager in ("", ARGO):
        assert view(manager, serving)["service"]["selector"] == {"app": "wiki"}
        assert managed.inputs(mcpserver(manager, serving)) is None


STEPS = {"strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}}


def status(manager, before=None, **own):
    item = {"spec": STEPS, "status": own}
    return managed.status(mcpserver(manager, {"rollout": before or {}}), item, "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("manager", "own", "phase", "message"),
    [
        (ARGO, {"phase": "Healthy"}, "Stable", "Argo Rollouts: Healthy"),
        (ARGO, {"phase": "Paused", "message": "CanaryPauseStep"}, "Paused", "Argo Rollouts: Paused: CanaryPauseStep"),
        (ARGO, {"phase": "Degraded", "message": "aborted"}, "Aborted", "Argo Rollouts: Degraded: aborted"),
        (FLAGGER, {"phase": "Succeeded"}, "Stable", "Flagger: Succeeded"),
        (FLAGGER, {"phase": "Finalising"}, "Promoting", "Flagger: Finalising"),
        (
            FLAGGER,
            {"phase": "Failed", "conditions": [{"type": "Promoted", "message": "Canary analysis failed."}]},
            "Aborted",
            "Flagger: Failed: Canary analysis failed.",
        ),
    ],
)
def test_the_status_has_the_phase_and_the_words_of_the_controller(manager, own, phase, message):
    found = status(manager, **own)
    assert (found["phase"], found["message"]) == (phase, message)


def test_a_manifest_that_is_reverted_after_a_failure_has_not_failed():
    """Flagger does not try what it has promoted last, and its phase stays the same."""
    failed = status(FLAGGER, phase="Failed", lastAppliedSpec="new", lastPromotedSpec="old")
    assert (failed["phase"], failed["canaryRevision"]) == ("Aborted", "new")
    reverted = status(FLAGGER, failed, phase="Failed", lastAppliedSpec="old", lastPromotedSpec="old")
    assert (reverted["phase"], reverted["canaryRevision"]) == ("Stable", "new")
    assert reverted["message"] == "Flagger: Failed: The manifest has the template again that serves."
    # Also after a restart of the operator, and until another one fails.
    assert status(FLAGGER, reverted, phase="Failed", lastAppliedSpec="old", lastPromotedSpec="old") == reverted
    again = status(FLAGGER, reverted, phase="Failed", lastAppliedSpec="newest", lastPromotedSpec="old")
    assert (again["phase"], again["canaryRevision"]) == ("Aborted", "newest")


def test_a_secret_that_was_changed_and_failed_has_failed_also_with_the_same_template():
    for before in ({}, {"phase": "Stable"}, status(FLAGGER, {"canaryRevision": "earlier"}, phase="Progressing")):
        failed = status(FLAGGER, before, phase="Failed", lastAppliedSpec="old", lastPromotedSpec="old")
        assert failed["phase"] == "Aborted"
        assert "canaryRevision" not in failed


def test_the_status_has_the_step_or_the_weight():
    assert status(ARGO, phase="Progressing", currentStepIndex=1)["step"] == 2
    assert status(FLAGGER, phase="Progressing", canaryWeight=20)["weight"] == 20


def test_there_is_no_step_after_the_last_one():
    assert "step" not in status(ARGO, phase="Progressing", currentStepIndex=2)


@pytest.mark.parametrize("number", [-1, -(2**40), 2**40, 1.5])
def test_numbers_that_the_status_cannot_have_are_left_out(number):
    """Others may write the status of a Canary; the API server would reject ours as a whole."""
    assert "step" not in status(ARGO, phase="Progressing", currentStepIndex=number)
    assert "weight" not in status(FLAGGER, phase="Progressing", canaryWeight=number)


def test_the_time_is_that_of_the_last_change():
    before = {"phase": "Paused", "step": 1, "since": "2025-12-31T00:00:00Z"}
    assert status(ARGO, before, phase="Paused", currentStepIndex=0)["since"] == "2025-12-31T00:00:00Z"
    assert status(ARGO, before, phase="Paused", currentStepIndex=1)["since"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("manager", "item"),
    [
        (ARGO, None),
        (ARGO, {}),
        (FLAGGER, {"status": {"phase": "Initializing"}}),
        ("", {"status": {"phase": "Healthy"}}),
    ],
)
def test_before_the_controller_is_in_charge_there_is_no_status(manager, item):
    assert managed.status(mcpserver(manager), item, "2026-01-01T00:00:00Z") == {}


def test_without_an_operator_there_is_a_warning():
    assert "needs the operator" in managed.warnings(mcpserver(ARGO))[0]
    assert managed.warnings(mcpserver("")) == []
