# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The catalogue of the chart: its objects, and that it serves with its own ServiceAccount, which may do no more."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden

from support import cluster
from support.chart_objects import apply, names, one
from support.helm import NAMESPACE
from support.yaml_files import parse_all_yaml

NAME = "mcp-operator-catalog"
VERSION, KIND = "mcp.mcp-operator.io/v1", "MCPServer"
ON = {"enabled": True, "url": "https://mcp.example.com"}
STATUS = {
    "observedGeneration": 1,
    "phase": "Running",
    "address": {"url": "https://mcp.example.com/tools"},
    "conditions": [
        {
            "type": "Reachable",
            "status": "True",
            "reason": "Validated",
            "message": "",
            "lastTransitionTime": "2026-11-22T10:00:00Z",
        }
    ],
    "validation": {
        "state": "Validated",
        "endpoint": "http://weather.tools.svc:8080/mcp",
        "serverInfo": {"name": "Weather", "version": "1.2.3"},
    },
}


def matches(selector: dict[str, str], template: dict[str, Any]) -> bool:
    return selector.items() <= template["metadata"]["labels"].items()


def test_it_is_off_by_default_and_needs_a_url(helm) -> None:
    assert not [item for item in helm.template() if "catalog" in item["metadata"]["name"]]
    assert "set catalog.url to the URL" in helm.refuse({"catalog": {"enabled": True}})
    assert "catalog" in helm.refuse({"catalog": {**ON, "url": "ftp://a"}})


def test_its_permission_is_to_list_mcpservers(helm) -> None:
    objects = [item for item in helm.template({"catalog": ON}) if item["metadata"]["name"] == NAME]
    rules = [{"apiGroups": ["mcp.mcp-operator.io"], "resources": ["mcpservers"], "verbs": ["list"]}]
    assert one(objects, "ClusterRole")["rules"] == rules
    assert one(objects, "ClusterRoleBinding")["subjects"] == [
        {"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}
    ]
    assert not names(objects, "Role")


@pytest.mark.parametrize(
    "values", [{"catalog": {**ON, "namespaces": ["a", "b", "a"]}}, {"catalog": ON, "watchNamespaces": ["a", "b"]}]
)
def test_with_namespaces_it_lists_no_others(helm, values: dict[str, Any]) -> None:
    objects = [item for item in helm.template(values) if item["metadata"]["name"] == NAME]
    for kind in ("Role", "RoleBinding"):
        assert [item["metadata"]["namespace"] for item in objects if item["kind"] == kind] == ["a", "b"]
    assert not {"ClusterRole", "ClusterRoleBinding"} & {item["kind"] for item in objects}
    [container] = one(objects, "Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["args"][-1] == "--namespace=a,b"


def test_no_object_of_the_operator_selects_its_pods(helm) -> None:
    values = {"catalog": ON, "shards": 2, "networkPolicy": {"enabled": True}, "podDisruptionBudget": {"enabled": True}}
    objects = helm.template(values)
    mine = one(objects, "Deployment", NAME)["spec"]["template"]
    operators = [
        item["spec"]["template"]
        for item in objects
        if item["kind"] == "Deployment" and item["metadata"]["name"] != NAME
    ]
    for item in objects:
        spec = item.get("spec") or {}
        found = spec.get("podSelector", spec.get("selector"))
        if item["kind"] in ("Service", "NetworkPolicy", "PodDisruptionBudget", "Deployment") and found:
            labels = found.get("matchLabels", found)
            assert matches(labels, mine) == (item["metadata"]["name"] == NAME), item["metadata"]
            assert not (matches(labels, mine) and any(matches(labels, other) for other in operators))


@pytest.fixture
def other(client: Client) -> Iterator[str]:
    with cluster.namespace(client) as name:
        yield name


@pytest.fixture
def installed(helm, client: Client, crd: None, namespace: str) -> list[dict[str, Any]]:
    """Apply what the chart makes for one namespace, and return it."""
    values = {"catalog": {**ON, "namespaces": [namespace], "domain": "example.com"}}
    done = helm.render(values, "--namespace", namespace)
    assert done.returncode == 0, done.stderr
    objects = [item for item in parse_all_yaml(done.stdout) if item["metadata"]["name"] == NAME]
    for item in objects:
        apply(client, item)
    return objects


def make(client: Client, namespace: str, name: str) -> None:
    """Create an MCPServer that counts as validated and reached."""
    head = {"apiVersion": VERSION, "kind": KIND, "metadata": {"name": name}, "spec": {"image": "localhost/none:1"}}
    path = f"/apis/{VERSION}/namespaces/{namespace}/mcpservers"
    client.request("POST", path, what="make an MCPServer", body=head)
    client.request("PATCH", f"{path}/{name}/status", what="write its status", body=MergePatch({"status": STATUS}))


def as_catalogue(client: Client, kubeconfig: str, namespace: str, folder: Path) -> str:
    """Return a kubeconfig with a token of the catalogue's ServiceAccount."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{NAME}/token"
    token = client.request("POST", path, what="make a token", body=body)["status"]["token"]
    config = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": token}
    file = folder / "kubeconfig"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return str(file)


@contextmanager
def served(arguments: list[str], kubeconfig: str) -> Iterator[str]:
    """Run the command of the Deployment, and return its URL when it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mcp_operator", *arguments, "--bind-address", f"127.0.0.1:{port}"]
    environment = {**os.environ, "PYTHONPATH": str(cluster.ROOT / "operator" / "src"), "KUBECONFIG": kubeconfig}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert process.poll() is None, process.communicate()[0]
        try:
            return get(f"{url}/readyz")[0] == 200
        except OSError:
            return False

    try:
        cluster.until("the catalogue is ready", ready, 60)
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=30)


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as exc:
        return exc.code, b""


def test_it_serves_with_its_service_account_and_may_do_nothing_else(
    installed, client: Client, kubeconfig: str, namespace: str, other: str, tmp_path: Path
) -> None:
    make(client, namespace, "weather")
    make(client, other, "elsewhere")
    own = as_catalogue(client, kubeconfig, namespace, tmp_path)
    template = one(installed, "Deployment")["spec"]["template"]
    [container] = template["spec"]["containers"]
    with served(container["args"], own) as url:
        status, body = get(f"{url}/v0.1/servers")
        assert status == 200
        listed = [entry["server"]["name"] for entry in json.loads(body)["servers"]]
        assert listed == [f"com.example.{namespace}/weather"]
        assert json.loads(get(f"{url}/.well-known/mcp/catalog.json")[1])
    limited = Client({"kubeconfig": own})
    for refused in (
        lambda: list(limited.list(VERSION, KIND, other)),
        lambda: limited.get(VERSION, KIND, namespace, "weather"),
        lambda: limited.request("GET", f"/api/v1/namespaces/{namespace}/secrets", what="read Secrets"),
        lambda: limited.request("GET", f"/api/v1/namespaces/{namespace}/pods", what="read Pods"),
        lambda: limited.request(
            "DELETE", f"/apis/{VERSION}/namespaces/{namespace}/mcpservers/weather", what="delete it"
        ),
    ):
        with pytest.raises(ApiForbidden):
            refused()


def test_its_pods_are_admitted_where_pod_security_is_restricted(installed, client: Client, namespace: str) -> None:
    template = one(installed, "Deployment")["spec"]["template"]
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template["metadata"], "name": NAME},
        "spec": template["spec"],
    }
    path = f"/api/v1/namespaces/{namespace}/pods"
    made = client.request("POST", path, what="try its Pod", body=body, query={"dryRun": "All"})
    assert made["spec"]["serviceAccountName"] == NAME
