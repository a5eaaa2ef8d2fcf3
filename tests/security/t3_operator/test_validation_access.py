# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the chart's value ``validationAccess`` lets the operator read, and nothing else: Secrets and tokens by name."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.probe_access import read_access
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ProbeAccessError
from zoo.certificates import Certificates

from support import cluster
from support.helm import Helm
from support.policies import LABEL as FENCED

LABEL = {"mcp.mcp-operator.io/validation-credentials": "true"}
RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces"


@pytest.fixture(scope="module")
def team(client: Client, operator: Client, home: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A namespace with Secrets, ServiceAccounts and a CA, some of which the chart allows the operator to use."""
    with cluster.namespace(client, FENCED) as name:
        folder = tmp_path_factory.mktemp("team")
        ca = Certificates(folder).authority.read_text(encoding="utf-8")
        core = f"/api/v1/namespaces/{name}"
        for kind, manifest in (
            ("secrets", {"metadata": {"name": "token", "labels": LABEL}, "stringData": {"token": "s3cret"}}),
            ("secrets", {"metadata": {"name": "unlabelled"}, "stringData": {"token": "s3cret"}}),
            ("secrets", {"metadata": {"name": "other", "labels": LABEL}, "stringData": {"token": "s3cret"}}),
            ("configmaps", {"metadata": {"name": "ca"}, "data": {"ca.crt": ca}}),
            ("serviceaccounts", {"metadata": {"name": "wiki"}}),
            ("serviceaccounts", {"metadata": {"name": "reader", "labels": LABEL}}),
            ("serviceaccounts", {"metadata": {"name": "other", "labels": LABEL}}),
        ):
            client.request("POST", f"{core}/{kind}", what=f"make {kind}", body=manifest)
        entry = {
            "namespace": name,
            "configMaps": ["ca"],
            "secrets": ["token", "unlabelled"],
            "serviceAccounts": ["wiki", "reader"],
        }
        for item in Helm(folder).template({"validationAccess": [entry]}):
            if item["metadata"]["name"] == "mcp-operator-validation":
                _allow(client, item, home)
        cluster.until(
            "the operator may read", lambda: operator.allowed("get", "", "configmaps", name) or _reads(operator, name)
        )
        yield name


def _allow(client: Client, item: dict[str, Any], home: str) -> None:
    """Apply a Role or its binding, for the operator of these tests."""
    meta = item["metadata"]
    if item["kind"] == "RoleBinding":
        item["subjects"] = [{"kind": "ServiceAccount", "name": "operator", "namespace": home}]
    path = f"{RBAC}/{meta['namespace']}/{item['kind'].lower()}s/{meta['name']}"
    client.request("PATCH", path, what="allow it", body=ApplyPatch(item), query={"fieldManager": "tests"})


def _reads(operator: Client, namespace: str) -> bool:
    try:
        return operator.find("v1", "Secret", namespace, "token") is not None
    except ApiForbidden:
        return False


@pytest.fixture
def server(team: str) -> Callable[..., dict[str, Any]]:
    def make(auth: dict[str, Any], tls: dict[str, Any] | None = None) -> dict[str, Any]:
        http = {} if tls is None else {"tls": tls}
        spec = {"validation": {"auth": auth}, "transport": {"config": {"http": http}}}
        return {"metadata": {"name": "wiki", "namespace": team}, "spec": spec}

    return make


def bearer(name: str) -> dict[str, Any]:
    return {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": name, "key": "token"}}}


def account(audience: str, **more: str) -> dict[str, Any]:
    return {"type": "serviceAccountToken", "serviceAccountToken": {"audience": audience, **more}}


def claims(token: str | None) -> dict[str, Any]:
    payload = str(token).split(".")[1]
    found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert isinstance(found, dict)
    return found


def test_a_secret_and_a_ca_that_the_chart_names(operator: Client, server: Any) -> None:
    access = read_access(operator, server(bearer("token"), {"caConfigMapRef": {"name": "ca", "key": "ca.crt"}}))
    assert access.token() == "s3cret"
    assert str(access.ca).startswith("-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(("name", "said"), [("other", "may not be read"), ("unlabelled", "has no label")])
def test_a_secret_that_is_not_meant_for_it(operator: Client, server: Any, name: str, said: str) -> None:
    with pytest.raises(ProbeAccessError, match=said):
        read_access(operator, server(bearer(name))).token()


@pytest.mark.parametrize(("more", "subject"), [({}, "wiki"), ({"serviceAccountName": "reader"}, "reader")])
def test_a_token_is_for_one_audience_and_ten_minutes(
    operator: Client, server: Any, team: str, more: dict[str, str], subject: str
) -> None:
    found = claims(read_access(operator, server(account("mcp.example.com", **more))).token())
    assert found["aud"] == ["mcp.example.com"]
    assert found["sub"] == f"system:serviceaccount:{team}:{subject}"
    assert found["exp"] - found["iat"] <= 600


def test_no_token_of_an_account_that_the_chart_does_not_name(operator: Client, server: Any) -> None:
    with pytest.raises(ProbeAccessError, match="serviceAccounts: \\[other\\]"):
        read_access(operator, server(account("mcp", serviceAccountName="other"))).token()


def test_no_token_for_the_api_server(operator: Client, client: Client, server: Any, team: str) -> None:
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = f"/api/v1/namespaces/{team}/serviceaccounts/wiki/token"
    [audience, *_others] = client.request("POST", path, what="request a token", body=body)["spec"]["audiences"]
    with pytest.raises(ProbeAccessError, match="is that of the API server"):
        read_access(operator, server(account(audience))).token()
