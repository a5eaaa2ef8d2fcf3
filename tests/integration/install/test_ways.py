# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Helm, kubectl and the role install the same, and what runs outlives every change of the operator."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import cluster, installed
from support.helm import CHART, NAMESPACE, RELEASE, REPOSITORY, VERSION, WITH_IMAGE, Helm
from support.operator import IMAGE, alone, image
from support.published import PLACEHOLDERS, PUBLISHED
from support.yaml_files import load_yaml

SERVER = "go-sdk"
MANIFEST = cluster.ROOT / "tests" / "servers" / "manifests" / f"{SERVER}.yaml"
DEPLOYMENT = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/mcp-operator-controller-manager"
CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/mcpservers.mcp.mcp-operator.io"
# The cluster has the CustomResourceDefinition already, and not by Helm.
TAKING_OVER = "--take-ownership"
ROLE_IMAGE = f"{REPOSITORY}:{VERSION}"


@pytest.fixture(scope="module", autouse=True)
def nobody_else(client) -> Iterator[None]:
    """Have the cluster's one place for an operator, and leave it empty."""
    with alone():
        installed.remove(client)
        yield
        installed.remove(client)


@pytest.fixture(scope="module")
def helm(tmp_path_factory, kubeconfig) -> Helm:
    return Helm(tmp_path_factory.mktemp("helm"), kubeconfig)


def by_helm(helm: Helm, client: Any, *options: str) -> dict:
    where = ("--namespace", NAMESPACE, "--create-namespace", TAKING_OVER)
    helm("install", RELEASE, str(CHART), *where, *WITH_IMAGE, *options)
    found = installed.objects(client)
    helm("uninstall", RELEASE, "--namespace", NAMESPACE, "--wait")
    return found


def by_kubectl(client: Any, kubeconfig: str) -> dict:
    kubectl = ["kubectl", "--kubeconfig", kubeconfig]
    text = installed.INSTALL.read_text(encoding="utf-8").replace(f"{PUBLISHED.registry}/mcp-operator", REPOSITORY)
    subprocess.run([*kubectl, "apply", "-f", "-"], input=text, text=True, check=True, capture_output=True)
    return installed.objects(client)


def by_role(playbooks: Any, client: Any) -> dict:
    run = playbooks.run("install", mcp_wait=False, mcp_operator_image=ROLE_IMAGE)
    assert run.code == 0, run.output
    return installed.objects(client)


# Each way is installed by other tests, too; that their results are equal changes with their sources only.
@pytest.mark.test_all
def test_three_ways_one_result(helm, client, kubeconfig, playbooks, crd) -> None:
    ways = {}
    for name, way in {
        "helm": lambda: by_helm(helm, client),
        "kubectl": lambda: by_kubectl(client, kubeconfig),
        "role": lambda: by_role(playbooks, client),
    }.items():
        ways[name] = way()
        installed.remove(client)
    wanted = {key for key in ways["role"] if key[0] != "Namespace"}
    assert len(wanted) == len(installed.manifests()) - 1
    assert ways["helm"] == ways["role"]
    assert ways["kubectl"] == ways["role"]


@pytest.mark.test_all
def test_the_role_says_what_it_would_do_does_it_once_and_leaves_helm_s_work_alone(helm, client, playbooks, crd) -> None:
    if PUBLISHED.registry == PLACEHOLDERS.registry:
        refused = playbooks.run("install", "--check", mcp_wait=False)
        assert refused.code != 0
        assert "is a placeholder" in refused.output
    check = playbooks.run("install", "--check", mcp_wait=False, mcp_operator_image=ROLE_IMAGE)
    assert check.code == 0, check.output
    assert check.changed
    assert "Deployment mcp-operator-controller-manager" in check.output
    assert cluster.found(client, DEPLOYMENT) is None
    watched = {
        "mcp_wait": False,
        "mcp_operator_image": ROLE_IMAGE,
        "mcp_operator_watch_namespaces": "default",
        "mcp_operator_replicas": 0,
        "mcp_operator_network_default": "isolated",
    }
    assert playbooks.run("install", **watched).changed
    # The first status of the Deployment is a change of it.
    cluster.until(
        "the Deployment is observed", lambda: "observedGeneration" in cluster.found(client, DEPLOYMENT)["status"]
    )
    assert playbooks.run("install", **watched).changed == 0
    assert cluster.found(client, f"{RIGHTS}/clusterrolebindings/{BINDING}") is None
    assert cluster.found(client, f"{RIGHTS}/namespaces/default/rolebindings/{BINDING}")
    assert cluster.found(client, f"{RIGHTS}/clusterroles/{READER}")
    assert playbooks.run("install", **{**watched, "mcp_operator_network_default": ""}).changed
    assert cluster.found(client, f"{RIGHTS}/clusterroles/{READER}") is None
    assert cluster.found(client, f"{RIGHTS}/clusterrolebindings/{READER}") is None
    # By the earlier names.
    earlier = {
        name: watched.pop(f"mcp_operator_{name[4:]}") for name in ("mcp_watch_namespaces", "mcp_network_default")
    }
    assert playbooks.run("install", **watched, **earlier).changed
    # The rights go with the rest, wherever they are.
    assert playbooks.run("install", mcp_operator_state="absent").code == 0
    assert cluster.found(client, f"{RIGHTS}/namespaces/default/rolebindings/{BINDING}") is None
    assert set(installed.objects(client)) == {("CustomResourceDefinition", "", CRD.rpartition("/")[2])}
    helm("install", RELEASE, str(CHART), "-n", NAMESPACE, TAKING_OVER, "--set", "replicas=0", *WITH_IMAGE)
    refused = playbooks.run("install", mcp_wait=False, mcp_operator_image=ROLE_IMAGE)
    assert refused.code != 0
    assert "helm upgrade" in refused.output
    helm("uninstall", RELEASE, "--namespace", NAMESPACE, "--wait")
    installed.remove(client)


