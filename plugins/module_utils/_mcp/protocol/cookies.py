# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The cookies of a response (pure). Proxies set them to lead all requests of a client to the same replica."""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from ..transport.http1 import Headers
    from ..transport.urls import Endpoint

_MAX_COOKIES: t.Final = 20
_PAIR: t.Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}=[\x21\x23-\x3a\x3c-\x7e]{0,4096}")


def cookie_header(headers: Headers, endpoint: Endpoint) -> str | None:
    """Return the value of the Cookie header for further requests to the endpoint; None if there are no cookies."""
    found: dict[str, str] = {}
    for value in headers.all("set-cookie")[:_MAX_COOKIES]:
        pair, *attributes = (part.strip() for part in value.split(";"))
        names = {name.strip().lower(): text.strip() for name, _sign, text in (one.partition("=") for one in attributes)}
        secure = "secure" in names and endpoint.origin.scheme != "https"
        if _PAIR.fullmatch(pair) and not secure and _covers(names.get("path", ""), endpoint.path):
            found[pair.partition("=")[0]] = pair
    return "; ".join(found.values()) or None


def _covers(prefix: str, path: str) -> bool:
    """Tell whether a cookie's path includes a path (RFC 6265 section 5.1.4). Without one it is that of the endpoint."""
    return not prefix.startswith("/") or f"{path}/".startswith(f"{prefix.rstrip('/')}/")
