# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.transport.config.http.tls``: a server that serves HTTPS itself. An empty mapping enables it, too."""

from __future__ import annotations

import typing as t

from . import names
from .fields import mapping


def settings(server: t.Mapping[str, t.Any]) -> t.Optional[t.Mapping[str, t.Any]]:
    """Return the settings; None for a server without TLS."""
    http = mapping(mapping(mapping(server["spec"], "transport"), "config"), "http")
    return None if http.get("tls") is None else mapping(http, "tls")


def scheme(server: t.Mapping[str, t.Any]) -> str:
    """Return the scheme of the server's URL."""
    return "http" if settings(server) is None else "https"


def server_name(server: t.Mapping[str, t.Any]) -> str:
    """Return the name that the certificate must have: by default, that of the Service."""
    meta = server["metadata"]
    return str((settings(server) or {}).get("serverName") or names.host(meta["name"], meta["namespace"]))
