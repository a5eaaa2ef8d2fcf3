# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator's right to patch pods/status opens and closes readiness gates, and forges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiInvalid, KubeError

from support import cluster
from support.policies import apply, path_of

GATE = "mcp.mcp-operator.io/validated"
TIME = "2026-01-01T00:00:00Z"
RUNNING = {"running": {"startedAt": TIME}}
CONTAINER = {"name": "server", "image": "x", "imageID": "x", "ready": True, "restartCount": 7, "state": RUNNING}
CONTAINERS = [{"name": "server", "image": "x", "resources": {"limits": {"example.com/x": "1"}}}]
MAPPING = {"containerName": "server", "requestName": "x", "resourceName": "example.com/x"}
CLAIM = {"name": "claim", "resourceClaimName": "x"}
BINDING = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "ours"}, "target": {"kind": "Node", "name": "x"}}
SUBRESOURCES = ("attach", "binding", "eviction", "exec", "portforward", "resize")
# A value of each field of PodStatus that differs from that of a Pod that was just created.
FORGED: dict[str, Any] = {
    "allocatedResources": {"cpu": "1"},
    "conditions": [{"type": "Ready", "status": "True"}],
    "containerStatuses": [CONTAINER],
    "ephemeralContainerStatuses": [CONTAINER],
    "extendedResourceClaimStatus": {"resourceClaimName": "x", "requestMappings": [MAPPING]},
    "hostIP": "192.0.2.66",
    "hostIPs": [{"ip": "192.0.2.66"}],
    "initContainerStatuses": [CONTAINER],
    "message": "forged",
    "nodeAllocatableResourceClaimStatuses": [{"resourceClaimName": "x", "resources": {"cpu": "1"}}],
    "nominatedNodeName": "forged",
    "observedGeneration": 99,
    "phase": "Running",
    "podIP": "192.0.2.66",
    "podIPs": [{"ip": "192.0.2.66"}],
    "qosClass": "Guaranteed",
    "reason": "forged",
    "resize": "Proposed",
    "resourceClaimStatuses": [CLAIM],
    "resources": {"requests": {"cpu": "1"}},
    "startTime": TIME,
}
# Fields that must change together.
TOGETHER = {"hostIPs": {"hostIP": FORGED["hostIP"]}, "podIPs": {"podIP": FORGED["podIP"]}}
# The first versions of Kubernetes that have them without a feature gate that is off by default.
RESIZE, RESOURCE_CLAIMS = (1, 33), (1, 34)
# The API server itself rejects a change.
IMMUTABLE = {"qosClass"}


def pod(name: str, **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, **metadata},
        "spec": {
            # No scheduler has this name, so the status stays as it is.
            "schedulerName": "none",
            "readinessGates": [{"conditionType": GATE}],
            "initContainers": [{"name": "init", "image": "x"}],
            "containers": CONTAINERS,
            "resourceClaims": [{"name": "claim", "resourceClaimTemplateName": "x"}],
        },
    }


def require(client: Client, since: tuple[int, int], what: str) -> None:
    """Skip an attack on what the API server does not have."""
    if (version := cluster.version(client)) < since:
        pytest.skip(f"Kubernetes {version[0]}.{version[1]} has no {what}")


@pytest.fixture(scope="module")
def pods(client: Client, home: str, operator: Client) -> str:
    """Return the path of the Pods `ours` and `foreign`, once the policy is in force."""
    path = f"/api/v1/namespaces/{home}/pods"
    ours = pod("ours", labels={"app.kubernetes.io/managed-by": "mcp-operator"})
    for made in (ours, pod("foreign")):
        client.request("POST", path, what="make a Pod", body=made)

    def refused() -> bool:
        try:
            set_status(operator, f"{path}/foreign", {"message": "forged"})
        except ApiInvalid:
            return True
        return False

    cluster.until("the policy is in force", refused, 60)
    return path


def set_status(client: Client, path: str, status: dict[str, Any], patch: type = MergePatch, **more: Any) -> Any:
    query = {"dryRun": "All"} if patch is MergePatch else {"dryRun": "All", "fieldManager": "mcp-operator-gate"}
    return client.request("PATCH", f"{path}/status", what="patch", body=patch({**more, "status": status}), query=query)


def gate(status: str) -> dict[str, Any]:
    return {"conditions": [{"type": GATE, "status": status, "reason": "Test", "lastTransitionTime": TIME}]}


@pytest.mark.parametrize("status", ["True", "False"])
def test_it_sets_its_gate(operator: Client, pods: str, status: str) -> None:
    named = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ours"}}
    answer = set_status(operator, f"{pods}/ours", gate(status), ApplyPatch, **named)
    assert (GATE, status) in {(entry["type"], entry["status"]) for entry in answer["status"]["conditions"]}


