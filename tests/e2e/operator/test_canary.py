# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Canaries with real Pods: what official clients notice of a good and of a bad version, and of a killed operator."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster
from support.gates import serving
from support.operator import NAMESPACE, WATCHED

from .conftest import BROKEN, GO

pytestmark = pytest.mark.test_all

ANNOTATION = "mcp.mcp-operator.io/rollout"
STRICT = {"strictMode": True, "deadlineSeconds": 60}
SPEC = {"image": GO, "args": ["--stateless"], "replicas": 2, "validation": STRICT}
SECOND = [{"name": "SECOND", "value": "1"}]


def canary(*steps):
    return {"strategy": "canary", "steps": list(steps)}


def phase(server):
    return (server.status.get("rollout") or {}).get("phase")


def reaches(server, wanted, step=None, timeout=120):
    def check():
        found = server.status.get("rollout") or {}
        return found.get("phase") == wanted and step in (None, found.get("step"))

    try:
        cluster.until(f"{server.name} is {wanted}", check, timeout)
    except AssertionError as exc:
        raise AssertionError(f"{exc}: {server.status}") from None


def command(server, value):
    body = {"metadata": {"annotations": {ANNOTATION: value}}}
    server.client.request("PATCH", server.path, what="annotate", body=MergePatch(body))


def uids(server, *, second):
    """Return the Pods of one of the two templates."""
    found = server.pods()
    variables = {pod["metadata"]["uid"]: pod["spec"]["containers"][0].get("env") or [] for pod in found}
    return {uid for uid, env in variables.items() if (SECOND[0] in env) == second}


@pytest.fixture
def started(make):
    def start(rollout):
        server = make(**SPEC, rollout=rollout)
        server.becomes("Running", "Validated")
        cluster.until("the stable template is known", lambda: phase(server) == "Stable", 30)
        return server

    return start


def test_clients_notice_neither_a_good_version_nor_a_bad_one(started, calling, client):
    steps = [{"weight": 10, "pause": "8s"}, {"weight": 50, "pause": "8s"}]
    server = started(canary(*steps))
    old = uids(server, second=False)
    clients = calling(server, clients=8, rate=20)
    # Eight handshakes at once take their time on a busy machine.
    clients.ready()
    clients.happens("good")
    server.apply(**SPEC, rollout=canary(*steps), environment=SECOND)
    reaches(server, "Paused", 1)
    assert uids(server, second=False) == old
    assert len(uids(server, second=True)) == 1
    cluster.until("three Pods serve", lambda: len(serving(client, server.name)) == 3, 30)
    reaches(server, "Paused", 2)
    assert len(uids(server, second=True)) == 2
    server.becomes("Running", "Validated")
    cluster.until("the canary is deleted", lambda: not server.child("Deployment", f"{server.name}-canary"), 30)
    cluster.until(
        "only two new Pods are left",
        lambda: (len(uids(server, second=True)), len(uids(server, second=False))) == (2, 0),
        60,
    )
    server.records("CanaryStarted", "CanaryStep", "CanaryPromoted")
    new = uids(server, second=True)
    clients.happens("bad")
    server.apply(**{**SPEC, "image": BROKEN, "args": ["html"]}, rollout=canary(*steps))
    reaches(server, "Aborted")
    cluster.until("the canary is deleted", lambda: not server.child("Deployment", f"{server.name}-canary"), 30)
    assert server.condition("Ready")["reason"] == "RolledBack"
    assert new <= uids(server, second=True)
    clients.happens("after")
    cluster.until("only the stable Pods are left", lambda: {pod["metadata"]["uid"] for pod in server.pods()} == new, 60)
    met = clients.met()
    print(met)
    assert met["good"]["calls"] > 100
    assert met["bad"]["calls"] > 10
    assert [failure for what, found in met.items() if what for failure in found["failures"]] == []


