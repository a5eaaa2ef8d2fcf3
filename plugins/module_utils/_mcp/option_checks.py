# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check targets and options before anything is sent."""

from __future__ import annotations

import math
import re
import typing as t

from .._util import clean
from .auth import access_token
from .checks import expectations
from .errors import InvalidTarget
from .options import TRANSPORTS
from .transport import urls

if t.TYPE_CHECKING:
    from .options import Options, Target
    from .transport.urls import Endpoint

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\xa0-\xff\t]*")
# Headers that the protocol sets, and headers that would break the framing.
_RESERVED: t.Final = (
    "accept", "accept-encoding", "connection", "content-length", "content-type", "host", "last-event-id", "mcp-method",
    "mcp-name", "mcp-protocol-version", "mcp-session-id", "transfer-encoding",
)  # fmt: skip


def check_arguments(target: Target, options: Options) -> tuple[Endpoint, str | None]:
    """Return the endpoint and the path to validate; None as the path if the usual paths are to be tried.

    :raises InvalidTarget: if an argument is invalid.
    """
    if target.transport not in TRANSPORTS:
        raise InvalidTarget(
            f"The transport {clean(target.transport)!r} is unknown.", f"Give one of {', '.join(TRANSPORTS)}."
        )
    if target.host_header is not None:
        urls.check_host_header(target.host_header)
    _check_times(options)
    _check_headers(options)
    _check_credentials(options)
    expectations.check_expressions(options.expect)
    if options.tool_call is not None and not options.tool_call.name:
        raise InvalidTarget("The tool to call has no name.")
    if target.url is not None:
        if target.host is not None or target.path is not None or target.port is not None:
            raise InvalidTarget("Both a URL and its parts are given.", "Give either url or host, port and path.")
        endpoint, has_path = urls.parse_target_url(target.url)
        return endpoint, endpoint.target if has_path else None
    origin = urls.make_origin(target.scheme, target.host, target.port)
    path = None if target.path is None else urls.check_path(target.path)
    return urls.Endpoint(origin, path or "/"), path


def _check_times(options: Options) -> None:
    for name in ("timeout", "request_timeout", "start_timeout"):
        seconds = getattr(options, name)
        allowed = seconds >= 0 if name == "start_timeout" else seconds > 0
        if not math.isfinite(seconds) or not allowed:
            raise InvalidTarget(f"{name} is {seconds}.", "Give a number of seconds.")


def _check_headers(options: Options) -> None:
    own = {"User-Agent": f"{options.client_name}/{options.client_version}"}
    for name, value in {**own, **options.headers}.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            # The value may be a secret, so the message does not include it.
            raise InvalidTarget(f"The header {clean(name)!r} has characters that are not allowed in a header.")
        if name.lower() in _RESERVED:
            raise InvalidTarget(
                f"The header {clean(name)!r} is set by the protocol.", "Remove it; for Host, use host_header."
            )
    if options.bearer_token is not None and not re.fullmatch(r"[\x21-\x7e]+", options.bearer_token):
        raise InvalidTarget("The bearer token has a space, a line break or another invalid character.")


def _check_credentials(options: Options) -> None:
    given = {
        "bearer_token": options.bearer_token is not None,
        "client_credentials": options.client_credentials is not None,
        "an Authorization header": any(name.lower() == "authorization" for name in options.headers),
    }
    used = [name for name, present in given.items() if present]
    if len(used) > 1:
        raise InvalidTarget(f"Both {' and '.join(used)} are given.", "Give one of them.")
    if options.client_credentials is not None:
        access_token.check_credentials(options.client_credentials)
