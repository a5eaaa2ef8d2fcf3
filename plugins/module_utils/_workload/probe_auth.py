# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.validation.auth``: how a probe authenticates, and what the answer 401 means.

Without credentials, a server that answers 401 is only known to require some. In strict mode that is no evidence that it
speaks MCP, so the manifest must declare it.
"""

from __future__ import annotations

import typing as t

from .fields import mapping

NONE, BEARER = "none", "bearerToken"
CLIENT_CREDENTIALS, ACCOUNT = "clientCredentials", "serviceAccountToken"
# Issue codes of a server that requires credentials.
REJECTED, NOT_DECLARED = "CREDENTIALS_REJECTED", "AUTH_NOT_DECLARED"
# Failures that the credentials, the certificate or the CA of the probe may cause. Clients may have others.
OF_THE_PROBE = frozenset({REJECTED, NOT_DECLARED, "TLS_CLIENT_CERT_REQUIRED", "TLS_VERIFY_FAILED"})

Object = t.Mapping[str, t.Any]
_Issue = dict[str, str]


def settings(server: Object) -> Object:
    """Return ``spec.validation.auth``; empty if the manifest has none."""
    return mapping(mapping(server["spec"], "validation"), "auth")


def auth_type(server: Object) -> str:
    """Return ``spec.validation.auth.type``; empty if the manifest has none."""
    return str(settings(server).get("type") or "")


def client_certificate(server: Object) -> Object:
    """Return the reference to the Secret with the client certificate of probes; empty if the manifest has none."""
    return mapping(mapping(server["spec"], "validation"), "clientCertificateSecretRef")


def judge(report: Object, auth: str, *, strict: bool) -> dict[str, t.Any]:
    """Return a report in which the answer 401 is an error where the manifest does not allow it.

    :param report: ``Report.to_dict()``.
    :param auth: ``spec.validation.auth.type``.
    """
    found = dict(report)
    if not report["requires_auth"] or report["compliant"] is not None or auth == NONE:
        return found
    if auth:
        issue = _error(
            REJECTED,
            "The server rejects the credentials of spec.validation.auth.",
            "Renew the credentials, or correct their audience, scopes or resource.",
        )
    elif strict:
        issue = _error(
            NOT_DECLARED,
            "The server requires credentials, and the manifest gives none.",
            "Give credentials in spec.validation.auth, or set spec.validation.auth.type: none to declare that a server "
            "which answers 401 passes.",
        )
    else:
        return found
    return {**found, "compliant": False, "issues": [issue, *report["issues"]]}


def _error(code: str, message: str, action: str) -> _Issue:
    return {"code": code, "level": "error", "message": message, "spec": "", "action": action}
