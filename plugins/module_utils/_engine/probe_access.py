# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads the credentials and the CA with which an MCPServer is validated."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._mcp.options import AUTHENTICATION, ClientCredentials
from .._workload import probe_auth, tls, validation
from .._workload.errors import ProbeAccessError
from .._workload.fields import mapping
from .._workload.objects import fingerprint
from .._workload.probe_access import NO_ACCESS, ProbeAccess
from .approved_offers import lock_reference, read_approved
from .issued_tokens import AccountToken, CachedToken, ClientCredentialsToken
from .references import ReferenceReader

if t.TYPE_CHECKING:
    from .._errors import McpKubernetesError
    from .._kube.client import Client

# Seconds after which they are read again.
PERIOD = 60.0
# What fits into a header.
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_AUTH = "validation.auth"
_CLIENT_CERTIFICATE = "validation.clientCertificateSecretRef"

Object = t.Mapping[str, t.Any]
_Token = t.Callable[[], t.Optional[str]]


def is_needed(server: Object) -> bool:
    """Tell whether something is to be read for the validation of an MCPServer."""
    if lock_reference(server):
        return True
    authenticates = probe_auth.auth_type(server) not in ("", probe_auth.NONE) or probe_auth.client_certificate(server)
    return bool(authenticates) or bool({"caConfigMapRef", "caSecretRef"} & (tls.settings(server) or {}).keys())


def wanted(server: Object) -> str:
    """Return a digest of the settings: what was read is valid as long as they are the same."""
    optional = [dict(found) for found in (lock_reference(server), probe_auth.client_certificate(server)) if found]
    return fingerprint([dict(probe_auth.settings(server)), tls.settings(server), *optional])


def read_access(client: Client, server: Object) -> ProbeAccess:
    """Read the credentials and the CA. A missing one is an error of :attr:`ProbeAccess.token`.

    :raises KubeError: the API server did not answer, so it is unknown what there is.
    """
    if not is_needed(server):
        return NO_ACCESS
    access = _read_access(client, server)
    found = read_approved(client, server) if lock_reference(server) else None
    if found is None:
        return access
    version = _version(server, access.version, found.pin.approved, found.pin.problem)
    return dataclasses.replace(access, pin=found.pin, approved_offers=found.packed, version=version)


def _read_access(client: Client, server: Object) -> ProbeAccess:
    reader = ReferenceReader(client, server)
    try:
        token = _token_source(client, reader, server)
        ca = reader.read_ca(tls.field(server), tls.settings(server) or {})
        certificate = reader.read_client_certificate(_CLIENT_CERTIFICATE, probe_auth.client_certificate(server))
    except ProbeAccessError as exc:
        return _unavailable(server, exc)
    return ProbeAccess(_version(server, *reader.versions), token, ca, certificate)


def _token_source(client: Client, reader: ReferenceReader, server: Object) -> _Token:
    """Return the function that returns the token."""
    kind = probe_auth.auth_type(server)
    settings = mapping(probe_auth.settings(server), kind) if kind else {}
    if kind == probe_auth.BEARER:
        token = reader.read_credential(f"{_AUTH}.bearerToken.secretKeyRef", mapping(settings, "secretKeyRef"))
        if not _TOKEN.fullmatch(token):
            raise ProbeAccessError(
                f"The bearer token of spec.{_AUTH} has a space or another invalid character, or is too long.",
                "Store the token alone in the Secret, without the word Bearer.",
            )
        return lambda: token
    if kind == probe_auth.ACCOUNT:
        meta = server["metadata"]
        own = str(mapping(server["spec"], "podTemplate").get("serviceAccountName") or meta["name"])
        name = str(settings.get("serviceAccountName") or own)
        audience = str(settings.get("audience"))
        return CachedToken(AccountToken(client, str(meta["namespace"]), name, audience, owned=name == own))
    if kind == probe_auth.CLIENT_CREDENTIALS:
        field = f"{_AUTH}.clientCredentials"
        secret = reader.read_credential(f"{field}.clientSecretRef", mapping(settings, "clientSecretRef"))
        credentials = ClientCredentials(
            client_id=str(settings.get("clientID") or ""),
            client_secret=secret,
            token_url=str(settings.get("tokenURL") or ""),
            scopes=tuple(map(str, settings.get("scopes") or ())),
            resource=settings.get("resource"),
            authentication=str(settings.get("authentication") or AUTHENTICATION[0]),
        )
        http = mapping(mapping(mapping(server["spec"], "transport"), "config"), "http")
        resource = validation.endpoint(server, http.get("path"))
        return CachedToken(ClientCredentialsToken(credentials, resource, reader.read_ca(field, settings)))
    return NO_ACCESS.token


def _unavailable(server: Object, error: McpKubernetesError) -> ProbeAccess:
    def fail() -> str | None:
        raise error

    return ProbeAccess(_version(server, error.code, error.seen), fail)


def _version(server: Object, *parts: t.Any) -> str:
    """Return a digest. It has no content of a Secret: it ends up in the status, which more people may read."""
    return fingerprint([wanted(server), *parts])
