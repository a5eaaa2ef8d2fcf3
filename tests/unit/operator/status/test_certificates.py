# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The condition CertificateReady follows the Certificate of cert-manager."""

from __future__ import annotations

from mcp_operator.cluster.store import Key

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
