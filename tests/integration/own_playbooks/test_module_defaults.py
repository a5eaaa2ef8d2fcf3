# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``module_defaults`` of a user's own play reach every action of the role, whatever the environment says."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import yaml

ELSEWHERE = {"K8S_AUTH_KUBECONFIG": "/nonexistent/environment", "KUBECONFIG": "/nonexistent/environment"}
GROUP = "group/mcp.kubernetes.mcp"


def validated(client, namespace):
    found = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")
    return found["status"]["validation"]["state"] == "Validated"


def test_the_kubeconfig_of_the_group(play, kubeconfig, client, namespace, image):
    run = play({"image": image}, env=ELSEWHERE, module_defaults={GROUP: {"kubeconfig": kubeconfig}})
    assert run.code == 0, run.output
    assert validated(client, namespace)


def test_without_them_the_environment_is_used(play, client, namespace):
    run = play({"image": "registry.example.com/none:1"}, env=ELSEWHERE)
    assert run.code != 0
    assert "[KUBECONFIG_INVALID]" in run.output
    assert "/nonexistent/environment" in run.output


@pytest.fixture
def token(client, namespace):
    """A token of an account that may do everything in this namespace, and nothing elsewhere."""
    account = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    rule = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "all"}
    for path, body in (
        (f"{rbac}/roles", {"metadata": {"name": "all"}, "rules": [rule]}),
        (f"{rbac}/rolebindings", {"metadata": {"name": "all"}, "roleRef": reference, "subjects": [account]}),
    ):
        client.request("POST", path, what="give rights", body=body)
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    return client.request("POST", path, what="make a token", body=body)["status"]["token"]


def test_a_token_is_used_and_never_shown(play, kubeconfig, client, namespace, image, token, tmp_path):
    cluster_of = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))["clusters"][0]["cluster"]
    authority = tmp_path / "ca.crt"
    authority.write_bytes(base64.b64decode(cluster_of["certificate-authority-data"]))
    options = {"host": cluster_of["server"], "api_key": token, "ca_cert": str(authority)}
    run = play({"image": image}, "-vvv", env=ELSEWHERE, module_defaults={GROUP: options})
    assert run.code == 0, run.output
    assert validated(client, namespace)
    assert token not in run.output
