# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""No object of another owner is taken over, with the operator's rights, whatever the API server admits.

With the admission plugin OwnerReferencesPermissionEnforcement, the API server itself rejects a new owner reference on
an object that the operator may not delete. Most clusters do not have that plugin.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.job_probe import JobSettings, JobTarget, create_job
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ForeignObject
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from integration.operator.conftest import BreakableTestbed, packages
from support import cluster, installed

# It makes a testbed of its own, twice.
pytestmark = pytest.mark.test_all
NAME = "-".join(filter(None, ("mcp-testbed-owners", os.environ.get("MCP_TEST_CLUSTER"))))
TEMPLATES = cluster.ROOT / "roles" / "mcpserver" / "templates"
SERVER = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "spec": {"image": "registry.example.com/a:1"}}
KINDS = {"Deployment": "apps/v1", "Service": "v1", "ServiceAccount": "v1"}
RBAC = "/apis/rbac.authorization.k8s.io/v1"


@pytest.fixture(scope="module", params=["--default-admission", "--no-default-admission"])
def admin(request: pytest.FixtureRequest) -> Iterator[Client]:
    if reason := packages.unsupported():
        pytest.skip(f"the testbed cannot run here: {reason}")
    testbed = BreakableTestbed(NAME)
    testbed.run("up", request.param)
    client = Client({"kubeconfig": testbed.kubeconfig})
    [crd] = [item for item in installed.manifests() if item["kind"] == "CustomResourceDefinition"]
    query = {"fieldManager": "tests", "force": "true"}
    client.request("PATCH", installed.path(crd), what="install the CRD", body=ApplyPatch(crd), query=query)
    cluster.until("MCPServers are served", lambda: cluster.found(client, "/apis/mcp.mcp-operator.io/v1"))
    yield client
    testbed.run("down")


@pytest.fixture
def namespace(admin: Client) -> Iterator[str]:
    with cluster.namespace(admin) as name:
        yield name


@pytest.fixture
def operator(admin: Client, namespace: str) -> Client:
    """Return a client with the rights of the operator."""
    [role] = [item for item in installed.manifests() if item["metadata"]["name"] == "mcp-operator-manager-role"]
    query = {"fieldManager": "tests", "force": "true"}
    admin.request("PATCH", installed.path(role), what="make the role", body=ApplyPatch(role), query=query)
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role["metadata"]["name"]}
    subject = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    binding = {"metadata": {"name": "operator"}, "roleRef": reference, "subjects": [subject]}
    path = f"{RBAC}/namespaces/{namespace}/rolebindings"
    admin.request("POST", path, what="bind the role", body=binding)
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    token = admin.request("POST", path, what="request a token", body=request)["status"]["token"]
    options = {"host": admin.configuration.host, "api_key": token, "ca_cert": admin.configuration.ssl_ca_cert}
    return Client(options)


@pytest.fixture
def server(admin: Client, namespace: str) -> dict:
    made = admin.apply({**SERVER, "metadata": {"name": "a", "namespace": namespace}}, field_manager="tenant")
    return {**made, "status": {}}


def foreign(admin: Client, kind: str, name: str, server: dict) -> dict:
    """Create an object that the MCPServer would like to have."""
    wanted = {item["kind"]: item for item in Renderer(str(TEMPLATES)).render(server)}[kind]
    meta = {"name": name, "namespace": server["metadata"]["namespace"], "labels": {"app": "theirs"}}
    return admin.create({**wanted, "metadata": meta}, field_manager="theirs")


@pytest.mark.parametrize("state", ["live", "remembered"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_workload_takes_nothing_over(admin: Client, operator: Client, server: dict, kind: str, state: str) -> None:
    before = foreign(admin, kind, "a", server)
    remembered = RememberedState(operator, Known({}, {}), HostResult())
    known = LiveState(operator, lambda _before, _after: None) if state == "live" else remembered
    with pytest.raises(ForeignObject, match="already exists and belongs to no MCPServer"):
        Applier(operator, Renderer(str(TEMPLATES))).present(server, known)
    after = admin.get(KINDS[kind], kind, server["metadata"]["namespace"], "a")
    assert (after["metadata"]["uid"], after["metadata"].get("ownerReferences")) == (before["metadata"]["uid"], None)
    assert after["metadata"]["labels"] == {"app": "theirs"}


def make_job(client: Client, server: dict) -> dict:
    targets = [JobTarget(["pod", "container"], "10.0.0.1")]
    return create_job(client, server, probe_spec(server), targets, JobSettings("registry.example.com/o:1", 1))


def test_a_validation_job_takes_no_service_account_over(admin: Client, operator: Client, server: dict) -> None:
    before = foreign(admin, "ServiceAccount", "a-validate", server)
    with pytest.raises(ForeignObject, match=r"ServiceAccount .*/a-validate already exists and belongs to no MCPServer"):
        make_job(operator, server)
    after = admin.get("v1", "ServiceAccount", server["metadata"]["namespace"], "a-validate")
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


def test_a_validation_job_is_recognized_after_the_defaults_of_the_api_server(
    admin: Client, operator: Client, server: dict
) -> None:
    made = make_job(operator, server)
    assert make_job(operator, server)["metadata"]["name"] != made["metadata"]["name"]
    found = admin.get("batch/v1", "Job", server["metadata"]["namespace"], made["metadata"]["name"])
    addresses = {("pod", "container"): "10.0.0.1"}

    def is_ours(image: str) -> bool:
        return job.is_ours(found, server, probe_spec(server), addresses, image)

    assert is_ours("registry.example.com/o:1")
    assert not is_ours("registry.example.com/o:2")