def test_it_sets_no_gate_of_another_pod(operator: Client, pods: str) -> None:
    with pytest.raises(ApiInvalid, match="only set the gate of Pods that it has made"):
        set_status(operator, f"{pods}/foreign", gate("True"))


def test_the_samples_are_all_fields_of_the_status(client: Client) -> None:
    """A field that a new version of Kubernetes adds needs a sample here. Older versions lack some."""
    document = client.request("GET", "/openapi/v3/api/v1", what="read the API")
    fields = set(document["components"]["schemas"]["io.k8s.api.core.v1.PodStatus"]["properties"])
    assert fields - set(FORGED) == set()


@pytest.mark.parametrize("field", sorted(set(FORGED) - IMMUTABLE))
def test_it_forges_no_field_of_the_status(client: Client, operator: Client, pods: str, field: str) -> None:
    if field == "resourceClaimStatuses":
        require(client, RESOURCE_CLAIMS, "resource claims")
    forged = {field: FORGED[field], **TOGETHER.get(field, {})}
    before = client.request("GET", f"{pods}/ours", what="read")["status"].get(field)
    # Without the policy the API server stores the value, or ignores the field because a feature gate is off.
    if set_status(client, f"{pods}/ours", forged)["status"].get(field) == before:
        set_status(operator, f"{pods}/ours", forged)
    else:
        with pytest.raises(ApiInvalid, match="the operator may not change"):
            set_status(operator, f"{pods}/ours", forged)


def test_it_removes_no_field_of_the_status(operator: Client, pods: str) -> None:
    with pytest.raises(ApiInvalid, match="may not change a Pod's status beside its gate"):
        set_status(operator, f"{pods}/ours", {"qosClass": None, "phase": None})


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {"app": "another"}},
        {"annotations": {"forged": "yes"}},
        {"finalizers": ["example.com/forged"]},
    ],
    ids=lambda metadata: next(iter(metadata)),
)
def test_it_changes_no_metadata_by_the_status(operator: Client, pods: str, metadata: dict[str, Any]) -> None:
    with pytest.raises(ApiInvalid, match="the operator may not change a Pod's metadata"):
        set_status(operator, f"{pods}/ours", gate("True"), metadata=metadata)


@pytest.fixture
def with_all_rights(client: Client, home: str, operator: Client) -> Iterator[None]:
    """Give the operator all rights on Pods, as a mistake in RBAC would."""
    name = f"{home}-pods"
    group = "rbac.authorization.k8s.io"
    resources = ["pods", *(f"pods/{name}" for name in SUBRESOURCES)]
    rules = [{"apiGroups": [""], "resources": resources, "verbs": ["*"]}]
    subjects = [{"kind": "ServiceAccount", "name": "operator", "namespace": home}]
    role = {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}
    reference = {"apiGroup": group, "kind": "ClusterRole", "name": name}
    binding = {**role, "kind": "ClusterRoleBinding", "roleRef": reference, "subjects": subjects}
    del binding["rules"]
    for manifest in (role, binding):
        apply(client, manifest)
    yield
    for manifest in (role, binding):
        client.request("DELETE", path_of(manifest["kind"], name), what="delete")


@pytest.mark.usefixtures("with_all_rights")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", pod("another")),
        ("PATCH", "/ours", MergePatch({"metadata": {"labels": {"app": "another"}}})),
        ("DELETE", "/ours", None),
        ("POST", "/ours/binding", BINDING),
        ("POST", "/ours/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "ours"}}),
        ("PATCH", "/ours/resize", MergePatch({"spec": {"containers": CONTAINERS}})),
        ("POST", "/ours/exec?command=sh", None),
        ("POST", "/ours/attach", None),
        ("POST", "/ours/portforward", None),
    ],
    ids=["create", "patch", "delete", "bind", "evict", "resize", "exec", "attach", "port-forward"],
)
def test_even_with_all_rights_it_changes_no_pod(operator: Client, pods: str, method: str, path: str, body: Any) -> None:
    if path == "/ours/resize":
        require(operator, RESIZE, "subresource resize")

    def attempt() -> str:
        place, _, query = path.partition("?")
        parameters = dict([query.split("=")]) if query else {}
        if not place.endswith(("exec", "attach", "portforward")):
            parameters["dryRun"] = "All"
        try:
            operator.request(method, f"{pods}{place}", what="attack", body=body, query=parameters)
        except ApiForbidden as exc:
            if "ValidatingAdmissionPolicy" not in str(exc):
                return ""  # the Role is not in force yet
            return str(exc)
        except KubeError as exc:
            return str(exc)
        return "allowed"

    assert "the operator changes no Pods, only their gates" in cluster.until("there is an answer", attempt)
