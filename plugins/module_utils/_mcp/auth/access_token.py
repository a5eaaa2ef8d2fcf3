# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Fetch an access token with client credentials (RFC 6749 section 4.4) for one resource (RFC 8707).

The client secret is only sent to the token endpoint that the user configured, or that the metadata of the configured
issuer names. The authorization servers that an MCP server names are ignored: it could name one of its own.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import re
import typing as t
import urllib.parse

from ..._util import clean, excerpt
from ..errors import InvalidTarget, McpError, ProtocolError, TokenRefused
from ..options import AUTHENTICATION
from ..protocol import jsonrpc
from ..transport import urls
from ..transport.http_client import HttpClient, HttpRequest

if t.TYPE_CHECKING:
    from ..options import ClientCredentials, Dialer, Options
    from ..transport.deadline import Deadline
    from ..transport.urls import Endpoint

_BYTES: t.Final = 64 * 1024
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
# Error codes of RFC 6749 section 5.2, and of its extensions.
_ERROR = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# Seconds that a token is valid if the authorization server does not say it, and at most.
_LIFETIME, _LONGEST_LIFETIME = 60.0, 86400.0
_FORM: t.Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class AccessToken(t.NamedTuple):
    """An access token, and for how many seconds it is valid."""

    value: str
    lifetime: float


def check_credentials(credentials: ClientCredentials) -> None:
    """Check the client credentials that the user gave.

    :raises InvalidTarget: if they are invalid.
    """
    named = [url for url in (credentials.token_url, credentials.issuer) if url is not None]
    if len(named) != 1:
        raise InvalidTarget("Client credentials require either a token_url or an issuer.", "Give one of them.")
    if credentials.authentication not in AUTHENTICATION:
        raise InvalidTarget(f"The authentication {clean(credentials.authentication)!r} is unknown.")
    if not credentials.client_id or not credentials.client_secret:
        raise InvalidTarget("The client_id or the client_secret is empty.")
    urls.parse_target_url(named[0])


def fetch_access_token(
    credentials: ClientCredentials, resource: str, options: Options, deadline: Deadline, dial: Dialer | None = None
) -> AccessToken:
    """Return an access token.

    :param dial: opens the connection to the authorization server.
    :raises TokenRefused: if the authorization server refuses it with an error code.
    :raises McpError: if it issues none for another reason.
    """
    send = functools.partial(_send, dial=dial)
    # Headers and tokens for the MCP server are not sent to the authorization server.
    bare = dataclasses.replace(options, headers={}, bearer_token=None, client_credentials=None)
    if credentials.token_url is not None:
        endpoint, _has_path = urls.parse_target_url(credentials.token_url)
    else:
        endpoint = _discover_token_endpoint(credentials.issuer or "", bare, deadline, send)
    fields = {"grant_type": "client_credentials", "resource": credentials.resource or resource}
    if credentials.scopes:
        fields["scope"] = " ".join(credentials.scopes)
    headers = dict(_FORM)
    if credentials.authentication == "basic":
        headers["Authorization"] = f"Basic {basic_credentials(credentials)}"
    else:
        fields.update(client_id=credentials.client_id, client_secret=credentials.client_secret)
    status, body = send("POST", endpoint, headers, urllib.parse.urlencode(fields).encode(), bare, deadline)
    return _read_token(status, body, endpoint)


def basic_credentials(credentials: ClientCredentials) -> str:
    """Return the value for HTTP Basic authentication: both parts form-encoded (RFC 6749 section 2.3.1)."""
    pair = ":".join(urllib.parse.quote_plus(part) for part in (credentials.client_id, credentials.client_secret))
    return base64.b64encode(pair.encode()).decode()


def _send(
    verb: str,
    endpoint: Endpoint,
    headers: t.Mapping[str, str],
    body: bytes | None,
    options: Options,
    deadline: Deadline,
    dial: Dialer | None,
) -> tuple[int, bytes]:
    """Send one request, without following redirects."""
    limit = deadline.within(options.request_timeout)
    client = HttpClient(endpoint.origin, options, dial, None)
    exchange = client.send(HttpRequest(verb, endpoint, headers, body), limit)
    try:
        doing = f"the authorization server at {endpoint.origin}"
        head = exchange.wait_head(limit, doing)
        return head.status, bytes(exchange.read(limit, doing, _BYTES))
    finally:
        exchange.close()


def _read_token(status: int, body: bytes, endpoint: Endpoint) -> AccessToken:
    reply = _json_object(body)
    if status != 200 or "access_token" not in reply:
        error = reply.get("error")
        if isinstance(error, str) and _ERROR.fullmatch(error):
            raise TokenRefused(
                f"{endpoint} returned HTTP {status} and the error {error!r} instead of a token.", error=error
            )
        why = f"the error {clean(error)!r}" if isinstance(error, str) else excerpt(b"" if status == 200 else body)
        raise ProtocolError(f"{endpoint} returned HTTP {status} and {why} instead of a token.")
    token, kind = reply["access_token"], reply.get("token_type")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise ProtocolError(f"{endpoint} returned a token that is not a bearer token.")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise ProtocolError(f"{endpoint} returned a token with invalid characters.")
    return AccessToken(token, _lifetime(reply.get("expires_in")))


def _lifetime(seconds: t.Any) -> float:
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and seconds > 0:
        return float(min(seconds, _LONGEST_LIFETIME))
    return _LIFETIME


def _json_object(body: bytes) -> dict[str, t.Any]:
    try:
        value = jsonrpc.decode(body)
    except McpError:
        return {}
    return value if isinstance(value, dict) else {}


def _discover_token_endpoint(
    issuer: str, options: Options, deadline: Deadline, send: t.Callable[..., tuple[int, bytes]]
) -> Endpoint:
    """Return the token endpoint from the metadata of the issuer (RFC 8414, OpenID Connect Discovery)."""
    base, _has_path = urls.parse_target_url(issuer)
    path = base.path.rstrip("/")
    for place in (
        f"/.well-known/oauth-authorization-server{path}",
        f"/.well-known/openid-configuration{path}",
        f"{path}/.well-known/openid-configuration",
    ):
        status, body = send("GET", base.at(place), {"Accept": "application/json"}, None, options, deadline)
        metadata = _json_object(body) if status == 200 else {}
        if metadata:
            return _read_token_endpoint(metadata, issuer, base)
    raise ProtocolError(f"The issuer {issuer} serves no metadata at its well-known URLs.")


def _read_token_endpoint(metadata: t.Mapping[str, t.Any], issuer: str, base: Endpoint) -> Endpoint:
    if metadata.get("issuer") != issuer:
        raise ProtocolError(f"The metadata of {issuer} names the issuer {clean(metadata.get('issuer'))!r}.")
    named = metadata.get("token_endpoint")
    try:
        endpoint, _has_path = urls.parse_target_url(named if isinstance(named, str) else "")
    except InvalidTarget:
        raise ProtocolError(f"The metadata of {issuer} names no usable token_endpoint.") from None
    if endpoint.origin.scheme != "https" and endpoint.origin != base.origin:
        raise ProtocolError(f"The metadata of {issuer} names a token_endpoint without TLS; nothing was sent there.")
    return endpoint
