# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a compromised operator may not write: objects that belong to no MCPServer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid, KindNotReady
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import path_of
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names

from support.rendered import HPA, KINDS, objects_of

Item = dict[str, Any]
OWN = "may only write objects with its label that an MCPServer controls"
NAMED = "may only write objects that are named after their MCPServer"
SYSTEM = "no objects in the namespaces of Kubernetes itself"
FOREIGN = "may not change or delete an object that is not its own"


@pytest.mark.parametrize("kind", KINDS)
def test_its_own_object_passes(operator: Client, made, kind: str) -> None:
    assert operator.apply(made(kind), field_manager=names.FIELD_MANAGER, dry_run=True)


@pytest.mark.parametrize("kind", KINDS)
def test_it_creates_nothing_in_namespaces_of_kubernetes(made, refuses, kind: str) -> None:
    item = made(kind)
    item["metadata"]["namespace"] = "kube-system"
    refuses(item, SYSTEM)


@pytest.mark.parametrize("kind", KINDS)
def test_it_creates_nothing_where_no_mcpserver_is(operator: Client, made, home: str, kind: str) -> None:
    item = made(kind)
    item["metadata"]["namespace"] = home
    query = {"fieldManager": names.FIELD_MANAGER, "dryRun": "All"}
    with pytest.raises(KindNotReady, match="no params found"):
        operator.request("PATCH", path_of(item), what="attack", body=ApplyPatch(item), query=query, retry=False)


def test_a_user_is_not_affected_where_no_mcpserver_is(client: Client, made, home: str) -> None:
    item = made("ServiceAccount")
    item["metadata"] = {"name": "users", "namespace": home}
    assert client.apply(item, field_manager="tests", dry_run=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("labels", {"app": "victim"}, OWN),
        ("labels", {names.MANAGED_BY_LABEL: "Helm"}, OWN),
        ("ownerReferences", [], OWN),
        ("name", "another-name", NAMED),
        ("finalizers", ["example.com/forged"], "finalizers or other owners"),
    ],
    ids=["no label", "another label", "no owner", "another name", "finalizer"],
)
def test_it_creates_only_its_own_objects(refuses, made, kind: str, field: str, value: Any, why: str) -> None:
    item = made(kind)
    item["metadata"][field] = value
    refuses(item, why)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "Deployment", "apiVersion": "apps/v1", "blockOwnerDeletion": False}, OWN),
        ({"controller": False}, OWN),
        ({"uid": "00000000-0000-0000-0000-000000000000"}, "has not the uid of the MCPServer"),
        ({"name": "forged"}, NAMED),
    ],
    ids=["another kind", "no controller", "another uid", "another name"],
)
@pytest.mark.parametrize("kind", KINDS)
def test_it_forges_no_owner(refuses, made, kind: str, change: Item, why: str) -> None:
    item = made(kind)
    item["metadata"]["ownerReferences"][0].update(change)
    if kind == "Job" and why == NAMED:
        why = "validation Jobs use their own ServiceAccount"
    refuses(item, why)


