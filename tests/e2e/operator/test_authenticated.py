# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that serves HTTPS and requires a token is validated with both, and without them it gets no traffic."""

from __future__ import annotations

import contextlib
import uuid

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from zoo.certificates import Certificates

from support import cluster
from support.operator import NAMESPACE, WATCHED

RBAC = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{WATCHED}"
CORE = f"/api/v1/namespaces/{WATCHED}"
ACCOUNT = {"kind": "ServiceAccount", "name": "mcp-operator-controller-manager", "namespace": NAMESPACE}
IMAGE = "localhost/mcp-servers/fastmcp:3.4.10"
FIRST, SECOND = "the-first-s3cret", "the-second-s3cret"
# The published server behind a check of the token, as its users would write it.
PROGRAM = """
import sys
sys.path.insert(0, "/srv")
import uvicorn
from server import server
app = server.http_app(path="/mcp")
wanted = b"Bearer " + open("/access/token", "rb").read()

async def guarded(scope, receive, send):
    if scope["type"] == "http" and dict(scope["headers"]).get(b"authorization") != wanted:
        await send({"type": "http.response.start", "status": 401, "headers": [(b"www-authenticate", b"Bearer")]})
        await send({"type": "http.response.body", "body": b""})
    else:
        await app(scope, receive, send)

uvicorn.run(guarded, host="0.0.0.0", port=8443, ssl_certfile="/access/tls.pem")
"""


@pytest.fixture
def name(client, tmp_path):
    """Make the Secrets of a server, the CA, and a Role by which the operator may read them; return their name."""
    name = f"access-{uuid.uuid4().hex[:8]}"
    certificates = Certificates(tmp_path)
    label = {"mcp.mcp-operator.io/validation-credentials": "true"}
    pem = certificates.leaf("good").read_text(encoding="utf-8")
    rule = {"apiGroups": [""], "resources": ["configmaps", "secrets"], "resourceNames": [name], "verbs": ["get"]}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
    made = [
        (f"{CORE}/secrets", {"metadata": {"name": name, "labels": label}, "stringData": {"token": FIRST}}),
        (
            f"{CORE}/secrets",
            {"metadata": {"name": f"{name}-server"}, "stringData": {"token": FIRST, "tls.pem": pem}},
        ),
        (
            f"{CORE}/configmaps",
            {"metadata": {"name": name}, "data": {"ca.crt": certificates.authority.read_text(encoding="utf-8")}},
        ),
        (f"{RBAC}/roles", {"metadata": {"name": name}, "rules": [rule]}),
        (f"{RBAC}/rolebindings", {"metadata": {"name": name}, "roleRef": role, "subjects": [ACCOUNT]}),
    ]
    for path, body in made:
        client.request("POST", path, what="make it", body=body)
    yield name
    for path, body in made:
        with contextlib.suppress(ApiNotFound):
            client.request("DELETE", f"{path}/{body['metadata']['name']}", what="clean up")


def spec(name, **validation):
    return {
        "image": IMAGE,
        "command": ["/opt/venv/bin/python", "-c"],
        "args": [PROGRAM],
        "transport": {
            "config": {
                "http": {
                    "port": 8443,
                    "tls": {"caConfigMapRef": {"name": name, "key": "ca.crt"}, "serverName": "localhost"},
                }
            }
        },
        "validation": {"strictMode": True, **validation},
        "podTemplate": {
            "volumes": [{"name": "access", "secret": {"secretName": f"{name}-server"}}],
            "volumeMounts": [{"name": "access", "mountPath": "/access", "readOnly": True}],
        },
    }


def bearer(name):
    return {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": name, "key": "token"}}}


def test_a_server_with_tls_and_a_token(make, name):
    server = make(**spec(name))
    server.becomes("ValidationFailed", "Failed", "AUTH_NOT_DECLARED")
    server.apply(**spec(name, auth=bearer(name)))
    status = server.becomes("Running", "Validated")
    assert status["validation"]["toolCount"] == 2
    assert status["validation"]["endpoint"] == f"https://{server.name}.{WATCHED}.svc:8443/mcp"
    assert server.child("Service")["spec"]["ports"][0]["appProtocol"] == "https"


@pytest.mark.test_all  # Secrets are read again each minute
def test_a_changed_secret_validates_anew_and_closes_no_gate_of_a_pod_that_has_passed(operator, make, client, name):
    server = make(**spec(name, auth=bearer(name)))
    server.becomes("Running", "Validated")
    body = MergePatch({"stringData": {"token": SECOND}})
    client.request("PATCH", f"{CORE}/secrets/{name}", what="change the token", body=body)
    server.becomes("ValidationFailed", "Failed", "CREDENTIALS_REJECTED")
    assert server.condition("Degraded")["reason"] == "AccessRefused"
    [pod] = server.pods()
    ready = [entry["status"] for entry in pod["status"]["conditions"] if entry["type"] == "Ready"]
    assert ready == ["True"]
    shown = str(server.read()) + str(list(client.list("v1", "Event", WATCHED))) + operator.log()
    assert not [token for token in (FIRST, SECOND) if token in shown]


def test_it_is_enough_that_the_manifest_declares_401(make, name):
    server = make(**spec(name, auth={"type": "none"}))
    status = server.becomes("Running", "AuthRequired")
    assert cluster.until("the Pod is ready", lambda: server.status["readyReplicas"] == 1)
    assert status["validation"]["requiresAuth"] is True