RIGHTS = "/apis/rbac.authorization.k8s.io/v1"
BINDING = "mcp-operator-manager-rolebinding"
READER = "mcp-operator-namespace-reader"


@pytest.fixture(scope="module")
def older_chart(tmp_path_factory) -> Path:
    """Return a chart whose CustomResourceDefinition lacks something that the newest one has."""
    chart = tmp_path_factory.mktemp("older") / "chart"
    shutil.copytree(CHART, chart)
    file = chart / "files" / "mcpservers.mcp.mcp-operator.io.yaml"
    crd = load_yaml(file)
    crd["spec"]["versions"][0]["additionalPrinterColumns"].pop()
    file.write_text(yaml.safe_dump(crd), encoding="utf-8")
    return chart


class Fleet:
    """One MCPServer, applied with kubectl's own means."""

    def __init__(self, client: Any, namespace: str) -> None:
        self._client = client
        self._namespace = namespace
        manifest = load_yaml(MANIFEST)
        self.name = manifest["metadata"]["name"]
        self._path = f"/apis/mcp.mcp-operator.io/v1/namespaces/{namespace}/mcpservers"
        self._manifest = manifest

    def create(self) -> None:
        body = {**self._manifest, "metadata": {"name": self.name}}
        self._client.request("POST", self._path, what="apply an MCPServer", body=body)

    def delete(self) -> None:
        self._client.request("DELETE", f"{self._path}/{self.name}", what="delete an MCPServer")
        cluster.until("it is gone", lambda: cluster.found(self._client, f"{self._path}/{self.name}") is None)

    def state(self) -> str:
        server = cluster.found(self._client, f"{self._path}/{self.name}") or {}
        return str(((server.get("status") or {}).get("validation") or {}).get("state"))

    def pods(self) -> list[str]:
        found = self._client.list("v1", "Pod", self._namespace, labelSelector=f"app={self.name}")
        return [pod["metadata"]["uid"] for pod in found if not pod["metadata"].get("deletionTimestamp")]


def columns(client: Any) -> int:
    return len(cluster.found(client, CRD)["spec"]["versions"][0]["additionalPrinterColumns"])


def revision(helm: Helm) -> int:
    [release] = json.loads(helm("list", "--namespace", NAMESPACE, "--output", "json"))
    assert release["status"] == "deployed"
    return int(release["revision"])


@pytest.mark.test_all
def test_what_runs_outlives_upgrade_rollback_and_uninstall(helm, client, namespace, crd, older_chart) -> None:
    cluster.load_images(SERVER, IMAGE)
    repository, _, tag = image().rpartition(":")
    options = [
        *("--namespace", NAMESPACE, "--wait", "--timeout", "180s", "--set", f"image.repository={repository}"),
        *("--set", f"image.tag={tag}", "--set", f"watchNamespaces={{{namespace}}}", "--set", "image.pullPolicy=Never"),
    ]
    helm("install", RELEASE, str(older_chart), "--create-namespace", TAKING_OVER, *options)
    older = columns(client)
    fleet = Fleet(client, namespace)
    fleet.create()
    cluster.until("the server is validated", lambda: fleet.state() == "Validated", 120)
    pods = fleet.pods()
    assert len(pods) == 1
    helm("upgrade", RELEASE, str(CHART), *options, "--set", "settings.log-level=debug")
    assert columns(client) == older + 1, "the CustomResourceDefinition is upgraded with the chart"
    assert (fleet.pods(), fleet.state()) == (pods, "Validated")
    helm("rollback", RELEASE, "1", "--namespace", NAMESPACE, "--wait", "--timeout", "180s")
    assert revision(helm) == 3
    assert columns(client) == older
    assert (fleet.pods(), fleet.state()) == (pods, "Validated")
    helm("uninstall", RELEASE, "--namespace", NAMESPACE, "--wait")
    assert cluster.found(client, CRD), "it is kept, and every MCPServer with it"
    assert (fleet.pods(), fleet.state()) == (pods, "Validated")
    fleet.delete()
    cluster.until("its Pod is gone", lambda: not fleet.pods(), 60)
