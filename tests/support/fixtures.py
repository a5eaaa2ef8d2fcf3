# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures of all tests that need the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster
from support.playbooks import Playbooks
from support.yaml_files import load_yaml

CRD = cluster.ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml"


@pytest.fixture(scope="session")
def kubeconfig() -> str:
    return cluster.kubeconfig()


@pytest.fixture(scope="session")
def client(kubeconfig: str) -> Client:
    return Client({"kubeconfig": kubeconfig})


@pytest.fixture(scope="session")
def crd(client: Client) -> None:
    """Install the CustomResourceDefinition as it is in this checkout."""
    manifest = load_yaml(CRD)
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{manifest['metadata']['name']}"
    query = {"fieldManager": "tests", "force": "true"}
    client.request("PATCH", path, what="install the CRD", body=ApplyPatch(manifest), query=query)
    cluster.until("MCPServers are served", lambda: cluster.found(client, "/apis/mcp.mcp-operator.io/v1"))


@pytest.fixture(scope="session")
def playbooks(kubeconfig: str, crd: None) -> Playbooks:
    return Playbooks(kubeconfig)


@pytest.fixture
def namespace(client: Client, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of the test's own that enforces the Pod Security level restricted."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield name
        report = getattr(request.node, "report", None)
        if report is not None and report.failed:
            print(cluster.describe(client, name))


@pytest.fixture
def manifests(tmp_path: Path) -> Callable[..., str]:
    """Write MCPServers to a folder: ``manifests(name=spec, ...)`` returns the folder's path."""

    def write(**servers: dict[str, object]) -> str:
        for name, spec in servers.items():
            manifest = {
                "apiVersion": "mcp.mcp-operator.io/v1",
                "kind": "MCPServer",
                "metadata": {"name": name.replace("_", "-")},
                "spec": spec,
            }
            (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
        return str(tmp_path)

    return write
