# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The role against a real API server: what is made of an MCPServer, and what is left alone.

Starting Ansible takes longer than all that it does here. So every server of these tests is deployed by the same few
runs, and a test reads what one of them left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster
from support.rounds import Round, Rounds

IMAGE = {"image": "registry.example.com/none:1"}
NEWER = {"image": "registry.example.com/none:2"}
CHILDREN = ["ServiceAccount", "Service", "Deployment"]
RESTARTED = {"kubectl.kubernetes.io/restartedAt": "2026-11-22T10:00:00Z"}
TEXTS = [
    "{{ lookup('pipe', 'id') }}",
    "line\nprivileged: true",
    "\"quoted\" 'text' \\ end",
    "\U0001f642\u2028\u0085\t",
    "- list: {a",
]
PIECE = {
    "spec": {"priorityClassName": "system-cluster-critical", "containers": [{"name": "side", "image": "x:1"}]},
}
# By name: a spec, and why it is refused.
REFUSED = {
    "negative": ({"replicas": -1}, "spec.replicas"),
    "host-network": ({"podTemplate": {"spec": {"hostNetwork": True}}}, "hostNetwork, hostPID and hostIPC must not be"),
    "host-path": (
        {"podTemplate": {"spec": {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}}},
        "hostPath and gitRepo volumes are not allowed",
    ),
    "unknown-field": ({"podTemplate": {"spec": {"no-such-field": 1}}}, "spec.no-such-field in the Pod template"),
    "two-scalers": ({"autoscaling": "external", "hpa": {"enabled": True}}, "hpa.enabled must not be true"),
}

FIRST = {
    "wikipedia": IMAGE,
    "scaled": {**IMAGE, "hpa": {"enabled": True}},
    "foreign": IMAGE,
    "shrinking": {**IMAGE, "service": {"annotations": {"note": "1"}}, "hpa": {"enabled": True}},
    "deleted": IMAGE,
    "piece": {**IMAGE, "podTemplate": PIECE, "strategy": {"type": "Recreate"}, "replicas": 2},
    "steady": {**IMAGE, "replicas": 3},
    "left": {**IMAGE, "hpa": {"enabled": True, "maxReplicas": 9}},
    "isolated": {**IMAGE, "network": {"egress": {"cidrs": ["0.0.0.0/0", "::/0"], "ports": [443]}}},
    **{
        f"text{number}": {**IMAGE, "args": [text], "environment": [{"name": "TEXT", "value": text}]}
        for number, text in enumerate(TEXTS)
    },
    **{name: {**IMAGE, **spec} for name, (spec, _why) in REFUSED.items()},
}
GOOD = {name: spec for name, spec in FIRST.items() if name not in REFUSED and name != "foreign"}
SECOND = {
    **GOOD,
    "shrinking": IMAGE,
    "piece": IMAGE,
    "isolated": {**IMAGE, "network": {"mode": "open"}},
    "steady": {**IMAGE, "replicas": 3, "autoscaling": "external"},
    "left": IMAGE,
}
THIRD = {
    "steady": {**IMAGE, "replicas": 3, "hpa": {"enabled": True, "minReplicas": 3}},
    "left": IMAGE,
}
FOURTH = {
    "steady": {**IMAGE, "replicas": 3},
    "left": {**IMAGE, "replicas": 2},
}


@pytest.fixture(scope="module")
def rounds(client, playbooks, tmp_path_factory) -> Iterator[Rounds]:
    # The namespace enforces the Pod Security level restricted, which admits the Pods.
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield Rounds(client, playbooks, name, tmp_path_factory.mktemp("manifests"))


@pytest.fixture(scope="module")
def told(rounds: Rounds) -> Round:
    """What check mode says of the first round."""
    return rounds.deploy({"wikipedia": IMAGE}, "--check", "--diff")


@pytest.fixture(scope="module")
def first(rounds: Rounds, told: Round) -> Round:
    """Deploy all; one finds a Deployment of another owner in its place."""
    labels = {"app": "another-owners"}
    container = {"name": "c", "image": "registry.example.com/theirs:1"}
    foreign = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "foreign", "namespace": rounds.namespace},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }
    rounds.client.apply(foreign, field_manager="another")
    return rounds.deploy(FIRST)


