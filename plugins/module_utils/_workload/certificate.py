# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.tls.issuerRef``: a Certificate of cert-manager, which issues and renews the certificate of the sidecar."""

from __future__ import annotations

import typing as t

from .._util import clean
from . import names, tls
from .errors import ManifestError
from .fields import mapping

# Names that only the cluster resolves: of other Services, and of the API server.
_OF_CLUSTER = (".svc", ".cluster.local")

Object = t.Mapping[str, t.Any]


def spec(server: Object) -> dict[str, t.Any] | None:
    """Return the ``spec`` of the Certificate; None for a server without one.

    :raises ManifestError: the certificate would be for another Service.
    """
    settings = mapping(server["spec"], "tls")
    issuer = mapping(settings, "issuerRef")
    if not issuer:
        return None
    meta = server["metadata"]
    host = names.host(meta["name"], meta["namespace"])
    dns_names = [host, f"{host}.cluster.local"]
    own = settings.get("serverName")
    _check_name(str(own or host), [meta["name"], f"{meta['name']}.{meta['namespace']}", *dns_names])
    return {
        "secretName": tls.secret_name(server, settings),
        "dnsNames": [*dns_names, *([own] if own and own not in dns_names else [])],
        "usages": ["digital signature", "key encipherment", "server auth"],
        "privateKey": {"rotationPolicy": "Always"},
        "issuerRef": {
            "name": str(issuer.get("name") or ""),
            "kind": issuer.get("kind") or "Issuer",
            "group": issuer.get("group") or "cert-manager.io",
        },
    }


def _check_name(name: str, allowed: t.Sequence[str]) -> None:
    """Check that a certificate is not for another Service: its holder could receive the calls of that Service.

    :param allowed: the names of the own Service.
    """
    if name not in allowed and ("." not in name or name.lower().endswith(_OF_CLUSTER)):
        raise ManifestError(
            f"spec.tls.serverName is {clean(name, 253)!r}, a name of another Service, for which issuerRef requests no "
            "certificate.",
            "Remove it, or set a name outside of the cluster.",
        )
