# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The condition CertificateReady: from cert-manager, from the Pods, and from the validation."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import certificate_condition, status
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import Cause
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout

ROLLOUT = Rollout(desired=1, replicas=1, updated=1, ready=0, available=0, observed=True)
OWN = {"secretName": "own"}
ISSUED = {"issuerRef": {"name": "team-ca"}}
SOON = "Issuing certificate as Secret does not exist"
FAILED = "The certificate request has failed to complete and will be retried: Error getting keypair for CA issuer"
SIDECAR = "the container mcp-proxy ended with exit code 1 and was restarted 3 times; its log ends with: "
MISSING = 'MountVolume.SetUp failed for volume "{}" : secret "{}" not found'


def mcpserver(**spec):
    meta = {"name": "wiki", "namespace": "team", "generation": 1}
    return {"metadata": meta, "spec": {"image": "wiki:1", **spec}}


def certificate(ready="", message="", *, issuing="", failed="", generation=1, observed=1):
    conditions = []
    if ready:
        conditions.append({"type": "Ready", "status": ready, "message": message, "observedGeneration": observed})
    if issuing:
        conditions.append({"type": "Issuing", "status": "True", "reason": "DoesNotExist", "message": issuing})
    if failed:
        conditions.append({"type": "Issuing", "status": "False", "reason": "Failed", "message": failed})
    return {"metadata": {"name": "wiki", "generation": generation}, "status": {"conditions": conditions}}


def condition(tls, state="Pending", *, cause=None, found=None, issues=()):
    validation = {"state": state, "issues": list(issues)}
    seen = Observation(ROLLOUT, validation, cause, certificate=found)
    return certificate_condition.condition(mcpserver(tls=tls), seen)


def issue(code, message="The server's certificate is not trusted: certificate has expired."):
    return {"code": code, "level": "error", "message": message}


def test_a_server_without_tls_has_no_condition():
    assert certificate_condition.condition(mcpserver(), Observation(ROLLOUT, {"state": "Validated"})) is None
    own = mcpserver(transport={"config": {"http": {"tls": {}}}})
    assert certificate_condition.condition(own, Observation(ROLLOUT, {"state": "Validated"})) is None


def test_it_is_among_the_conditions_of_the_status():
    validation = {"state": "Validated", "protocol": "sse", "validatedGeneration": 1}
    seen = Observation(ROLLOUT, validation)
    found = status.status(mcpserver(tls=OWN), seen, "2026-11-22T10:00:00Z")["conditions"]
    [entry] = [entry for entry in found if entry["type"] == "CertificateReady"]
    assert (entry["status"], entry["reason"]) == ("True", "Verified")


@pytest.mark.parametrize("state", ["Validated", "AuthRequired"])
@pytest.mark.parametrize("tls", [OWN, ISSUED])
def test_a_validation_that_passes_has_verified_it(tls, state):
    assert condition(tls, state)[1:3] == ("True", "Verified")


@pytest.mark.parametrize(
    ("found", "wanted", "text"),
    [
        (None, ("Unknown", "NotVerified"), "the condition Reconciled says why"),
        (certificate(), ("False", "NotIssued"), "has not processed the Certificate yet"),
        (certificate("True", "It is valid", generation=2), ("False", "NotIssued"), "Check the Issuer team-ca"),
        (certificate("False", SOON, issuing=SOON), ("False", "NotIssued"), f"cert-manager: {SOON}."),
        (certificate("False", SOON, failed=FAILED), ("False", "IssuanceFailed"), FAILED),
        (certificate("True", "It is valid", failed=FAILED), ("True", "RenewalFailed"), "is not renewed"),
        (certificate("True", "It is valid"), ("True", "Issued"), "has issued"),
    ],
)
def test_what_cert_manager_reports(found, wanted, text):
    made = condition(ISSUED, found=found)
    assert made[1:3] == wanted
    assert text in made.message
    assert "kubectl describe certificate" in made.message or wanted[1] in ("Issued", "NotVerified")


def test_a_renewal_that_fails_shows_while_the_validation_passes():
    assert condition(ISSUED, "Validated", found=certificate("True", failed=FAILED)).reason == "RenewalFailed"
    assert condition(ISSUED, "Validated", found=certificate("False", "expired")).reason == "NotIssued"
    assert condition(ISSUED, "Validated", found=certificate("True")).reason == "Verified"


@pytest.mark.parametrize(
    ("tls", "message", "reason", "text"),
    [
        (OWN, MISSING.format("tls-certs", "own"), "SecretNotFound", "Create it with tls.crt and tls.key"),
        (ISSUED, MISSING.format("tls-certs", "wiki-tls"), "SecretNotFound", "Check the Issuer team-ca"),
        (
            OWN,
            f'{SIDECAR}The TLS certificate in "/etc/tls/tls.crt" expired at 2026-01-01.',
            "InvalidCertificate",
            "own",
        ),
        (OWN, MISSING.format("tls-client-ca", "clients"), "InvalidCertificate", "the authority of clients"),
        (OWN, f'{SIDECAR}The file "/etc/tls-client-ca/ca.crt" contains no', "InvalidCertificate", "of clients"),
    ],
)
def test_what_keeps_pods_from_starting(tls, message, reason, text):
    made = condition(tls, cause=Cause("FailedMount", message))
    assert made[1:3] == ("False", reason)
    assert text in made.message


def test_cert_manager_says_why_there_is_no_secret():
    cause = Cause("FailedMount", MISSING.format("tls-certs", "wiki-tls"), "Create the Secret.", pod="wiki-1")
    found = certificate("False", SOON, issuing=SOON)
    assert condition(ISSUED, cause=cause, found=found).reason == "NotIssued"
    seen = Observation(ROLLOUT, {"state": "Pending"}, cause, gave_up=True, certificate=found)
    made = status.status(mcpserver(tls=ISSUED), seen, "2026-11-22T10:00:00Z")
    assert made["phase"] == "Failed"
    assert "Create the Secret." not in made["message"]
    assert f'secret "wiki-tls" not found. cert-manager: {SOON}. Check the Issuer team-ca' in made["message"]
    own = dataclasses.replace(cause, message=MISSING.format("tls-certs", "own"))
    seen = Observation(ROLLOUT, {"state": "Pending"}, own, gave_up=True)
    assert status.status(mcpserver(tls=OWN), seen, "2026-11-22T10:00:00Z")["message"].endswith("Create the Secret.")


def test_another_cause_is_not_about_the_certificate():
    assert condition(OWN, cause=Cause("CrashLoopBackOff", "the container ended with exit code 1"))[1] == "Unknown"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("TLS_VERIFY_FAILED", ("False", "VerificationFailed")),
        ("CA_UNAVAILABLE", ("Unknown", "AuthorityUnavailable")),
        ("NOT_MCP", ("Unknown", "NotVerified")),
    ],
)
def test_what_the_validation_found(code, wanted):
    assert condition(OWN, "Failed", issues=[issue(code)])[1:3] == wanted


def test_the_name_that_the_certificate_must_have_is_told():
    text = condition(OWN, "Failed", issues=[issue("TLS_VERIFY_FAILED")]).message
    assert "certificate has expired" in text
    assert text.endswith("the name that it must have is wiki.team.svc.")


def test_nothing_hidden_of_others_is_shown():
    made = condition(ISSUED, found=certificate("False", f"a\u202eb\x1b[2J{'x' * 5000}"))
    assert "\x1b" not in made.message
    assert "\u202e" not in made.message
    assert len(made.message) < 1024
