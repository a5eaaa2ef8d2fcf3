# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.tls`` and ``spec.auth`` with real Pods: what the sidecar serves and refuses."""

from __future__ import annotations

import socket
import ssl

import pytest
import yaml
from oracle import clients
from zoo.certificates import Certificates

from support import cluster
from support.deployed import deploy, ready_pod
from support.forward import forward
from support.tls_secrets import make_secret

# Waits for a server whose Secret is missing; tests/integration/sidecar has the rest of TLS and tokens.
pytestmark = pytest.mark.test_all

SERVER = {
    "image": "localhost/mcp-servers/go-sdk:1.8.0",
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "config": {"http": {"port": 3001}}},
}
# The certificates are for localhost, where the tests find the Pods.
TLS = {"secretName": "good", "serverName": "localhost"}
SERVERS = {
    "secure": {**SERVER, "tls": TLS},
    "mutual": {
        **SERVER,
        "tls": {**TLS, "mode": "mutual", "minVersion": "1.3"},
        "validation": {"clientCertificateSecretRef": {"name": "client"}},
    },
    "misnamed": {**SERVER, "tls": {"secretName": "good"}},
    "tokens": {**SERVER, "auth": {"issuers": ["https://login.invalid"]}},
    "stdio-tokens": {
        "image": "localhost/mcp-servers/go-stdio:1.8.0",
        "command": ["/server", "--transport", "stdio"],
        "transport": {"type": "stdio"},
        "auth": {"issuers": ["https://login.invalid"]},
    },
    "issued": {**SERVER, "tls": {"issuerRef": {"name": "team-ca"}}},
    "missing": {**SERVER, "tls": {"secretName": "nothing"}},
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def fleet(playbooks, client, certificates, tmp_path_factory):
    cluster.load_images("mcp-stdio-bridge", "go-sdk", "go-stdio")
    folder = tmp_path_factory.mktemp("tls")
    for name, spec in SERVERS.items():
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": name}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**head, "spec": spec}), encoding="utf-8")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:
        make_secret(client, namespace, certificates, "good")
        make_secret(client, namespace, certificates, "client", {"mcp.mcp-operator.io/validation-credentials": "true"})
        yield deploy(playbooks, client, namespace, folder, mcp_wait_timeout=40)


def test_servers_are_validated_by_https(fleet):
    for name in ("secure", "mutual"):
        status = fleet.servers[name]["status"]
        assert (status["phase"], status["validation"]["state"]) == ("Running", "Validated"), (name, status)
        assert status["validation"]["endpoint"] == f"https://{name}.{fleet.namespace}.svc:8080/mcp"


@pytest.mark.parametrize("name", ["tokens", "stdio-tokens"])
def test_the_kubelet_needs_no_token_and_validation_reports_that_clients_do(fleet, client, name):
    assert ready_pod(client, fleet.namespace, name)
    assert fleet.servers[name]["status"]["validation"]["state"] == "AuthRequired"


def test_a_certificate_for_another_name_does_not_pass(fleet):
    status = fleet.servers["misnamed"]["status"]
    assert status["validation"]["state"] == "Failed"
    assert "TLS_VERIFY_FAILED" in {issue["code"] for issue in status["validation"]["issues"]}


def test_a_secret_that_is_missing_is_named(fleet):
    status = fleet.servers["missing"]["status"]
    assert status["phase"] == "Failed"
    assert 'secret "nothing" not found' in status["message"]


def test_a_cluster_without_cert_manager_is_named(fleet):
    assert "spec.tls.issuerRef needs cert-manager" in fleet.run.output


def test_the_official_client_trusts_the_authority(fleet, client, certificates):
    [official] = [found for found in clients.catalogue() if found.name == "python-1"]
    pod = ready_pod(client, fleet.namespace, "secure")
    with forward(client, fleet.namespace, pod["metadata"]["name"], 8080) as address:
        url = f"https://localhost:{address.rsplit(':', 1)[1]}/mcp"
        target = {"url": url, "transport": "streamable-http", "call": None}
        [answer] = official.describe_targets([target], {"SSL_CERT_FILE": str(certificates.authority)})
        [refused] = official.describe_targets([target])
    assert "now" in answer["tools"], answer
    assert "error" in refused


@pytest.mark.parametrize("shown", [None, "client"])
def test_a_client_needs_a_certificate_where_the_manifest_says_so(fleet, client, certificates, shown):
    context = ssl.create_default_context(cafile=str(certificates.authority))
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if shown:
        context.load_cert_chain(certificates.leaf(shown))
    pod = ready_pod(client, fleet.namespace, "mutual")
    with forward(client, fleet.namespace, pod["metadata"]["name"], 8080) as address:
        host, port = address.split(":")
        if shown:
            assert ask(context, host, int(port)).startswith(b"HTTP/1.1 ")
            return
        # In TLS 1.3 the alert comes after the handshake.
        with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required"):
            ask(context, host, int(port))


def ask(context, host, port):
    with (
        socket.create_connection((host, port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as encrypted,
    ):
        encrypted.sendall(b"GET /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return encrypted.recv(64)