@pytest.fixture(scope="module")
def same(rounds: Rounds, first: Round) -> Round:
    """Deploy the same again, after other programs have changed the workload of one and scaled another."""
    path = f"/apis/apps/v1/namespaces/{rounds.namespace}/deployments"
    merge(rounds, f"{path}/wikipedia", {"metadata": {"annotations": {"theirs": "1"}}})
    merge(rounds, f"{path}/wikipedia", {"spec": {"template": {"metadata": {"annotations": RESTARTED}}}})
    merge(rounds, f"{path}/left/scale", {"spec": {"replicas": 4}})
    return rounds.deploy(GOOD)


@pytest.fixture(scope="module")
def difference(rounds: Rounds, same: Round) -> Round:
    """What check mode says of another image."""
    return rounds.deploy({"wikipedia": NEWER, "scaled": GOOD["scaled"]}, "--check", "--diff")


@pytest.fixture(scope="module")
def second(rounds: Rounds, difference: Round) -> Round:
    """Deploy what asks for less; one was deleted a moment ago."""
    rounds.client.delete("mcp.mcp-operator.io/v1", "MCPServer", rounds.namespace, "deleted")
    return rounds.deploy(SECOND)


@pytest.fixture(scope="module")
def third(rounds: Rounds, second: Round) -> Round:
    return rounds.deploy(THIRD)


@pytest.fixture(scope="module")
def fourth(rounds: Rounds, third: Round) -> Round:
    return rounds.deploy(FOURTH)


@pytest.fixture(scope="module")
def undeployed(rounds: Rounds, fourth: Round) -> Round:
    return rounds.play("undeploy", mcp_names="wikipedia")


def merge(rounds: Rounds, path: str, body: dict[str, Any]) -> None:
    rounds.client.request("PATCH", path, what="patch", body=MergePatch(body))


def test_check_mode_writes_nothing_before_the_first_run(told):
    assert told.run.code == 0, told.run.output
    assert "+  image: registry.example.com/none:1" in told.run.output
    assert told.find("MCPServer", "wikipedia") is None


def test_a_five_line_manifest_becomes_a_workload_that_belongs_to_it(rounds, first):
    assert first.changed("wikipedia")
    owner = first.get("MCPServer", "wikipedia")["metadata"]["uid"]
    for kind in CHILDREN:
        meta = first.get(kind, "wikipedia")["metadata"]
        (reference,) = meta["ownerReferences"]
        assert (reference["uid"], reference["controller"]) == (owner, True)
        appliers = {field["manager"] for field in meta["managedFields"] if field["operation"] == "Apply"}
        assert appliers == {"mcp-operator"}
    pods = cluster.until("a Pod", lambda: list(rounds.client.list("v1", "Pod", rounds.namespace)))
    assert pods[0]["spec"]["automountServiceAccountToken"] is False


def test_a_second_run_changes_nothing(same):
    assert same.run.code == 0, same.run.output
    assert {name: same.changed(name) for name in GOOD} == dict.fromkeys(GOOD, 0)


def test_what_others_add_stays(same):
    kept = same.get("Deployment", "wikipedia")
    assert kept["metadata"]["annotations"]["theirs"] == "1"
    assert kept["spec"]["template"]["metadata"]["annotations"] == RESTARTED


def test_check_mode_shows_the_difference_and_writes_nothing(same, difference):
    assert difference.run.code == 0, difference.run.output
    assert "-      - env" not in difference.run.output
    assert "registry.example.com/none:2" in difference.run.output
    assert (difference.changed("wikipedia"), difference.changed("scaled")) == (1, 0)
    before, after = (found.get("Deployment", "wikipedia")["metadata"]["generation"] for found in (same, difference))
    assert before == after


