# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""TLS: ``spec.transport.config.http.tls`` of a server that serves HTTPS itself, ``spec.tls`` of its sidecar.

``spec.sidecar.tls`` is the name that ``spec.tls`` has in vitorbari/mcp-operator, where only metrics bring the sidecar.
"""

from __future__ import annotations

import typing as t

from . import names
from .fields import mapping

MUTUAL = "mutual"
_OWN, _SIDECAR = "transport.config.http.tls", "tls"

Object = t.Mapping[str, t.Any]


def of_server(spec: Object) -> t.Optional[Object]:
    """Return the settings of a server that serves HTTPS itself; None for others. An empty mapping enables it, too."""
    http = mapping(mapping(mapping(spec, "transport"), "config"), "http")
    return None if http.get("tls") is None else mapping(http, "tls")


def of_sidecar(spec: Object) -> t.Optional[Object]:
    """Return the settings of a sidecar that serves HTTPS; None for others."""
    if spec.get("tls") is not None:
        return mapping(spec, "tls")
    alias = mapping(mapping(spec, "sidecar"), "tls")
    return alias if alias.get("enabled") and mapping(spec, "metrics").get("enabled") else None


def settings(server: Object) -> t.Optional[Object]:
    """Return how clients verify the certificate; None for a server without TLS.

    The certificate of a sidecar is verified with the authority in its own Secret, as cert-manager stores it, unless the
    manifest names another one. A Secret without an authority has a certificate of one that all clients know.
    """
    own, sidecar = of_server(server["spec"]), of_sidecar(server["spec"])
    if sidecar is None or "caConfigMapRef" in sidecar or "caSecretRef" in sidecar:
        return own if sidecar is None else sidecar
    authority = {"name": secret_name(server, sidecar), "key": "ca.crt", "optional": True}
    return {**sidecar, "caSecretRef": authority}


def secret_name(server: Object, sidecar: Object) -> str:
    """Return the name of the Secret with the certificate: that of the manifest, or of the Certificate for issuerRef.

    :param sidecar: from :func:`of_sidecar`.
    """
    return str(sidecar.get("secretName") or f"{server['metadata']['name']}-tls")


def field(server: Object) -> str:
    """Return the name of the field with the settings, for messages."""
    return _OWN if of_sidecar(server["spec"]) is None else _SIDECAR


def scheme(server: Object) -> str:
    """Return the scheme of the server's URL."""
    return "http" if settings(server) is None else "https"


def server_name(server: Object) -> str:
    """Return the name that the certificate must have: by default, that of the Service."""
    meta = server["metadata"]
    return str((settings(server) or {}).get("serverName") or names.host(meta["name"], meta["namespace"]))
