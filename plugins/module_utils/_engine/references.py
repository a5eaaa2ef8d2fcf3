# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads the ConfigMaps and Secrets that an MCPServer names for its validation.

A Secret is only used as credentials if it has the label ``names.CREDENTIALS_LABEL``: its value is sent to a server that
an editor of MCPServers has chosen, so an editor of the Secret has to consent. Nothing of a CA is sent.
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
import typing as t

from .._kube.errors import ApiForbidden
from .._mcp.transport.tls import load_certificate
from .._util import clean
from .._workload import names
from .._workload.errors import ProbeAccessError
from .._workload.fields import mapping

if t.TYPE_CHECKING:
    from .._kube.client import Client

CONFIG_MAP, SECRET = "ConfigMap", "Secret"
# Bytes of PEM certificates; the trust store of a system has less.
_LARGEST_CA = 512 * 1024
# With the key. OpenSSL, for example, accepts chains of 100 KiB.
_LARGEST_CLIENT_CERTIFICATE = 128 * 1024
_NO_CA = "CA_UNAVAILABLE"
# Types of Secrets with credentials of the API server.
_OF_THE_CLUSTER = ("kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token")

# DNS subdomain, the form of names (RFC 1123).
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")

Object = t.Mapping[str, t.Any]


def is_name(text: str) -> bool:
    """Tell whether an object can have this name."""
    return bool(_NAME.fullmatch(text))


class ReferenceReader:
    """Reads objects of the namespace of an MCPServer.

    :ivar versions: what identifies the version of each object that was read.
    """

    def __init__(self, client: Client, server: Object) -> None:
        self.versions: list[list[str]] = []
        self._client = client
        self._namespace = str(server["metadata"]["namespace"])

    def read_credential(self, field: str, reference: Object) -> str:
        """Return the text in a Secret without white space around it, such as the line break at the end of a file.

        :param field: name of the reference's field, for messages.
        :param reference: name and key.
        :raises ProbeAccessError: the Secret may not be used, or has no such text.
        """
        found, where = self._read(SECRET, field, reference, ProbeAccessError.code)
        if mapping(found["metadata"], "labels").get(names.CREDENTIALS_LABEL) != "true":
            raise ProbeAccessError(
                f"{where}, has no label {names.CREDENTIALS_LABEL}.",
                f"If the server may see the Secret, label it: {names.CREDENTIALS_LABEL}=true.",
            )
        if found.get("type") in _OF_THE_CLUSTER:
            raise ProbeAccessError(
                f"{where}, has credentials of the API server, which are never sent to another server.",
                "Use a Secret of the type Opaque.",
            )
        text = _decoded(found, reference).strip()
        if not text:
            raise ProbeAccessError(
                f"{where}, has no text in the key {reference.get('key')}.", "Correct the key, or the Secret."
            )
        return text

    def read_ca(self, field: str, settings: Object) -> str | None:
        """Return PEM certificates; None if the settings name none.

        :param field: name of the settings' field, for messages.
        :raises ProbeAccessError: there are no such certificates.
        """
        for kind, name in ((CONFIG_MAP, "caConfigMapRef"), (SECRET, "caSecretRef")):
            if settings.get(name) is not None:
                return self._read_certificates(kind, f"{field}.{name}", mapping(settings, name))
        return None

    def read_client_certificate(self, field: str, reference: Object) -> str | None:
        """Return the PEM certificates and the key of a Secret of the type kubernetes.io/tls; None without a reference.

        :param field: name of the reference's field, for messages.
        :raises ProbeAccessError: the Secret may not be used, or has no such pair.
        """
        if not reference:
            return None
        pair = [self.read_credential(field, {**reference, "key": key}) for key in ("tls.crt", "tls.key")]
        text = "\n".join(pair)
        where = f"Secret {self._namespace}/{clean(reference.get('name'), 253)}, which spec.{field} names"
        if len(text) > _LARGEST_CLIENT_CERTIFICATE:
            raise ProbeAccessError(
                f"{where}, has more than {_LARGEST_CLIENT_CERTIFICATE} bytes in tls.crt and tls.key.",
                "Keep the certificate and its intermediates only.",
            )
        try:
            load_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), text)
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            raise ProbeAccessError(
                f"{where}, has no certificate with its key, without a password.", "Correct tls.crt and tls.key."
            ) from None
        return text

    def _read_certificates(self, kind: str, field: str, reference: Object) -> str | None:
        found, where = self._read(kind, field, reference, _NO_CA)
        key = str(reference.get("key"))
        text = _decoded(found, reference) if kind == SECRET else str(mapping(found, "data").get(key) or "")
        if reference.get("optional") and key not in mapping(found, "data"):
            return None
        if not _are_certificates(text):
            raise ProbeAccessError(
                f"{where}, has no PEM certificates in the key {key}, or more than {_LARGEST_CA} bytes.",
                "Correct the key, or the certificates.",
                code=_NO_CA,
            )
        return text

    def _read(self, kind: str, field: str, reference: Object, code: str) -> tuple[Object, str]:
        """Return an object, and the beginning of a sentence about it."""
        name = str(reference.get("name") or "")
        where = f"{kind} {self._namespace}/{clean(name, 253)}, which spec.{field} names"
        if not is_name(name):  # it would be another path
            raise ProbeAccessError(f"{where}, cannot exist.", "Correct the name.", code=code)
        try:
            found = self._client.find("v1", kind, self._namespace, name)
        except ApiForbidden:
            entry = f"namespace: {self._namespace}, {'configMaps' if kind == CONFIG_MAP else 'secrets'}: [{name}]"
            raise ProbeAccessError(
                f"{where}, may not be read.",
                f"Name it in the chart's value validationAccess: [{{{entry}}}], or give the operator's ServiceAccount "
                "a Role with this resourceName.",
                code=code,
            ) from None
        if found is None:
            raise ProbeAccessError(f"{where}, does not exist.", "Create it, or correct the name.", code=code)
        self.versions.append([str(found["metadata"].get(version)) for version in ("uid", "resourceVersion")])
        return found, where


def _decoded(secret: Object, reference: Object) -> str:
    """Return a value of a Secret; empty if it is missing or no text."""
    encoded = mapping(secret, "data").get(str(reference.get("key")))
    try:
        return base64.b64decode(str(encoded or ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _are_certificates(text: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ValueError, ssl.SSLError):
        return False
    return len(text) <= _LARGEST_CA
