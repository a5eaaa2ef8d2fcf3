# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""URLs: the target's, and those that a server names, which are never followed out of the target's origin."""

from __future__ import annotations

import dataclasses
import re
import typing as t
import urllib.parse

from ..._util import clean
from ..errors import InvalidTarget, ProtocolError

PORTS: t.Final = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_HOST_HEADER = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_PATH = re.compile(r"/[\x21-\x7e]*")
# All but printable ASCII without backslash. Compiling a range up to the last character takes a hundred times as long.
_ILLEGAL = re.compile(r"[^\x21-\x5b\x5d-\x7e]")


@dataclasses.dataclass(frozen=True)
class Origin:
    """Scheme, host (without brackets, in lower case) and port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """An origin and a request target (path and query)."""

    origin: Origin
    target: str

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.target.partition("?")[0]

    def at(self, target: str) -> Endpoint:
        """Return the endpoint with another target at the same origin."""
        return Endpoint(self.origin, target)

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def _port(text: t.Any, what: str) -> int:
    if isinstance(text, bool) or not str(text).isdigit() or not 0 < int(text) < 65536:
        raise InvalidTarget(f"{what}: {clean(text)} is not a port.", "Give a number from 1 to 65535.")
    return int(text)


def make_origin(scheme: str, host: str | None, port: int | None) -> Origin:
    """Return the origin of parts that the user gave.

    :raises InvalidTarget: if they are invalid.
    """
    if scheme not in PORTS:
        raise InvalidTarget(f"The scheme {clean(scheme)!r} is not supported.", "Give http or https.")
    if not host or not _HOST.fullmatch(host):
        raise InvalidTarget(
            f"The host {clean(host or '')!r} is not a host name or address.", "Give a name, an IPv4 or an IPv6 address."
        )
    number = PORTS[scheme] if port is None else _port(port, "The target's port")
    return Origin(scheme, host.strip("[]").lower(), number)


def parse_target_url(url: str) -> tuple[Endpoint, bool]:
    """Return the endpoint of a URL that the user gave, and whether the URL has a path.

    :raises InvalidTarget: if it is invalid.
    """
    if _ILLEGAL.search(url):
        raise InvalidTarget(
            "The URL has a space, a control character, a backslash or a character that is not ASCII.",
            "Percent-encode it.",
        )
    if "://" not in url:
        # A URL with credentials is not repeated.
        example = "http://HOST:PORT/PATH" if "@" in url else f"http://{clean(url.lstrip('/'))}"
        raise InvalidTarget("The URL does not begin with http:// or https://.", f"Give {example}.")
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidTarget("The URL cannot be parsed.", "Give http://HOST:PORT/PATH.") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidTarget("The URL has credentials.", "Use headers or bearer_token, which are kept secret.")
    return Endpoint(make_origin(parts.scheme, host, port), _target(parts)), bool(parts.path or parts.query)


def check_path(path: str) -> str:
    """Return a path, with or without a query, that the user gave; add a missing slash.

    :raises InvalidTarget: if it is invalid.
    """
    path = path if path.startswith("/") else f"/{path}"
    if not _PATH.fullmatch(path) or "#" in path or "\\" in path:
        raise InvalidTarget(
            f"The path {clean(path)!r} has characters that are not allowed in a path.", "Percent-encode them."
        )
    return path


def check_host_header(value: str) -> str:
    """Return the Host header that the user gave.

    :raises InvalidTarget: if it is invalid.
    """
    if not _HOST_HEADER.fullmatch(value):
        raise InvalidTarget(f"The Host header {clean(value)!r} is not HOST or HOST:PORT.")
    return value


def _target(parts: urllib.parse.SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def percent_encoded(reference: str) -> str:
    """Return a URL reference with spaces and characters beyond ASCII encoded, as clients do; the rest is unchanged."""
    return "".join(
        char if char.isascii() and char != " " else urllib.parse.quote(char, errors="replace") for char in reference
    )


def resolve(base: Endpoint, reference: str, what: str, host_header: str | None = None) -> Endpoint:
    """Resolve a URL reference from a server against the endpoint of the server.

    The result always has the origin of ``base``. A reference with the host of the Host header has the same origin.

    :raises ProtocolError: ``<what>_CROSS_ORIGIN`` for another origin, ``<what>_INVALID`` for an invalid URL.
    """
    shown = clean(reference)
    # urljoin drops tabs and newlines, and takes a backslash as part of the user name.
    if _ILLEGAL.search(reference):
        raise ProtocolError(f"The server sent the URL {shown!r}, which has invalid characters.", code=f"{what}_INVALID")
    own = base.origin if host_header is None else _origin_of(base.origin.scheme, host_header)
    try:
        joined = urllib.parse.urlsplit(urllib.parse.urljoin(f"{own}{base.target}", reference))
        host, port = (joined.hostname or "").lower(), joined.port
    except ValueError:
        raise ProtocolError(
            f"The server sent the URL {shown!r}, which cannot be parsed.", code=f"{what}_INVALID"
        ) from None
    if joined.scheme not in PORTS or joined.username is not None or not host:
        raise ProtocolError(
            f"The server sent the URL {shown!r}, which is not a plain http or https URL.", code=f"{what}_INVALID"
        )
    origin = Origin(joined.scheme, host, PORTS[joined.scheme] if port is None else port)
    if origin not in (base.origin, own):
        raise ProtocolError(
            f"The server sent the URL {shown!r}, which leads from {base.origin} to {origin}; it was not followed.",
            code=f"{what}_CROSS_ORIGIN",
        )
    return base.at(_target(joined))


def _origin_of(scheme: str, host_header: str) -> Origin:
    parts = urllib.parse.urlsplit(f"//{host_header}")
    return Origin(scheme, (parts.hostname or "").lower(), parts.port or PORTS[scheme])
