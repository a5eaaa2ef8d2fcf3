# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The role against a real API server: what is made of an MCPServer, and what is left alone."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster

IMAGE = {"image": "registry.example.com/none:1"}
CHILDREN = [("v1", "ServiceAccount"), ("v1", "Service"), ("apps/v1", "Deployment")]
HPA = ("autoscaling/v2", "HorizontalPodAutoscaler")
BUDGET = ("policy/v1", "PodDisruptionBudget")


@pytest.fixture
def deploy(playbooks, namespace, manifests):
    def run(*options, **servers):
        folder = manifests(**servers)
        return playbooks.run("deploy", *options, mcp_manifests=folder, mcp_namespace=namespace, mcp_wait=False)

    return run


def patch(client, path, body):
    client.request("PATCH", path, what="patch", body=MergePatch(body))


def test_a_five_line_manifest_becomes_a_workload_that_belongs_to_it(deploy, client, namespace):
    servers = {"wikipedia": IMAGE, "other": {**IMAGE, "hpa": {"enabled": True}}}
    run = deploy(**servers)
    assert run.code == 0, run.output
    assert run.changed > 0
    owner = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    for child in CHILDREN:
        meta = client.get(*child, namespace, "wikipedia")["metadata"]
        (reference,) = meta["ownerReferences"]
        assert (reference["uid"], reference["controller"]) == (owner["metadata"]["uid"], True)
        assert {field["manager"] for field in meta["managedFields"] if field["operation"] == "Apply"} == {
            "mcp-operator"
        }
    # The namespace enforces the Pod Security level restricted, which admits the Pods.
    pods = cluster.until("a Pod", lambda: list(client.list("v1", "Pod", namespace)))
    assert pods[0]["spec"]["automountServiceAccountToken"] is False
    again = deploy(**servers)
    assert (again.code, again.changed) == (0, 0)


def test_check_mode_writes_nothing_and_shows_the_difference(deploy, client, namespace):
    fresh = deploy("--check", "--diff", wikipedia=IMAGE)
    assert fresh.code == 0, fresh.output
    assert "+  image: registry.example.com/none:1" in fresh.output
    assert client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia") is None
    deploy(wikipedia=IMAGE)
    before = client.get("apps/v1", "Deployment", namespace, "wikipedia")["metadata"]["generation"]
    changed = deploy("--check", "--diff", wikipedia={"image": "registry.example.com/none:2"})
    assert "-      - env" not in changed.output
    assert "registry.example.com/none:2" in changed.output
    assert changed.changed == 1
    assert client.get("apps/v1", "Deployment", namespace, "wikipedia")["metadata"]["generation"] == before
    assert deploy("--check", wikipedia=IMAGE).changed == 0


def test_check_mode_works_before_the_namespace_is_there(playbooks, client, manifests):
    run = playbooks.run(
        "deploy",
        "--check",
        mcp_manifests=manifests(wikipedia=IMAGE),
        mcp_namespace="mcp-test-not-there",
        mcp_create_namespaces=True,
        mcp_wait=False,
    )
    assert run.code == 0, run.output
    assert cluster.found(client, "/api/v1/namespaces/mcp-test-not-there") is None


def test_a_foreign_deployment_is_left_alone_and_named(deploy, client, namespace):
    labels = {"app": "somebody-elses"}
    container = {"name": "c", "image": "registry.example.com/theirs:1"}
    foreign = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "wikipedia", "namespace": namespace},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }
    client.apply(foreign, field_manager="somebody")
    run = deploy(wikipedia=IMAGE, other=IMAGE)
    assert run.code != 0
    assert run.failed(f"{namespace}/wikipedia")
    assert not run.failed(f"{namespace}/other")
    assert f"Deployment {namespace}/wikipedia already exists and belongs to no MCPServer" in run.output
    kept = client.get("apps/v1", "Deployment", namespace, "wikipedia")
    assert kept["spec"]["selector"]["matchLabels"] == labels


def test_what_others_add_stays(deploy, client, namespace):
    deploy(wikipedia=IMAGE)
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/wikipedia"
    restarted = {"kubectl.kubernetes.io/restartedAt": "2026-11-22T10:00:00Z"}
    patch(client, path, {"metadata": {"annotations": {"theirs": "1"}}})
    patch(client, path, {"spec": {"template": {"metadata": {"annotations": restarted}}}})
    assert deploy(wikipedia=IMAGE).changed == 0
    kept = client.get("apps/v1", "Deployment", namespace, "wikipedia")
    assert kept["metadata"]["annotations"]["theirs"] == "1"
    assert kept["spec"]["template"]["metadata"]["annotations"] == restarted


def test_what_a_manifest_no_longer_asks_for_goes(deploy, client, namespace):
    deploy(wikipedia={**IMAGE, "service": {"annotations": {"note": "1"}}, "hpa": {"enabled": True}})
    assert client.get("v1", "Service", namespace, "wikipedia")["metadata"]["annotations"] == {"note": "1"}
    assert client.find(*HPA, namespace, "wikipedia")
    deploy(wikipedia=IMAGE)
    assert not client.get("v1", "Service", namespace, "wikipedia")["metadata"].get("annotations")
    assert client.find(*HPA, namespace, "wikipedia") is None


