# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Strict mode under the operator, with real Pods: who has not proved itself gets no connection, and nothing is lost."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiInvalid

from support import cluster
from support.gates import GATE, serving, switch
from support.operator import NAMESPACE, WATCHED

from .conftest import BROKEN, GO

STRICT = {"strictMode": True}
NONE = "localhost/mcp-servers/none:1"

_ACCOUNT = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/mcp-operator-controller-manager/token"


class StrategicMergePatch(dict[str, t.Any]):
    """A strategic merge patch, which adds to a list by its merge key."""

    media_type = "application/strategic-merge-patch+json"


def gate(pod: dict[str, t.Any]) -> dict[str, t.Any]:
    found = pod["status"].get("conditions") or []
    return next((entry for entry in found if entry["type"] == GATE), {})


def is_open(pod: dict[str, t.Any]) -> bool:
    return gate(pod).get("status") == "True"


def patch_status(client: Client, pod: str, status: dict[str, t.Any], patch: type = StrategicMergePatch) -> None:
    path = f"/api/v1/namespaces/{WATCHED}/pods/{pod}/status"
    client.request("PATCH", path, what="patch a Pod's status", body=patch(status=status))


def test_a_proved_pod_serves_and_its_gate_names_the_container(make, client):
    server = make(image=GO, validation=STRICT)
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    (container,) = pod["status"]["containerStatuses"]
    assert is_open(pod)
    assert container["containerID"] in gate(pod)["message"]
    assert container["imageID"] in gate(pod)["message"]
    # The EndpointSlice follows the gate, later where the machine is busy.
    cluster.until("the Pod serves", lambda: serving(client, server.name) == [pod["metadata"]["name"]], 30)
    assert server.status["provedTemplate"] == pod["metadata"]["labels"]["mcp.mcp-operator.io/template"]


def test_without_strict_mode_there_is_no_gate(make):
    server = make(image=GO)
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    assert "readinessGates" not in pod["spec"]


def test_a_first_deployment_that_fails_serves_nobody_and_stays(make, client):
    server = make(image=BROKEN, args=["html"], validation=STRICT)
    server.becomes("ValidationFailed", "Failed", "NOT_MCP")
    (pod,) = server.pods()
    cluster.until("its gate says so", lambda: gate(server.pods()[0]).get("reason") == "ValidationFailed")
    assert serving(client, server.name) == []
    assert server.child("Deployment")["spec"]["replicas"] == 1
    assert (server.condition("Ready")["status"], server.condition("Available")["status"]) == ("False", "False")
    assert server.pods()[0]["metadata"]["uid"] == pod["metadata"]["uid"]


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"image": BROKEN, "args": ["html"]}, "ValidationFailed"),
        ({"validation": {**STRICT, "requiredCapabilities": ["telepathy"]}}, "ValidationFailed"),
        (
            {"image": "localhost/mcp-servers/none:1", "validation": {**STRICT, "deadlineSeconds": 10}},
            "DeadlineExceeded",
        ),
    ],
    ids=["no MCP", "lacks a capability", "does not start"],
)
def test_a_bad_update_is_answered_by_the_last_template_that_passed(make, client, update, reason):
    spec = {"image": GO, "validation": STRICT}
    server = make(**spec)
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    generation = server.read()["metadata"]["generation"]
    server.apply(**{**spec, **update})
    cluster.until("it is rolled back", lambda: server.condition("Ready").get("reason") == "RolledBack", 120)
    cluster.until(
        "only the old Pod is left",
        lambda: [pod["metadata"]["uid"] for pod in server.pods()] == [old["metadata"]["uid"]],
        60,
    )
    status = server.status
    assert status["phase"] == "ValidationFailed"
    assert status["rollback"]["reason"] == reason
    assert status["validation"]["validatedGeneration"] == generation
    assert server.condition("Available")["status"] == "True"
    assert serving(client, server.name) == [old["metadata"]["name"]]
    server.apply(**{**spec, "replicas": 2})
    server.becomes("Running", "Validated")
    assert len(serving(client, server.name)) == 2
    assert "rollback" not in server.status


