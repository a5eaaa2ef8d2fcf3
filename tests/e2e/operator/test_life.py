# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer's life under the operator, with real Pods."""

from __future__ import annotations

import contextlib
import threading
import uuid

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from mcp_operator._vendor._kube.errors import KubeError
from mcp_operator.cluster.stream import read_events

from support import cluster
from support.operator import NAMESPACE, SERVERS, WATCHED

from .conftest import BROKEN, GO

RESTARTED = "kubectl.kubernetes.io/restartedAt"
HPA = {"enabled": True, "minReplicas": 1, "maxReplicas": 2, "targetCPUUtilizationPercentage": 80}


@pytest.fixture
def rows(client):
    """Collect what `kubectl get mcpservers -Aw` shows of each MCPServer: other processes use the same operator."""
    found = {}
    path = SERVERS.replace("/namespaces", "/mcpservers")
    query = {"watch": "1", "resourceVersion": "0", "timeoutSeconds": "300"}
    response = client.open(path, what="watch", query=query, timeout=300)

    def read():
        with contextlib.suppress(KubeError):  # it ends when the test does
            for event in read_events(response, what="watch"):
                status = event.object.get("status") or {}
                checked = status.get("validation") or {}
                row = tuple(status.get(name) for name in ("phase", "replicas", "readyReplicas"))
                row += (checked.get("protocol"), checked.get("state"))
                told = found.setdefault(event.object["metadata"]["name"], [])
                if not told or told[-1] != row:
                    told.append(row)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    yield found
    with contextlib.suppress(RuntimeError):  # it has just ended by itself
        response.shutdown()
    reader.join(5)
    response.close()


def test_the_progression_is_the_articles(make, rows):
    before = {name: list(told) for name, told in rows.items()}
    server = make(image=GO)
    status = server.becomes("Running", "Validated")
    print(rows[server.name])
    others = {name: list(told) for name, told in rows.items() if name != server.name}
    told = [row for row in rows[server.name] if row[0]]
    # Steps that others were on their way beside may have been written together.
    at_rest = all(told[-1][0] in ("Running", "Failed", "ValidationFailed") for told in others.values())
    assert told[0][0] == "Creating" or others != before or not at_rest
    assert told[-1] == ("Running", 1, 1, "streamable-http", "Validated")
    order = [
        ("Creating", 0, 0, None, "Pending"),
        ("Creating", 1, 0, None, "Pending"),
        ("Running", 1, 1, None, "Validating"),
        ("Running", 1, 1, "streamable-http", "Validated"),
    ]
    assert [row for row in order if row in told] == told
    assert status["validation"]["endpoint"] == f"http://{server.name}.{WATCHED}.svc:8080/mcp"
    assert status["validation"]["validatedGeneration"] == 1
    # That it runs has an Event of its own only where it is validated later than in the same step.
    server.records(*(["Creating"] if told[0][0] == "Creating" else []), "ValidationPassed")


def test_every_article_field_is_there(make):
    status = make(image=GO).becomes("Running", "Validated")
    for field in ("message", "replicas", "readyReplicas", "availableReplicas", "serviceEndpoint", "transportType"):
        assert field in status
    for field in ("lastReconcileTime", "resolvedTransport", "selector"):
        assert field in status
    assert {entry["type"] for entry in status["conditions"]} == {
        "Ready",
        "Validated",
        "Available",
        "Progressing",
        "Reconciled",
        "Degraded",
        "MigrationNeeded",
    }


def test_children_that_are_deleted_or_changed_are_as_before(make):
    server = make(image=GO, hpa=HPA)
    server.becomes("Running", "Validated")
    for kind in ("Service", "ServiceAccount", "HorizontalPodAutoscaler", "Deployment"):
        uid = server.child(kind)["metadata"]["uid"]
        server.delete_child(kind)
        cluster.until(
            f"{kind} is there again",
            lambda kind=kind, uid=uid: (server.child(kind) or {"metadata": {"uid": uid}})["metadata"]["uid"] != uid,
        )
    server.patch_child("Service", {"spec": {"sessionAffinity": "ClientIP"}, "metadata": {"annotations": {"x": "y"}}})
    template = {"spec": {"containers": [{"name": "mcp-server", "image": "localhost/other:1"}]}}
    server.patch_child("Deployment", {"spec": {"template": template}})

    def image():
        return server.child("Deployment")["spec"]["template"]["spec"]["containers"][0]["image"]

    cluster.until("the image is the manifest's", lambda: image() == GO)
    # What nobody asked for is not ours to take away.
    assert server.child("Service")["metadata"]["annotations"] == {"x": "y"}
    server.becomes("Running", "Validated")


