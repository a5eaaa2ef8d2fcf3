# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Everything that the operator writes passes its fence: the code of the operator writes it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.job_probe import JobSettings, JobTarget, create_job
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.revision_history import RevisionHistory
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from mcp_operator.status.event_recorder import EventRecorder
from mcp_operator.status.events import Event

from support import cluster
from support.rendered import HPA, RENDERER

Item = dict[str, Any]
STDIO = {"type": "stdio"}
SPECS: dict[str, Item] = {
    "smallest": {},
    "several": {"replicas": 3, "service": {"type": "NodePort", "annotations": {"a": "b"}}},
    "scaled": {"hpa": HPA},
    "strict": {"validation": {"strictMode": True}},
    "stdio": {"command": ["server"], "transport": STDIO},
    "package": {"image": None, "command": ["uvx", "server"], "transport": STDIO},
    "sidecar": {
        "metrics": {"enabled": True},
        "tls": {"secretName": "tls"},
        "limits": {"session": {"requestsPerSecond": 1}},
    },
    "privileges": {"security": {"runAsUser": 0, "runAsNonRoot": False, "allowPrivilegeEscalation": True}},
    "account": {
        "podTemplate": {
            "serviceAccountName": "reader",
            "annotations": {"a": "b"},
            "volumes": [{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}],
            "volumeMounts": [{"name": "token", "mountPath": "/token"}],
        }
    },
    "merged": {
        "validation": {"strictMode": True},
        "podTemplate": {
            "spec": {
                "initContainers": [{"name": "first", "image": "first:1"}],
                "containers": [
                    {
                        "name": "side",
                        "image": "side:1",
                        "livenessProbe": {"httpGet": {"port": 1, "path": "/"}},
                        "securityContext": {"capabilities": {"add": ["NET_BIND_SERVICE"]}},
                    }
                ],
            }
        },
    },
}


@pytest.fixture
def present(operator: Client) -> Callable[[Item], str]:
    """Return a function that applies a workload and returns the fingerprint of its Pod template."""
    applier = Applier(operator, RENDERER, gated=True)
    return lambda server: applier.present(server, LiveState(operator, lambda _before, _after: None))


@pytest.mark.parametrize("name", SPECS)
def test_it_creates_changes_and_deletes_a_workload(operator: Client, mcpserver, present, name: str) -> None:
    server = mcpserver(name, **SPECS[name])
    place = (server["metadata"]["namespace"], name)
    present(server)
    created = operator.find("apps/v1", "Deployment", *place)
    present(mcpserver(name, **SPECS[name], environment=[{"name": "A", "value": "1"}]))
    changed = operator.find("apps/v1", "Deployment", *place)
    assert created["metadata"]["uid"] == changed["metadata"]["uid"]
    assert created["spec"]["template"] != changed["spec"]["template"]
    annotated = MergePatch({"metadata": {"annotations": {f"{names.GROUP}/note": "1"}}})
    path = f"/apis/apps/v1/namespaces/{place[0]}/deployments/{name}"
    operator.request("PATCH", path, what="annotate", body=annotated)


def test_the_number_of_an_autoscaler_is_kept_when_it_goes(client: Client, operator: Client, mcpserver, present) -> None:
    server = mcpserver("kept", hpa=HPA)
    place = (server["metadata"]["namespace"], "kept")
    present(server)
    path = f"/apis/apps/v1/namespaces/{place[0]}/deployments/kept/scale"
    client.request("PATCH", path, what="scale as an autoscaler", body=MergePatch({"spec": {"replicas": 3}}))
    assert operator.find("autoscaling/v2", "HorizontalPodAutoscaler", *place)
    assert operator.find("policy/v1", "PodDisruptionBudget", *place)
    present(mcpserver("kept"))
    assert operator.find(names.API_VERSION, names.KIND, *place)["spec"]["replicas"] == 3
    assert not operator.find("autoscaling/v2", "HorizontalPodAutoscaler", *place)