def rolled_back(server):
    cluster.until("it is rolled back", lambda: server.condition("Ready").get("reason") == "RolledBack", 120)


@pytest.mark.test_all
def test_an_autoscaler_during_a_rollback_gets_pods_of_the_template_that_passed(make, client):
    hpa = {"enabled": True, "minReplicas": 2, "maxReplicas": 5, "targetCPUUtilizationPercentage": 80}
    server = make(image=GO, hpa=hpa, validation=STRICT)
    server.becomes("Running", "Validated")
    server.apply(image=BROKEN, args=["html"], hpa=hpa, validation=STRICT)
    rolled_back(server)
    path = f"/apis/apps/v1/namespaces/{WATCHED}/deployments/{server.name}/scale"
    client.request("PATCH", path, what="scale as it does", body=MergePatch({"spec": {"replicas": 3}}))
    cluster.until("three serve", lambda: len(serving(client, server.name)) == 3, 60)
    cluster.until(
        "only Pods of that template are left",
        lambda: {pod["spec"]["containers"][0]["image"] for pod in server.pods()} == {GO},
        60,
    )
    assert server.status["rollback"]["tries"] == 1
    assert server.condition("Ready")["reason"] == "RolledBack"


def test_of_two_updates_within_a_rollout_the_second_one_counts(make, client):
    server = make(image=GO, validation=STRICT)
    server.becomes("Running", "Validated")
    server.apply(image=NONE, validation=STRICT)
    cluster.until("the first is being rolled out", lambda: len(server.pods()) == 2, 60)
    server.apply(image=GO, environment=[{"name": "SECOND", "value": "1"}], validation=STRICT)
    server.becomes("Running", "Validated")
    assert "rollback" not in server.status
    cluster.until("only its Pod is left", lambda: len(server.pods()) == 1, 60)
    [variables] = [pod["spec"]["containers"][0]["env"] for pod in server.pods()]
    assert {"name": "SECOND", "value": "1"} in variables
    assert serving(client, server.name) == [server.pods()[0]["metadata"]["name"]]


@pytest.mark.test_all
def test_a_template_to_go_back_to_that_is_gone_is_told_and_what_runs_stays(make, client):
    server = make(image=GO, validation=STRICT)
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    revisions = f"/apis/apps/v1/namespaces/{WATCHED}/controllerrevisions"
    client.request("DELETE", revisions, what="delete them", query={"labelSelector": f"app={server.name}"})
    server.apply(image=BROKEN, args=["html"], validation=STRICT)
    cluster.until("it says so", lambda: "ROLLBACK_TARGET_GONE" in server.condition("Reconciled").get("message", ""), 60)
    assert serving(client, server.name) == [old["metadata"]["name"]]
    server.apply(image=GO, environment=[{"name": "MENDED", "value": "1"}], validation=STRICT)
    server.becomes("Running", "Validated")


def test_closed_gates_hold_up_no_drain(make, client):
    server = make(image=BROKEN, args=["html"], replicas=2, validation=STRICT)
    server.becomes("ValidationFailed", "Failed")
    for pod in server.pods():
        name = pod["metadata"]["name"]
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": WATCHED}}
        path = f"/api/v1/namespaces/{WATCHED}/pods/{name}/eviction"
        client.request("POST", path, what="drain a node", body=eviction, retry=False)


def test_a_server_that_turns_bad_is_taken_out_and_comes_back(make, client):
    probe = {"periodSeconds": 1, "failureThreshold": 2}
    server = make(image=BROKEN, args=["switchable"], validation={**STRICT, "probe": probe, "onFailure": "remove"})
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    switch(client, pod["metadata"]["name"], "html")
    cluster.until("nobody is sent there", lambda: serving(client, server.name) == [], 60)
    server.becomes("ValidationFailed", "Failed")
    switch(client, pod["metadata"]["name"], "good")
    cluster.until("it serves again", lambda: serving(client, server.name) == [pod["metadata"]["name"]], 60)
    server.becomes("Running", "Validated")