def test_a_rollout_restart_is_kept_and_its_pods_are_validated(make):
    server = make(image=GO)
    first = server.becomes("Running", "Validated")["validation"]["proof"]
    [old] = server.pods()
    annotations = {"spec": {"template": {"metadata": {"annotations": {RESTARTED: "2026-11-25T10:00:00Z"}}}}}
    server.patch_child("Deployment", annotations)
    cluster.until("the new Pod is proved", lambda: server.status["validation"].get("proof") not in (None, first), 60)
    server.becomes("Running", "Validated")
    assert RESTARTED in server.child("Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert [pod["metadata"]["uid"] for pod in server.pods()] != [old["metadata"]["uid"]]


def test_scaling_the_mcpserver_scales_and_scaling_the_deployment_is_undone(make, client):
    server = make(image=GO)
    server.becomes("Running", "Validated")
    path = f"{server.path}/scale"
    client.request("PATCH", path, what="scale", body=MergePatch({"spec": {"replicas": 2}}))
    status = server.becomes("Running", "Validated")
    assert (status["replicas"], status["readyReplicas"]) == (2, 2)
    server.patch_child("Deployment", {"spec": {"replicas": 1}})
    cluster.until("it is undone", lambda: server.child("Deployment")["spec"]["replicas"] == 2)
    server.becomes("Running", "Validated")
    client.request("PATCH", path, what="scale", body=MergePatch({"spec": {"replicas": 0}}))
    cluster.until("nothing runs", lambda: server.status.get("replicas") == 0, 60)
    assert server.becomes("Running", server.status["validation"]["state"])["message"] == "Scaled to zero."


def test_an_update_is_judged_by_its_own_pods(make):
    server = make(image=GO)
    server.becomes("Running", "Validated")
    server.apply(image=BROKEN, args=["html"])
    status = server.becomes("Running", "Failed")
    assert status["validation"]["validatedGeneration"] == 1
    assert status["validation"]["issues"][0]["code"] == "NOT_MCP"
    assert server.condition("Degraded")["reason"] == "ValidationFailed"
    server.apply(image=GO)
    status = server.becomes("Running", "Validated")
    assert status["validation"]["validatedGeneration"] == 3


def test_what_was_made_goes_with_the_mcpserver(make):
    server = make(image=GO, hpa=HPA)
    server.becomes("Running", "Validated")
    server.delete()
    for kind in ("MCPServer", "Deployment", "Service", "ServiceAccount", "HorizontalPodAutoscaler"):
        cluster.until(f"{kind} is gone", lambda kind=kind: server.child(kind) is None, 60)


def test_the_operator_needs_no_right_that_it_does_not_have(operator, make):
    make(image=GO).becomes("Running", "Validated")
    assert "API_FORBIDDEN" not in operator.log()


def test_clients_of_a_server_that_keeps_sessions_stay_with_their_pod_and_no_pod_is_rolled_for_it(make):
    server = make(image=GO, replicas=2)
    server.becomes("Running", "Validated")
    cluster.until(
        "its clients stay with their Pod", lambda: server.child("Service")["spec"]["sessionAffinity"] == "ClientIP"
    )
    assert server.status["resolvedTransport"]["keepsSessions"] is True
    revision = server.child("Deployment")["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
    assert revision == "1"
    server.apply(image=GO, replicas=2, args=["--stateless"])
    server.becomes("Running", "Validated")
    cluster.until("they may go anywhere", lambda: server.child("Service")["spec"]["sessionAffinity"] == "None")


RBAC = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{WATCHED}"
ACCOUNT = {"kind": "ServiceAccount", "name": "mcp-operator-controller-manager", "namespace": NAMESPACE}


@pytest.fixture
def settings(client):
    """Give a ConfigMap a name of its own; return it, how to change it, and how to let the operator read it."""
    name = f"settings-{uuid.uuid4().hex[:8]}"
    path = f"/api/v1/namespaces/{WATCHED}/configmaps"
    body = {"metadata": {"name": name}, "data": {"GREETING": "hello"}}
    client.request("POST", path, what="make a ConfigMap", body=body)

    def change(**more):
        client.request("PATCH", f"{path}/{name}", what="change it", body=MergePatch(more))

    def allow():
        rule = {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": [name], "verbs": ["get"]}
        role = {"metadata": {"name": name}, "rules": [rule]}
        client.request("POST", f"{RBAC}/roles", what="allow it", body=role)
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
        binding = {"metadata": {"name": name}, "roleRef": reference, "subjects": [ACCOUNT]}
        client.request("POST", f"{RBAC}/rolebindings", what="allow it", body=binding)

    yield name, change, allow
    for kind in ("rolebindings", "roles"):
        with contextlib.suppress(ApiNotFound):
            client.request("DELETE", f"{RBAC}/{kind}/{name}", what="clean up")
    client.request("DELETE", f"{path}/{name}", what="clean up")


@pytest.mark.test_all
def test_pods_are_rolled_when_what_they_refer_to_changes_if_that_is_asked_for(make, settings):
    name, change, allow = settings
    source = {"containers": [{"name": "mcp-server", "envFrom": [{"configMapRef": {"name": name}}]}]}
    server = make(image=GO, podTemplate={"configHash": True, "spec": source})
    server.becomes("Failed", "Pending", "CONFIG_FORBIDDEN")
    allow()
    server.becomes("Running", "Validated")
    [old] = server.pods()
    change(metadata={"labels": {"of": "no-interest"}})
    change(data={"GREETING": "good morning"})
    cluster.until(
        "another Pod has taken its place",
        lambda: [pod["metadata"]["uid"] for pod in server.pods()] not in ([old["metadata"]["uid"]], []),
        100,
    )
    server.becomes("Running", "Validated")
    assert server.child("Deployment")["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