def test_a_foreign_deployment_is_left_alone_and_named(first):
    assert first.failed("foreign")
    name = f"{first.namespace}/foreign"
    assert f"Deployment {name} already exists and belongs to no MCPServer" in first.run.output
    assert first.get("Deployment", "foreign")["spec"]["selector"]["matchLabels"] == {"app": "another-owners"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_alone_and_with_its_reason(first, name):
    assert first.run.code != 0
    assert first.failed(name)
    assert REFUSED[name][1] in first.run.output
    assert first.find("Deployment", name) is None


def test_one_that_fails_does_not_keep_the_others_from_being_deployed(first):
    assert [name for name in GOOD if first.failed(name)] == []


def test_what_a_manifest_no_longer_asks_for_goes(first, second):
    assert first.get("Service", "shrinking")["metadata"]["annotations"] == {"note": "1"}
    assert first.find("HorizontalPodAutoscaler", "shrinking")
    assert not second.get("Service", "shrinking")["metadata"].get("annotations")
    assert second.find("HorizontalPodAutoscaler", "shrinking") is None


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_any_text_comes_back_from_the_api_server_as_it_was(first, number):
    container = first.get("Deployment", f"text{number}")["spec"]["template"]["spec"]["containers"][0]
    assert container["args"] == [TEXTS[number]]
    assert {"name": "TEXT", "value": TEXTS[number]} in container["env"]


def test_a_deleted_server_can_be_deployed_again_at_once(first, second):
    before, after = (found.get("MCPServer", "deleted")["metadata"]["uid"] for found in (first, second))
    assert before != after
    assert second.get("Deployment", "deleted")["metadata"]["ownerReferences"][0]["uid"] == after


def test_a_piece_of_a_pods_spec_and_another_strategy_reach_the_api_server(first, second):
    found = first.get("Deployment", "piece")["spec"]
    assert found["strategy"] == {"type": "Recreate"}
    assert [container["name"] for container in found["template"]["spec"]["containers"]] == ["mcp-server", "side"]
    budget = first.get("PodDisruptionBudget", "piece")["spec"]
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    strategy = second.get("Deployment", "piece")["spec"]["strategy"]
    assert strategy["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": "25%"}
    assert second.find("PodDisruptionBudget", "piece") is None


def test_a_network_policy_comes_goes_and_rolls_no_pod(first, same, second):
    policy, again = (found.get("NetworkPolicy", "isolated") for found in (first, same))
    assert policy["metadata"]["ownerReferences"][0]["kind"] == "MCPServer"
    assert policy["spec"]["egress"][1]["to"][0]["ipBlock"]["except"][0] == "169.254.0.0/16"
    assert again["metadata"]["resourceVersion"] == policy["metadata"]["resourceVersion"]
    assert second.find("NetworkPolicy", "isolated") is None
    assert len({str(found.get("Deployment", "isolated")["spec"]["template"]) for found in (first, second)}) == 1


def test_an_autoscaler_comes_and_goes_without_a_dip_of_replicas(second, third, fourth):
    for found in (second, third, fourth):
        assert not found.failed("steady")
        assert found.get("Deployment", "steady")["spec"]["replicas"] == 3


def test_an_autoscaler_that_goes_leaves_as_many_replicas_as_it_had_made(second, third, fourth):
    replicas = [
        [found.get(kind, "left")["spec"]["replicas"] for kind in ("Deployment", "MCPServer")]
        for found in (second, third)
    ]
    assert replicas == [[4, 4], [4, 4]]
    assert third.changed("left") == 0
    assert fourth.get("Deployment", "left")["spec"]["replicas"] == 2


def test_undeploy_removes_everything_that_was_made_and_nothing_else(undeployed):
    assert undeployed.run.code == 0, undeployed.run.output
    for kind in CHILDREN:
        assert undeployed.find(kind, "wikipedia") is None
        assert undeployed.find(kind, "scaled") is not None


def test_undeploy_of_what_is_gone_changes_nothing(rounds, undeployed):
    again = rounds.play("undeploy", mcp_names="wikipedia")
    assert (again.run.code, again.run.changed) == (0, 0)


def test_one_malformed_manifest_stops_all_before_anything_is_made(rounds, undeployed):
    found = rounds.deploy({"late": IMAGE, "Bad": IMAGE})
    assert found.run.code != 0
    assert "metadata.name is 'Bad'" in found.run.output
    assert "Traceback" not in found.run.output
    assert found.find("MCPServer", "late") is None


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
