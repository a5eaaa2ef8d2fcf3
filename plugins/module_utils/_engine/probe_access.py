# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads the credentials with which an MCPServer is validated.

A Secret is only used if it has the label ``names.CREDENTIALS_LABEL``: its value is sent to a server that whoever edits
MCPServers has chosen, so consent is needed from whoever edits the Secret.
"""

from __future__ import annotations

import base64
import binascii
import re
import typing as t

from .._kube.errors import ApiForbidden
from .._workload import names, probe_auth
from .._workload.errors import ProbeAccessError
from .._workload.fields import mapping
from .._workload.objects import fingerprint
from .._workload.probe_access import NO_ACCESS, ProbeAccess

if t.TYPE_CHECKING:
    from .._errors import McpKubernetesError
    from .._kube.client import Client

# Seconds after which they are read again.
PERIOD = 60.0
# What fits into a header.
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")

Object = t.Mapping[str, t.Any]


def is_needed(server: Object) -> bool:
    """Tell whether the credentials of an MCPServer are to be read."""
    return probe_auth.auth_type(server) not in ("", probe_auth.NONE)


def wanted(server: Object) -> str:
    """Return a digest of the settings: what was read is valid as long as they are the same."""
    return fingerprint(dict(probe_auth.settings(server)))


def read_access(client: Client, server: Object) -> ProbeAccess:
    """Read the credentials. A missing one is an error of :attr:`ProbeAccess.token`.

    :raises KubeError: the API server did not answer, so it is unknown what there is.
    """
    if not is_needed(server):
        return NO_ACCESS
    try:
        secret, token = _read_secret(client, server, ("auth", "bearerToken", "secretKeyRef"))
        _check_token(token)
    except ProbeAccessError as exc:
        return unavailable(server, exc)
    return ProbeAccess(_version(server, secret), lambda: token)


def unavailable(server: Object, error: McpKubernetesError) -> ProbeAccess:
    """Return the access of a server whose credentials cannot be used.

    :param error: is raised where a token is needed.
    """

    def fail() -> str | None:
        raise error

    return ProbeAccess(_version(server, error.code, error.seen), fail)


def _version(server: Object, *parts: t.Any) -> str:
    """Return a digest. It has no content of a Secret: it ends up in the status, which more people may read."""
    return fingerprint([wanted(server), *parts])


def _read_secret(client: Client, server: Object, path: t.Sequence[str]) -> tuple[list[str], str]:
    """Return what identifies the version of a Secret, and the text in one of its keys.

    :param path: of the reference below ``spec.validation``.
    :raises ProbeAccessError: it may not be used, or has no such text.
    """
    reference = mapping(server["spec"], "validation")
    for field in path:
        reference = mapping(reference, field)
    name, key = str(reference.get("name") or ""), str(reference.get("key") or "")
    namespace = str(server["metadata"]["namespace"])
    where = f"Secret {namespace}/{name}, which spec.validation.{'.'.join(path)} names"
    try:
        found = client.find("v1", "Secret", namespace, name)
    except ApiForbidden:
        raise ProbeAccessError(
            f"{where}, may not be read.",
            f"Name it in the chart's value validationAccess: [{{namespace: {namespace}, secrets: [{name}]}}], or give "
            "the operator's ServiceAccount a Role with this resourceName.",
        ) from None
    if found is None:
        raise ProbeAccessError(f"{where}, does not exist.", "Create it, or correct the name.")
    if mapping(found["metadata"], "labels").get(names.CREDENTIALS_LABEL) != "true":
        raise ProbeAccessError(
            f"{where}, has no label {names.CREDENTIALS_LABEL}.",
            f"If the server may see the Secret, label it: {names.CREDENTIALS_LABEL}=true.",
        )
    if found.get("type") in ("kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"):
        raise ProbeAccessError(
            f"{where}, has credentials of the API server, which are never sent to another server.",
            "Use a Secret of the type Opaque.",
        )
    identity = [str(found["metadata"].get(field)) for field in ("uid", "resourceVersion")]
    return identity, _text(mapping(found, "data").get(key), f"{where}, has no text in the key {key}.")


def _text(encoded: t.Any, problem: str) -> str:
    """Return a value of a Secret without white space around it, such as the line break at the end of a file."""
    try:
        text = base64.b64decode(str(encoded or ""), validate=True).decode().strip()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if not text:
        raise ProbeAccessError(problem, "Correct the key, or the content of the Secret.")
    return text


def _check_token(token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise ProbeAccessError(
            "The bearer token of spec.validation.auth has a space or another invalid character, or is too long.",
            "Store the token alone in the Secret, without the word Bearer.",
        )
