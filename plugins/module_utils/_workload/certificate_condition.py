# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The condition CertificateReady of a server whose sidecar serves HTTPS.

It is computed from the Certificate of cert-manager, from what keeps Pods from starting, and from the validation, which
verifies the certificate that is served. The Secret with the private key is not read.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._util import clean
from . import names, tls
from .fields import mapping
from .kstatus import Condition

if t.TYPE_CHECKING:
    from .observation import Observation
    from .pods import Cause

CONDITION: t.Final = "CertificateReady"
VERIFIED, ISSUED, RENEWAL_FAILED = "Verified", "Issued", "RenewalFailed"
SECRET_NOT_FOUND, INVALID = "SecretNotFound", "InvalidCertificate"
NOT_ISSUED, ISSUANCE_FAILED = "NotIssued", "IssuanceFailed"
VERIFICATION_FAILED, NO_AUTHORITY, NOT_VERIFIED = "VerificationFailed", "AuthorityUnavailable", "NotVerified"

_VERIFY = (
    "Renew the certificate, correct its names or its issuer, or name the authority in spec.tls.caConfigMapRef; the "
    "name that it must have is {name}."
)
_PASSED = ("Validated", "AuthRequired")
_MESSAGE = 500

Object = t.Mapping[str, t.Any]
_Result = tuple[str, str, str]


def condition(server: Object, seen: Observation) -> Condition | None:
    """Return the condition; None for a server without ``spec.tls``.

    The first source that says that the certificate cannot be used wins: what clients receive, what keeps Pods from
    starting, what cert-manager reports.
    """
    settings = tls.of_sidecar(server["spec"])
    if settings is None:
        return None
    issued = _issued(server, settings, seen.certificate)
    waits = issued is not None and issued[0] != "True"
    found = _served(server, seen.validation) or _unusable(server, settings, seen.cause)
    # cert-manager knows why there is no Secret.
    if waits and (found is None or found[1] == SECRET_NOT_FOUND):
        found = issued
    if found is None and seen.validation.get("state") in _PASSED and (issued is None or issued[1] == ISSUED):
        found = "True", VERIFIED, "The validation verified the certificate and its name."
    return Condition(CONDITION, *(found or issued or _unknown(settings)))


def explain(server: Object, cause: Cause | None, found: Condition | None) -> Cause | None:
    """Return a cause with what to do about it, which is not to create a Secret that cert-manager is to create.

    :param found: from :func:`condition`.
    """
    settings = tls.of_sidecar(server["spec"]) or {}
    if cause is None or found is None or found.status != "False" or not mapping(settings, "issuerRef"):
        return cause
    return dataclasses.replace(cause, action=found.message) if _is_missing(server, settings, cause) else cause


def _is_missing(server: Object, settings: Object, cause: Cause) -> bool:
    return f'secret "{tls.secret_name(server, settings)}" not found' in cause.message


def _served(server: Object, validation: Object) -> _Result | None:
    """Return what the validation found wrong with the certificate that is served."""
    for issue in validation.get("issues") or []:
        text = clean(issue.get("message"), _MESSAGE)
        if issue.get("code") == "TLS_VERIFY_FAILED":
            return "False", VERIFICATION_FAILED, f"{text} {_VERIFY.format(name=tls.server_name(server))}"
        if issue.get("code") == "CA_UNAVAILABLE":
            return "Unknown", NO_AUTHORITY, f"The certificate cannot be verified: {text}"
    return None


def _unusable(server: Object, settings: Object, cause: Cause | None) -> _Result | None:
    """Return what keeps a Pod from starting if that is the Secret, or what is in it."""
    if cause is None:
        return None
    secret = tls.secret_name(server, settings)
    if _is_missing(server, settings, cause):
        where = f"The Secret {secret} does not exist."
        issuer = mapping(settings, "issuerRef")
        if issuer:
            return "False", SECRET_NOT_FOUND, f"{where} {_look(server, issuer)}"
        return "False", SECRET_NOT_FOUND, f"{where} Create it with tls.crt and tls.key, or set spec.tls.issuerRef."
    if _concerns(cause, names.CLIENT_CA_VOLUME, names.CLIENT_CA_PATH):
        return "False", INVALID, f"{cause} Correct the authority of clients that spec.tls names."
    if _concerns(cause, names.TLS_VOLUME, names.TLS_PATH):
        return "False", INVALID, f"{cause} Correct the Secret {secret}."
    return None


def _concerns(cause: Cause, volume: str, path: str) -> bool:
    """Tell whether a message of the kubelet names a volume, or one of mcp-sidecar a file in it."""
    return f'"{volume}"' in cause.message or f"{path}/" in cause.message


def _issued(server: Object, settings: Object, certificate: Object | None) -> _Result | None:
    """Return what cert-manager reports; None without issuerRef, or if there is no Certificate yet."""
    issuer = mapping(settings, "issuerRef")
    if not issuer or certificate is None:
        return None
    found = {entry.get("type"): entry for entry in mapping(certificate, "status").get("conditions") or []}
    ready, issuing = found.get("Ready", {}), found.get("Issuing", {})
    failed = issuing.get("status") == "False"  # the condition is removed after a success
    generation = certificate["metadata"].get("generation")
    if ready.get("status") != "True" or ready.get("observedGeneration", generation) != generation:
        said = _said(issuing if failed else ready) or "cert-manager has not processed the Certificate yet."
        return "False", ISSUANCE_FAILED if failed else NOT_ISSUED, f"{said} {_look(server, issuer)}"
    if failed:
        text = f"The certificate is valid, but is not renewed. {_said(issuing)} {_look(server, issuer)}"
        return "True", RENEWAL_FAILED, text
    return "True", ISSUED, "cert-manager has issued the certificate."


def _look(server: Object, issuer: Object) -> str:
    meta = server["metadata"]
    kind = clean(issuer.get("kind") or "Issuer", 63)
    return (
        f"Check the {kind} {clean(issuer.get('name'), 253)}, and see: kubectl describe certificate,certificaterequest "
        f"-n {meta['namespace']}."
    )


def _said(found: Object) -> str:
    text = clean(found.get("message") or found.get("reason"), _MESSAGE)
    return f"cert-manager: {text.rstrip('.')}." if text else ""


def _unknown(settings: Object) -> _Result:
    if mapping(settings, "issuerRef"):
        text = "The Certificate is not known yet. If it does not exist, the condition Reconciled says why."
    else:
        text = "No validation has verified the certificate yet."
    return "Unknown", NOT_VERIFIED, text