def test_any_text_comes_back_from_the_api_server_as_it_was(deploy, client, namespace):
    texts = [
        "{{ lookup('pipe', 'id') }}",
        "line\nprivileged: true",
        "\"quoted\" 'text' \\ end",
        "\U0001f642\u2028\u0085\t",
        "- list: {a",
    ]
    names = {f"s{number}": text for number, text in enumerate(texts)}
    run = deploy(
        **{
            name: {**IMAGE, "args": [text], "environment": [{"name": "TEXT", "value": text}]}
            for name, text in names.items()
        }
    )
    assert run.code == 0, run.output
    for name, text in names.items():
        deployment = client.get("apps/v1", "Deployment", namespace, name)
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        assert container["args"] == [text]
        assert {"name": "TEXT", "value": text} in container["env"]


def test_one_malformed_manifest_stops_all_before_anything_is_made(deploy, client, namespace):
    run = deploy(wikipedia=IMAGE, Bad=IMAGE)
    assert run.code != 0
    assert "metadata.name is 'Bad'" in run.output
    assert "Traceback" not in run.output
    assert client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia") is None


def test_what_the_schema_refuses_fails_alone(deploy, namespace):
    run = deploy(wikipedia=IMAGE, other={**IMAGE, "replicas": -1})
    assert run.failed(f"{namespace}/other")
    assert not run.failed(f"{namespace}/wikipedia")
    assert "spec.replicas" in run.output


def test_undeploy_removes_everything_that_was_made(deploy, playbooks, client, namespace):
    deploy(wikipedia=IMAGE, other=IMAGE)
    run = playbooks.run("undeploy", mcp_namespace=namespace, mcp_names="wikipedia")
    assert run.code == 0, run.output
    for child in CHILDREN:
        assert client.find(*child, namespace, "wikipedia") is None
        assert client.find(*child, namespace, "other") is not None
    again = playbooks.run("undeploy", mcp_namespace=namespace, mcp_names="wikipedia")
    assert again.code == 0
    assert again.changed == 0


def test_a_deleted_server_can_be_deployed_again_at_once(deploy, client, namespace):
    deploy(wikipedia=IMAGE)
    client.delete("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    run = deploy(wikipedia=IMAGE)
    assert run.code == 0, run.output
    owner = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")["metadata"]["uid"]
    deployment = client.get("apps/v1", "Deployment", namespace, "wikipedia")
    assert deployment["metadata"]["ownerReferences"][0]["uid"] == owner


def test_a_piece_of_a_pods_spec_and_another_strategy_reach_the_api_server(deploy, client, namespace):
    piece = {"priorityClassName": "system-cluster-critical", "containers": [{"name": "side", "image": "x:1"}]}
    spec = {**IMAGE, "podTemplate": {"spec": piece}, "strategy": {"type": "Recreate"}}
    run = deploy(wikipedia={**spec, "replicas": 2})
    assert run.code == 0, run.output
    found = client.get("apps/v1", "Deployment", namespace, "wikipedia")["spec"]
    assert found["strategy"] == {"type": "Recreate"}
    assert [container["name"] for container in found["template"]["spec"]["containers"]] == ["mcp-server", "side"]
    assert client.get(*BUDGET, namespace, "wikipedia")["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    deploy(wikipedia=IMAGE)
    strategy = client.get("apps/v1", "Deployment", namespace, "wikipedia")["spec"]["strategy"]
    assert strategy["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": "25%"}
    assert client.find(*BUDGET, namespace, "wikipedia") is None


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"podTemplate": {"spec": {"hostNetwork": True}}}, "hostNetwork, hostPID and hostIPC must not be true"),
        ({"podTemplate": {"spec": {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}}}, "hostPath is not allowed"),
        ({"podTemplate": {"spec": {"no-such-field": 1}}}, "no-such-field"),
        ({"autoscaling": "external", "hpa": {"enabled": True}}, "hpa.enabled must not be true"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(deploy, spec, told):
    run = deploy(wikipedia={**IMAGE, **spec})
    assert run.code != 0
    assert told in run.output


def test_an_autoscaler_comes_and_goes_without_a_dip_of_replicas(deploy, client, namespace):
    deploy(wikipedia={**IMAGE, "replicas": 3})
    seen: list[int] = []
    for spec in ({"autoscaling": "external"}, {"hpa": {"enabled": True, "minReplicas": 3}}, {}):
        assert deploy(wikipedia={**IMAGE, "replicas": 3, **spec}).code == 0
        seen.append(client.get("apps/v1", "Deployment", namespace, "wikipedia")["spec"]["replicas"])
    assert seen == [3, 3, 3]


def test_an_autoscaler_that_goes_leaves_as_many_replicas_as_it_had_made(deploy, client, namespace) -> None:
    def wanted(kind):
        return client.get(*kind, namespace, "wikipedia")["spec"]["replicas"]

    deploy(wikipedia={**IMAGE, "hpa": {"enabled": True, "maxReplicas": 9}})
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/wikipedia/scale"
    client.request(
        "PATCH",
        path,
        what="scale as it does",
        body=MergePatch({"spec": {"replicas": 4}}),
    )
    assert deploy(wikipedia=IMAGE).code == 0
    assert (wanted(("apps/v1", "Deployment")), wanted(("mcp.mcp-operator.io/v1", "MCPServer"))) == (4, 4)
    assert deploy(wikipedia=IMAGE).changed == 0
    assert deploy(wikipedia={**IMAGE, "replicas": 2}).code == 0
    assert wanted(("apps/v1", "Deployment")) == 2