def test_the_last_pod_stays_unless_told_otherwise(make, client):
    server = make(image=BROKEN, args=["switchable"], validation={**STRICT, "probe": {"periodSeconds": 1}})
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    switch(client, pod["metadata"]["name"], "html")
    cluster.until("it is degraded", lambda: server.condition("Degraded").get("reason") == "LastPodKept", 60)
    assert serving(client, server.name) == [pod["metadata"]["name"]]


def test_a_gate_that_somebody_else_opens_is_closed(make, client):
    server = make(image=BROKEN, args=["html"], validation=STRICT)
    server.becomes("ValidationFailed", "Failed")
    (pod,) = server.pods()
    patch_status(client, pod["metadata"]["name"], {"conditions": [{"type": GATE, "status": "True"}]})
    cluster.until("it is closed again", lambda: not is_open(server.pods()[0]), 30)
    cluster.until("nobody is sent there", lambda: serving(client, server.name) == [], 30)


def test_strict_mode_can_be_switched_off_half_way(make, client):
    server = make(image=BROKEN, args=["html"], validation=STRICT)
    server.becomes("ValidationFailed", "Failed")
    server.apply(image=BROKEN, args=["html"])
    server.becomes("Running", "Failed")
    cluster.until("it serves", lambda: len(serving(client, server.name)) == 1, 60)


def test_old_pods_that_never_passed_serve_on_when_strict_mode_begins(make, client):
    server = make(image=BROKEN, args=["html"])
    server.becomes("Running", "Failed")
    (old,) = server.pods()
    server.apply(image=BROKEN, args=["html"], validation=STRICT)
    server.becomes("ValidationFailed", "Failed")
    cluster.until("it says why", lambda: server.condition("Ready")["reason"] == "Unproven", 30)
    assert serving(client, server.name) == [old["metadata"]["name"]]


def test_nobody_to_serve_is_a_state_of_its_own(make):
    server = make(image=GO, replicas=0, validation=STRICT)
    cluster.until("it says so", lambda: server.condition("Ready").get("reason") == "ScaledToZero", 60)
    assert server.status["phase"] == "Running"


@pytest.fixture
def as_operator(operator, client: Client) -> Client:
    """A client with the operator's own rights."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}}
    token = client.request("POST", _ACCOUNT, what="get a token", body=body)["status"]["token"]
    options = {"host": client.configuration.host, "ca_cert": client.configuration.ssl_ca_cert, "api_key": token}
    return Client(options)


def test_the_operator_may_set_its_gate_and_nothing_else(make, client, as_operator):
    server = make(image=GO, validation=STRICT)
    server.becomes("Running", "Validated")
    name = server.pods()[0]["metadata"]["name"]
    patch_status(as_operator, name, {"conditions": [{"type": GATE, "status": "False", "reason": "Test"}]})
    container = {"name": "mcp-server", "ready": True, "restartCount": 7, "image": "x", "imageID": "x"}
    forbidden: list[tuple[dict[str, t.Any], str]] = [
        ({"podIP": "192.0.2.66", "podIPs": [{"ip": "192.0.2.66"}]}, MergePatch),
        ({"phase": "Failed"}, MergePatch),
        ({"conditions": [{"type": "Ready", "status": "True", "reason": "Forged"}]}, StrategicMergePatch),
        ({"conditions": [{"type": "Another", "status": "True"}]}, StrategicMergePatch),
        ({"containerStatuses": [container]}, MergePatch),
    ]
    for status, patch in forbidden:
        with pytest.raises((ApiForbidden, ApiInvalid), match="the operator may not change"):
            patch_status(as_operator, name, status, patch)
    plain = make(image=GO)
    plain.becomes("Running", "Validated")
    other = plain.pods()[0]["metadata"]["name"]
    with pytest.raises((ApiForbidden, ApiInvalid), match="the operator may only set the gate"):
        patch_status(as_operator, other, {"conditions": [{"type": GATE, "status": "True"}]})
    path, body = f"/api/v1/namespaces/{WATCHED}/pods/{name}", {"metadata": {"labels": {"a": "b"}}}
    with pytest.raises(ApiForbidden):
        as_operator.request("PATCH", path, what="change a Pod", body=StrategicMergePatch(body))
