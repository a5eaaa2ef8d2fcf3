# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.tls.issuerRef``: a Certificate of cert-manager, which issues and renews the certificate of the sidecar."""

from __future__ import annotations

import typing as t

from . import names, tls
from .fields import mapping

Object = t.Mapping[str, t.Any]


def spec(server: Object) -> dict[str, t.Any] | None:
    """Return the ``spec`` of the Certificate; None for a server without one."""
    settings = mapping(server["spec"], "tls")
    issuer = mapping(settings, "issuerRef")
    if not issuer:
        return None
    meta = server["metadata"]
    host = names.host(meta["name"], meta["namespace"])
    dns_names = [host, f"{host}.cluster.local"]
    own = settings.get("serverName")
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
