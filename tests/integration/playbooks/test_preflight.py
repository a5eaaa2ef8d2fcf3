# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is wrong with the cluster or the way to it is said at once, in one message."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import yaml

from support import cluster

IMAGE = {"image": "registry.example.com/none:1"}


@pytest.fixture
def config(kubeconfig):
    return yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))


@pytest.fixture
def deploy(playbooks, manifests, tmp_path):
    """Deploy with a changed kubeconfig."""

    def run(config=None, **variables):
        env = {}
        if config is not None:
            path = tmp_path / "kubeconfig"
            path.write_text(config if isinstance(config, str) else yaml.safe_dump(config), encoding="utf-8")
            env["K8S_AUTH_KUBECONFIG"] = str(path)
        folder = manifests(wikipedia=IMAGE)
        return playbooks.run("deploy", env=env, timeout=60, mcp_manifests=f"{folder}/wikipedia.yaml", **variables)

    return run


def refused(run, code, *texts):
    assert run.code != 0
    assert f"[{code}]" in run.output
    assert "Traceback" not in run.output
    for text in texts:
        assert text in run.output
    assert run.seconds < 30


def test_nobody_listens_at_the_api_servers_address(deploy, config):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    refused(deploy(config), "API_UNREACHABLE", f"127.0.0.1:{port}", "does not answer")


# It takes the 20 s that a request may; unit tests set a shorter limit.
@pytest.mark.test_all
def test_the_api_server_accepts_and_never_answers(deploy, config):
    with socket.create_server(("127.0.0.1", 0)) as server:
        config["clusters"][0]["cluster"]["server"] = f"http://127.0.0.1:{server.getsockname()[1]}"
        run = deploy(config)
    assert run.code != 0
    assert "[API_UNREACHABLE]" in run.output
    assert run.seconds < 120


def test_the_certificate_authority_is_another(deploy, config):
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    refused(deploy(config), "API_UNREACHABLE", "not trusted")


def test_the_kubeconfig_is_not_there_or_no_kubeconfig(deploy, playbooks, manifests):
    missing = playbooks.run(
        "deploy", env={"K8S_AUTH_KUBECONFIG": "/nonexistent/kubeconfig"}, mcp_manifests=manifests(wikipedia=IMAGE)
    )
    refused(missing, "KUBECONFIG_INVALID", "/nonexistent/kubeconfig")
    refused(deploy("just a text"), "KUBECONFIG_INVALID")


def test_the_context_is_unknown(deploy):
    refused(deploy(mcp_context="nowhere"), "KUBECONFIG_INVALID", "nowhere")


def test_the_credentials_are_wrong(deploy, config):
    config["users"][0]["user"] = {"token": "wrong-token-value"}
    run = deploy(config)
    refused(run, "API_UNAUTHORIZED")
    assert "wrong-token-value" not in run.output


def test_the_namespace_is_not_there(deploy):
    refused(deploy(mcp_namespace="mcp-test-not-there"), "NAMESPACE_MISSING", "kubectl create namespace")


def test_rights_are_missing(deploy, client, namespace, config):
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    cluster.until("the ServiceAccount", lambda: cluster.found(client, path.removesuffix("/token")))
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = client.request("POST", path, what="make a token", body=body)["status"]["token"]
    config["users"][0]["user"] = {"token": token}
    run = deploy(config, mcp_namespace=namespace)
    refused(run, "API_FORBIDDEN", "patch mcpservers", "create pods/portforward")
    assert token not in run.output
