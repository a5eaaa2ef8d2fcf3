# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator's permissions and admission policies, copied for a ServiceAccount of a test's own.

The copies have names of their own, so they do not affect an operator in the same cluster.
"""

from __future__ import annotations

import copy
import functools
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from .helm import Helm

OPERATOR = "system:serviceaccount:mcp-operator-system:mcp-operator-controller-manager"
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
_ACCOUNT = "operator"
# On the namespaces in which the copies judge all users.
LABEL = {"mcp-tests/policies": "copies"}
_PLURALS = {
    POLICY: "admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    BINDING: "admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
    "ClusterRole": "rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1/clusterrolebindings",
}


def path_of(kind: str, name: str) -> str:
    """Return the path of a cluster-scoped object."""
    return f"/apis/{_PLURALS[kind]}/{name}"


@functools.cache
def _objects() -> list[dict[str, Any]]:
    """Return what the chart installs, with all policies and permissions for the operator."""
    with tempfile.TemporaryDirectory() as home:
        return Helm(Path(home)).template(
            {name: {"enable": True} for name in ("certManager", "cilium", "envoyAIGateway", "gatewayAPI", "kuadrant")}
            | {"fence": {"owner": True}}
        )


def shipped(kind: str) -> list[dict[str, Any]]:
    """Return the objects of a kind that the chart installs."""
    return [copy.deepcopy(item) for item in _objects() if item["kind"] == kind]


def apply(client: Client, manifest: dict[str, Any]) -> None:
    """Apply a cluster-scoped object."""
    path = path_of(manifest["kind"], manifest["metadata"]["name"])
    client.request("PATCH", path, what=f"apply {path}", body=ApplyPatch(manifest), query={"fieldManager": "tests"})


def delete(client: Client, manifest: dict[str, Any]) -> None:
    """Delete a cluster-scoped object."""
    path = path_of(manifest["kind"], manifest["metadata"]["name"])
    client.request("DELETE", path, what=f"delete {path}")


def copies(username: str, suffix: str) -> list[dict[str, Any]]:
    """Return the policies of the chart with other names, for another user."""
    found = []
    for item in [*shipped(POLICY), *shipped(BINDING)]:
        item["metadata"] = {"name": f"{item['metadata']['name']}-{suffix}"}
        if item["kind"] == BINDING:
            item["spec"]["policyName"] += f"-{suffix}"
        if "paramRef" in item["spec"]:
            # Where there are no parameters, the API server refuses the objects of other tests, too.
            item["spec"]["matchResources"]["namespaceSelector"] = {"matchLabels": LABEL}
        for condition in item["spec"].get("matchConditions", []):
            condition["expression"] = condition["expression"].replace(OPERATOR, username)
        found.append(item)
    return found


@contextmanager
def fenced_account(client: Client, namespace: str) -> Iterator[Client]:
    """Make a ServiceAccount with the operator's ClusterRole in all namespaces and copies of its policies.

    It also has the right to delete, so that its attacks do not fail for RBAC or for the admission plugin
    OwnerReferencesPermissionEnforcement, which not every cluster has.

    :return: a client with its token.
    """
    suffix = uuid.uuid4().hex[:8]
    username = f"system:serviceaccount:{namespace}:{_ACCOUNT}"
    accounts = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": _ACCOUNT, "namespace": namespace}}
    client.request("POST", accounts, what="make a ServiceAccount", body=account)
    [role] = [item for item in shipped("ClusterRole") if item["metadata"]["name"] == "mcp-operator-manager-role"]
    role_name = f"mcp-test-{suffix}"
    binding = {
        "apiVersion": role["apiVersion"],
        "kind": "ClusterRoleBinding",
        "metadata": {"name": role_name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role_name},
        "subjects": [{"kind": "ServiceAccount", "name": _ACCOUNT, "namespace": namespace}],
    }
    groups = ["", "apps", "batch", "mcp.mcp-operator.io"]
    resources = ["services", "serviceaccounts", "deployments", "jobs", "mcpservers", "mcpservers/scale"]
    more = {"apiGroups": groups, "resources": resources, "verbs": ["create", "patch", "delete"]}
    role = {**role, "metadata": {"name": role_name}, "rules": [*role["rules"], more]}
    made = [role, binding, *copies(username, suffix)]
    try:
        for manifest in made:
            apply(client, manifest)
        yield with_token(client, f"{accounts}/{_ACCOUNT}")
    finally:
        for manifest in made:
            delete(client, manifest)


def with_token(client: Client, account: str) -> Client:
    """Return a client with a token of a ServiceAccount.

    :param account: its path.
    """
    configuration = client.configuration
    options = {"host": configuration.host, "ca_cert": configuration.ssl_ca_cert, "api_key": token(client, account)}
    return Client(options)


def token(client: Client, account: str) -> str:
    """Return a token of a ServiceAccount that is valid for six hours.

    :param account: its path.
    """
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 6 * 3600}}
    return str(client.request("POST", f"{account}/token", what="get a token", body=body)["status"]["token"])