def test_templates_are_recorded_marked_and_pruned(operator: Client, mcpserver, present) -> None:
    history, spec = RevisionHistory(operator), SPECS["strict"]
    for value in "12345":
        server = mcpserver("history", **spec, environment=[{"name": "A", "value": value}])
        place = (server["metadata"]["namespace"], "history")
        present(server)
        template = operator.find("apps/v1", "Deployment", *place)["spec"]["template"]
        history.mark_passed(template["metadata"]["labels"][names.TEMPLATE_LABEL], server)
    revisions = [
        item
        for item in operator.list("apps/v1", "ControllerRevision", place[0])
        if item["metadata"]["labels"][names.INSTANCE_LABEL] == "history"
    ]
    assert sorted(item["revision"] for item in revisions) == [3, 4, 5]


def test_a_rollback_returns_to_the_earlier_service_account(operator: Client, mcpserver, present) -> None:
    spec = SPECS["strict"]
    present(mcpserver("rolled", **spec, podTemplate={"serviceAccountName": "before"}))
    place = (
        mcpserver("rolled", **spec, podTemplate={"serviceAccountName": "before"})["metadata"]["namespace"],
        "rolled",
    )
    good = operator.find("apps/v1", "Deployment", *place)["spec"]["template"]["metadata"]["labels"][
        names.TEMPLATE_LABEL
    ]
    server = mcpserver("rolled", **spec, podTemplate={"serviceAccountName": "after"})
    present(server)
    bad = operator.find("apps/v1", "Deployment", *place)["spec"]["template"]["metadata"]["labels"][names.TEMPLATE_LABEL]
    status = {"rollback": {"active": True, "template": bad, "to": good, "reason": "ValidationFailed"}}
    manifest = {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND,
        "metadata": {"name": "rolled", "namespace": place[0], "uid": server["metadata"]["uid"]},
        "status": status,
    }
    operator.apply(manifest, field_manager=names.STATUS_MANAGER, subresource="status")
    cluster.until("the API server's policies see the status", lambda: present({**server, "status": status}) or True)
    assert operator.find("apps/v1", "Deployment", *place)["spec"]["template"]["spec"]["serviceAccountName"] == "before"


def test_it_validates_by_jobs(operator: Client, mcpserver) -> None:
    server = mcpserver("by-job", validation={"runner": "job"})
    targets = [JobTarget(["pod", "uid", "container"], "192.0.2.1")]
    for attempt in (1, 1, 2):
        create_job(
            operator, server, probe_spec(server), targets, JobSettings("registry.example.com/operator:1", attempt)
        )


def test_it_annotates_and_finalizes_mcpservers(operator: Client, mcpserver) -> None:
    server = mcpserver("annotated")
    path = f"/apis/{names.API_VERSION}/namespaces/{server['metadata']['namespace']}/mcpservers/annotated"
    finalizer = f"{names.GROUP}/finalizer"
    for patch in (
        {"annotations": {f"{names.GROUP}/reconciled": "1"}, "finalizers": [finalizer]},
        {"annotations": {f"{names.GROUP}/reconciled": None}, "finalizers": []},
    ):
        answer = operator.request("PATCH", path, what="annotate", body=MergePatch({"metadata": patch}))
        assert answer["metadata"].get("finalizers", []) == patch["finalizers"]


def test_it_records_events(operator: Client, mcpserver) -> None:
    server = mcpserver("events")
    recorder = EventRecorder(operator)
    event = Event(reason="Test", note="A test", action="Test", warning=False)
    recorder.send(server, event)
    recorder._sent[(server["metadata"]["uid"], "Test", "A test")].counted_at -= 100
    recorder.send(server, event)
    [found] = operator.list("v1", "Event", server["metadata"]["namespace"], fieldSelector="involvedObject.name=events")
    assert found["series"]["count"] == 2