def test_a_second_owner_is_refused(refuses, made) -> None:
    item = made("Service")
    second = {"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "00000000-0000-0000-0000-000000000000"}
    item["metadata"]["ownerReferences"].append(second)
    refuses(item, "finalizers or other owners")


FOREIGN_KINDS = KINDS[:-1]
SCALES = "may only scale the Deployment or the Rollout of the MCPServer"
INSTANCE = {"app.kubernetes.io/instance": "fenced", "app.kubernetes.io/managed-by": "mcp-operator"}


@pytest.fixture(scope="module")
def claimed(client: Client, mcpserver) -> Iterator[tuple[dict[str, Item], dict[str, Item]]]:
    """Return objects of users, and those that the operator would put in their place."""
    ours = objects_of(mcpserver("claimed", hpa=HPA, network={"mode": "isolated"}))
    users = {}
    for kind in FOREIGN_KINDS:
        item = copy.deepcopy(ours[kind])
        meta = item["metadata"]
        item["metadata"] = {"name": meta["name"], "namespace": meta["namespace"], "labels": {"app": "users"}}
        users[kind] = client.apply(item, field_manager="users")
    yield users, ours
    for item in users.values():
        client.delete(item["apiVersion"], item["kind"], item["metadata"]["namespace"], item["metadata"]["name"])


@pytest.mark.parametrize("kind", FOREIGN_KINDS)
class TestObjectsOfUsers:
    def test_it_takes_none_over(self, refuses, claimed, kind: str) -> None:
        refuses(claimed[1][kind], FOREIGN)

    def test_it_changes_none(self, operator: Client, claimed, kind: str) -> None:
        patch = MergePatch({"metadata": {"annotations": {"a": "b"}}})
        with pytest.raises(ApiInvalid, match=OWN):
            operator.request("PATCH", path_of(claimed[0][kind]), what="annotate", body=patch, query={"dryRun": "All"})

    def test_it_deletes_none(self, operator: Client, claimed, kind: str) -> None:
        with pytest.raises(ApiInvalid, match=FOREIGN):
            operator.request("DELETE", path_of(claimed[0][kind]), what="delete", query={"dryRun": "All"})


@pytest.mark.parametrize(
    ("kind", "change", "why"),
    [
        ("Service", {"type": "ExternalName", "externalName": "evil.example"}, "Services that select the Pods"),
        ("Service", {"externalIPs": ["192.0.2.53"]}, "Services that select the Pods"),
        ("Service", {"selector": {"app": "another"}}, "Services that select the Pods"),
        ("Service", {"selector": None}, "Services that select the Pods"),
        ("PodDisruptionBudget", {"selector": {"matchLabels": {"app": "another"}}}, "only protect the Pods"),
        ("PodDisruptionBudget", {"selector": {}}, "only protect the Pods"),
        ("NetworkPolicy", {"podSelector": {"matchLabels": {"app": "another"}}}, "only isolate the Pods"),
        ("NetworkPolicy", {"podSelector": {}}, "only isolate the Pods"),
        # The labels that select the Pods with Flagger: of another server, and without that of its Pods only.
        (
            "Service",
            {"selector": {**INSTANCE, "app.kubernetes.io/instance": "another"}},
            "Services that select the Pods",
        ),
        ("NetworkPolicy", {"podSelector": {"matchLabels": dict(list(INSTANCE.items())[:1])}}, "only isolate the Pods"),
    ],
)
def test_services_budgets_and_network_policies_are_about_own_pods(
    refuses, made, kind: str, change: Item, why: str
) -> None:
    item = made(kind)
    item["spec"].update(change)
    refuses(item, why)


def test_an_autoscaler_scales_no_other_deployment(refuses, made) -> None:
    item = made("HorizontalPodAutoscaler")
    item["spec"]["scaleTargetRef"]["name"] = "another"
    refuses(item, SCALES)
    item["spec"]["scaleTargetRef"] |= {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
    refuses(item, SCALES)


@pytest.mark.parametrize("kind", ["StatefulSet", "MCPServer"])
def test_an_autoscaler_scales_nothing_of_another_kind(refuses, made, kind: str) -> None:
    item = made("HorizontalPodAutoscaler")
    item["spec"]["scaleTargetRef"]["kind"] = kind
    refuses(item, SCALES)


@pytest.mark.parametrize("manager", ["argo-rollouts", "flagger"])
def test_the_objects_for_argo_rollouts_and_flagger_pass_the_fence(operator: Client, mcpserver, manager: str) -> None:
    server = mcpserver(f"left-to-{manager}", hpa=HPA, network={"mode": "isolated"}, rollout={"managedBy": manager})
    serving = {**server, "status": {"rollout": {"phase": "Stable"}}}
    for found in (server, serving):
        for item in objects_of(found).values():
            operator.apply(item, field_manager="mcp-operator", dry_run=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("automountServiceAccountToken", True),
        ("secrets", [{"name": "x"}]),
        ("metadata", {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/admin"}}),
    ],
)
def test_service_accounts_have_no_rights(refuses, made, field: str, value: Any) -> None:
    item = made("ServiceAccount")
    item[field] = {**item["metadata"], **value} if field == "metadata" else value
    refuses(item, "may only write ServiceAccounts without a token, Secrets and annotations")
