# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The condition CertificateReady follows the Certificate of cert-manager."""

from __future__ import annotations

import base64

import pytest
from mcp_operator.cluster.store import Key

from support.bridging.volumes import Authority

from ..fake_workload import GOOD, bad

TLS = {"issuerRef": {"name": "team-ca"}}
ACCESS = {"tls": {**TLS, "caConfigMapRef": {"name": "ca", "key": "ca.crt"}}}


def certificate(cluster, *conditions, owner="uid-wiki"):
    found = {"controller": True, "uid": owner, "kind": "MCPServer", "name": "wiki"}
    meta = {"uid": "uid-certificate", "generation": 1, "labels": {}, "ownerReferences": [found]}
    cluster.put(
        Key(cluster.certificates, "team", "wiki"),
        {"metadata": meta, "state": "1", "status": {"conditions": list(conditions)}},
    )


def entry(type_, status, reason, message="text"):
    return {"type": type_, "status": status, "reason": reason, "message": message, "observedGeneration": 1}


def state(cluster):
    found = [entry for entry in cluster.status().get("conditions") or [] if entry["type"] == "CertificateReady"]
    return (found[0]["status"], found[0]["reason"]) if found else None


def test_it_follows_the_certificate_without_another_change(cluster):
    cluster.create(**ACCESS)
    cluster.deploy()
    cluster.until(lambda: state(cluster) == ("Unknown", "NotVerified"))
    certificate(cluster, entry("Ready", "False", "DoesNotExist"))
    cluster.until(lambda: state(cluster) == ("False", "NotIssued"))
    certificate(cluster, entry("Ready", "True", "Ready"))
    cluster.until(lambda: state(cluster) == ("True", "Issued"))
    certificate(cluster, entry("Ready", "True", "Ready"), entry("Issuing", "False", "Failed", "the issuer is gone"))
    cluster.until(lambda: state(cluster) == ("True", "RenewalFailed"))
    cluster.until(lambda: any(event["reason"] == "RenewalFailed" for event in cluster.events))


def test_a_certificate_of_another_owner_means_nothing(cluster):
    cluster.create(**ACCESS)
    cluster.deploy()
    certificate(cluster, entry("Ready", "True", "Ready"), owner="uid-other")
    cluster.until(lambda: state(cluster) == ("Unknown", "NotVerified"))
    cluster.rests()
    assert state(cluster) == ("Unknown", "NotVerified")


def secret(authority, version):
    meta = {"uid": "uid-secret", "resourceVersion": version}
    return {"metadata": meta, "data": {"ca.crt": base64.b64encode(authority.pem).decode()}}


@pytest.mark.parametrize(
    ("said", "is_open"), [("unable to get local issuer certificate", True), ("certificate has expired", False)]
)
def test_an_authority_that_is_renewed_closes_no_gate_and_a_certificate_that_expires_does(
    cluster, tmp_path, said, is_open
):
    """The validation knows a new authority before the Pod has the files of the kubelet."""
    authorities = [Authority(tmp_path, name) for name in ("old", "new")]
    trusted = [one.pem.decode() for one in authorities]
    served = [trusted[0]]
    failure = bad("TLS_VERIFY_FAILED", f"The server's certificate is not trusted: {said}.")
    cluster.there[("Secret", "own")] = secret(authorities[0], "1")
    cluster.answer = lambda request: GOOD if request.access.ca == served[0] else failure
    cluster.create(tls={"secretName": "own"}, validation={"strictMode": True, "onFailure": "remove"})
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.deploy(mark="t1", ready=1)
    cluster.becomes("Running", "Validated")
    assert state(cluster) == ("True", "Verified")
    cluster.there[("Secret", "own")] = secret(authorities[1], "2")
    cluster.until(lambda: state(cluster) == ("False", "VerificationFailed"))
    cluster.rests()
    assert cluster.gate_of() is is_open
    served[0] = trusted[1]
    cluster.until(lambda: state(cluster) == ("True", "Verified"))
    cluster.until(lambda: cluster.gate_of() is True)
