# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.tls`` with the real cert-manager: certificates are issued, verified and renewed, or it is said why not."""

from __future__ import annotations

import hashlib
import json
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import cluster

from .conftest import (
    GO,
    ISSUER,
    MUTUAL,
    OTHER_TEAM,
    TEAM,
    IssuingTestbed,
    answer,
    authority,
    cert_manager,
    condition,
    python_client,
    typescript_client,
)

# Builds cert-manager on first use.
pytestmark = pytest.mark.test_all

VERIFIED = ("True", "Verified")
# Longer than the kubelet needs to update the files of a Pod.
RENEWAL = 180
END = "-----END CERTIFICATE-----"


@pytest.fixture(scope="module")
def mutual(testbed: IssuingTestbed) -> dict[str, Any]:
    testbed.apply_server("mutual", **MUTUAL)
    return testbed.becomes("mutual", "Running", VERIFIED)


def test_validation_presents_its_certificate_and_verifies_that_of_the_server(
    testbed: IssuingTestbed, mutual: dict[str, Any]
) -> None:
    assert mutual["validation"]["state"] == "Validated"
    assert mutual["validation"]["endpoint"] == f"https://mutual.{TEAM}.svc:8080/mcp"
    made = testbed.client.find("cert-manager.io/v1", "Certificate", TEAM, "mutual")
    assert made is not None
    assert made["spec"]["dnsNames"] == [f"mutual.{TEAM}.svc", f"mutual.{TEAM}.svc.cluster.local"]
    assert set(testbed.secret("mutual-tls")) == {"ca.crt", "tls.crt", "tls.key"}


@pytest.mark.parametrize("client", [python_client, typescript_client])
def test_official_clients_need_a_certificate(
    testbed: IssuingTestbed, mutual: dict[str, Any], agent: dict[str, str], client: Callable[..., list[str]]
) -> None:
    target = testbed.target("mutual")
    found = answer(client(*target, agent["authority"], agent["certificate"]))
    assert "error" not in found, found
    # Neither shows the alert that the server sends, since the server closes the connection after it.
    refused = answer(client(*target, agent["authority"], "-"))
    assert "error" in refused, refused


def test_a_renewal_fails_no_call(testbed: IssuingTestbed, agent: dict[str, str], tmp_path: Path) -> None:
    testbed.apply_server("renewed", **MUTUAL)
    testbed.becomes("renewed", "Running", VERIFIED)
    before = testbed.secret("renewed-tls")
    command = python_client(*testbed.target("renewed"), agent["authority"], agent["certificate"], "repeat")
    log = tmp_path / "calls"

    def lines() -> list[dict[str, Any]]:
        return [
            json.loads(line) for line in log.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n"
        ]

    def calls_with(pem: str) -> int:
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.partition(END)[0] + END)).hexdigest()
        return sum(line.get("certificate") == digest for line in lines())

    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=cluster.ROOT, stdin=subprocess.PIPE, stdout=output)
        try:
            cluster.until("calls with the old certificate", lambda: calls_with(before["tls.crt"]) > 10, 60)
            testbed.renew("renewed")
            cluster.until("a new certificate", lambda: testbed.secret("renewed-tls") != before, 60)
            after = testbed.secret("renewed-tls")
            assert after["tls.key"] != before["tls.key"]
            cluster.until(
                "calls with the new certificate",
                lambda: calls_with(after["tls.crt"]) > 10 or process.poll() is not None,
                RENEWAL,
            )
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)
    found = lines()
    print(f"{len(found)} calls, {calls_with(before['tls.crt'])} before and {calls_with(after['tls.crt'])} after")
    assert [line for line in found if "error" in line] == []
    assert calls_with(after["tls.crt"]) > 10
    testbed.becomes("renewed", "Running", VERIFIED)
    pods = testbed.client.list("v1", "Pod", TEAM, labelSelector="app=renewed")
    restarts = [entry["restartCount"] for pod in pods for entry in pod["status"]["containerStatuses"]]
    assert restarts == [0], "no Pod was replaced, and no container restarted"


def test_an_issuer_that_does_not_exist_is_named_and_the_server_starts_when_it_does(testbed: IssuingTestbed) -> None:
    testbed.apply_server("waiting", **GO, tls={"issuerRef": {"name": "late-ca"}})
    status = testbed.becomes("waiting", "Creating", ("False", "NotIssued"))
    assert "Check the Issuer late-ca" in condition(status)["message"]
    testbed.apply(*authority(TEAM, "late-ca"))
    testbed.becomes("waiting", "Running", VERIFIED)


def test_a_certificate_for_another_name_gets_no_traffic(testbed: IssuingTestbed) -> None:
    other = {"secretName": "misnamed", "dnsNames": ["other.example.com"], "issuerRef": {"name": ISSUER}}
    testbed.apply(cert_manager("Certificate", TEAM, "misnamed", **other))
    testbed.apply_server("misnamed", **GO, tls={"secretName": "misnamed"}, validation={"strictMode": True})
    status = testbed.becomes("misnamed", "ValidationFailed", ("False", "VerificationFailed"))
    assert f"the name that it must have is misnamed.{TEAM}.svc" in condition(status)["message"]
    listing = ["get", "endpointslices", "-n", TEAM, "-l", "kubernetes.io/service-name=misnamed", "-o", "json"]
    slices = json.loads(testbed.kubectl(*listing).stdout)["items"]
    endpoints = [one["conditions"]["ready"] for found in slices for one in found["endpoints"]]
    assert endpoints == [False]


def test_the_playbook_waits_for_the_certificate(testbed: IssuingTestbed) -> None:
    manifest = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "deployed", "namespace": OTHER_TEAM},
        "spec": {**GO, "tls": {"issuerRef": {"name": ISSUER}}},
    }
    done = testbed.playbooks.run("deploy", mcp_servers=[manifest], mcp_any_namespace=True, mcp_wait_timeout=120)
    assert done.code == 0, done.output
    found = testbed.client.find("mcp.mcp-operator.io/v1", "MCPServer", OTHER_TEAM, "deployed")
    assert found is not None
    assert condition(found["status"])["reason"] == "Verified"