def test_a_user_decides_and_an_autoscaler_scales_meanwhile(make, client):
    hpa = {"enabled": True, "minReplicas": 2, "maxReplicas": 8, "targetCPUUtilizationPercentage": 80}
    spec = {"image": GO, "validation": STRICT, "hpa": hpa, "rollout": canary({"weight": 34}, {"weight": 50})}
    server = make(**spec)
    server.becomes("Running", "Validated")
    cluster.until("the stable template is known", lambda: phase(server) == "Stable", 30)
    server.apply(**spec, environment=SECOND)
    reaches(server, "Paused", 1)
    assert len(uids(server, second=True)) == 1
    path = f"/apis/apps/v1/namespaces/{WATCHED}/deployments/{server.name}/scale"
    client.request("PATCH", path, what="scale as it does", body=MergePatch({"spec": {"replicas": 4}}))
    cluster.until("four Pods are stable", lambda: len(uids(server, second=False)) == 4, 60)
    command(server, "promote")
    reaches(server, "Paused", 2)
    assert len(uids(server, second=True)) == 4
    # Another template in the middle begins anew, next to the same stable one.
    other = [{"name": "THIRD", "value": "1"}]
    server.apply(**spec, environment=other)
    cluster.until("the second template is gone", lambda: not uids(server, second=True), 60)
    reaches(server, "Paused", 1)
    command(server, "abort")
    reaches(server, "Aborted")
    assert server.status["rollback"]["reason"] == "CanaryAborted"
    cluster.until("the canary is deleted", lambda: not server.child("Deployment", f"{server.name}-canary"), 30)
    server.apply(**spec)
    server.becomes("Running", "Validated")
    assert "rollback" not in server.status


def test_a_server_that_never_passed_has_no_canary(make):
    broken = {**SPEC, "image": BROKEN, "args": ["html"]}
    server = make(**broken, rollout=canary({"weight": 50}))
    server.becomes("ValidationFailed", "Failed")
    server.apply(**SPEC, rollout=canary({"weight": 50}))
    server.becomes("Running", "Validated")
    cluster.until("the template is stable", lambda: phase(server) == "Stable", 30)
    assert "CanaryStarted" not in {reason for _type, reason in server.events()}
    server.apply(**SPEC, rollout=canary({"weight": 50}), environment=SECOND)
    reaches(server, "Paused", 1)


def test_deployments_that_are_deleted_in_the_middle_come_back_with_their_templates(started, client):
    server = started(canary({"weight": 50}))
    server.apply(**SPEC, rollout=canary({"weight": 50}), environment=SECOND)
    reaches(server, "Paused", 1)
    for name, second in ((server.name, False), (f"{server.name}-canary", True)):
        before = uids(server, second=second)
        path = f"/apis/apps/v1/namespaces/{WATCHED}/deployments/{name}"
        client.request("DELETE", path, what=f"delete {name}")
        cluster.until(
            f"{name} has new Pods",
            lambda before=before, second=second: len(uids(server, second=second) - before) == 2,
            60,
        )
        cluster.until("four Pods serve", lambda: len(serving(client, server.name)) == 4, 60)
        reaches(server, "Paused", 1)
        assert len(uids(server, second=not second)) == 2
    server.delete()
    cluster.until("no Deployment is left", lambda: not server.child("Deployment", f"{server.name}-canary"), 60)
    cluster.until("no Pod is left", lambda: not server.pods(), 60)
    assert not server.child("Deployment")


@pytest.mark.stops_operator
def test_an_operator_that_is_killed_at_each_step_is_continued(started, operator, client):
    steps = [{"weight": 10, "pause": "10s"}, {"weight": 50, "pause": "10s"}]
    server = started(canary(*steps))
    server.apply(**SPEC, rollout=canary(*steps), environment=SECOND)
    for wanted, step in (("Progressing", 1), ("Paused", 1), ("Progressing", 2), ("Paused", 2), ("Promoting", 2)):
        cluster.until(f"it has come to {wanted}, {step}", lambda at=(wanted, step): passed(server, *at), 120)
        for name in operator.pods():
            path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}"
            client.request("DELETE", path, what="kill the operator", body={"gracePeriodSeconds": 0})
        operator.runs()
    server.becomes("Running", "Validated", timeout=180)
    cluster.until("the canary is deleted", lambda: not server.child("Deployment", f"{server.name}-canary"), 60)
    cluster.until("only new Pods are left", lambda: not uids(server, second=False), 60)


def passed(server, wanted, step):
    """Tell whether a canary has come so far, or further."""
    order = ("Progressing", "Paused", "Promoting", "Stable")
    found = server.status.get("rollout") or {}
    state = order.index(found["phase"])
    if state >= order.index("Promoting") or wanted == "Promoting":
        return state >= order.index(wanted) and (found["phase"] != "Stable" or not uids(server, second=False))
    return (found.get("step") or 0, state) >= (step, order.index(wanted))
