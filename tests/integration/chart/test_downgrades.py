# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An older minor version of the operator or of the CustomResourceDefinition is refused."""

from __future__ import annotations

import contextlib
import copy
import uuid
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid, ApiNotFound

from support import cluster
from support.chart_objects import one
from support.policies import BINDING, POLICY, apply, path_of

LABEL = "app.kubernetes.io/version"
Change = Callable[[str, str], str]


def policy(objects: list[dict]) -> dict:
    return next(
        item for item in objects if item["kind"] == POLICY and item["metadata"]["name"] == "mcp-operator-downgrade"
    )


def guarded(objects: list[dict]) -> list[str]:
    rules = policy(objects)["spec"]["matchConstraints"]["resourceRules"]
    return [name for rule in rules for name in rule["resourceNames"]]


@pytest.mark.parametrize("shards", [1, 3])
def test_it_guards_the_crd_and_all_operators(helm, shards) -> None:
    objects = helm.template({"shards": shards})
    operators = [item["metadata"]["name"] for item in objects if item["kind"] == "Deployment"]
    assert len(operators) == shards
    assert guarded(objects) == [one(objects, "CustomResourceDefinition")["metadata"]["name"], *operators]


@pytest.fixture
def change(helm, client, namespace) -> Iterator[Change]:
    """Let a copy of the policy judge a Deployment: ``change(before, after)`` returns why it refuses, or nothing.

    The copy is that of a release in the namespace of the Deployment.
    """
    name = f"downgrade-{uuid.uuid4().hex[:8]}"
    copied = copy.deepcopy(policy(helm.template()))
    copied["metadata"] = {"name": name}
    copied["spec"]["matchConstraints"]["resourceRules"][1]["resourceNames"] = [name]
    [condition] = copied["spec"]["matchConditions"]
    elsewhere = condition["expression"]
    condition["expression"] = elsewhere.replace("'mcp-operator-system'", f"'{namespace}'")
    binding = {"policyName": name, "validationActions": ["Deny"]}
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    container = {"name": "none", "image": "none"}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": template}
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}
    client.request("POST", path, what="make a Deployment", body=body)

    def label(version: str) -> None:
        body = MergePatch({"metadata": {"labels": {LABEL: version}}})
        client.request("PATCH", f"{path}/{name}", what="label it", body=body, retry=False)

    def run(before: str, after: str) -> str:
        label("")
        label(before)
        try:
            label(after)
        except ApiInvalid as exc:
            return str(exc)
        return ""

    try:
        apply(client, copied)
        apply(client, {**copied, "kind": BINDING, "spec": binding})
        cluster.until("the policy is in force", lambda: run("0.2.0", "0.1.0"), 60)
        yield run
        # A Deployment of this name in another namespace is not the operator's.
        condition["expression"] = elsewhere
        apply(client, copied)
        cluster.until("the policy judges another namespace", lambda: not run("0.2.0", "0.1.0"), 60)
    finally:
        for kind in (BINDING, POLICY):
            with contextlib.suppress(ApiNotFound):
                client.request("DELETE", path_of(kind, name), what="remove the policy")


def test_an_older_minor_version_is_refused_and_nothing_else(change) -> None:
    for before, after in (("0.2.0", "0.1.0"), ("1.0.0", "0.9.9"), ("0.10.0", "0.9.0"), ("0.2.0-rc.1", "0.1.7")):
        said = change(before, after)
        assert f"version {after} does not know all fields" in said
        assert "kubectl delete validatingadmissionpolicybinding mcp-operator-downgrade" in said
    for before, after in (
        ("0.1.0", "0.2.0"),
        ("0.9.0", "0.10.0"),
        ("0.2.1", "0.2.0"),
        ("0.2.0", "dev"),
        ("dev", "0.1.0"),
    ):
        assert not change(before, after)
