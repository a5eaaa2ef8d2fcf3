# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Record that a server requires credentials, and look up its protected resource metadata (RFC 9728).

The metadata is requested from the origin of the server only, and without credentials.
"""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from ..._util import clean, excerpt
from ..errors import McpError, ProtocolError
from ..protocol import jsonrpc
from ..transport import urls
from ..transport.http_client import HttpRequest
from . import client_registration
from .challenges import parse_all_challenges, requires_credentials, summarize_challenges

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session_state import SessionState
    from ..report.report import Auth
    from ..transport.urls import Endpoint

_WELL_KNOWN: t.Final = "/.well-known/oauth-protected-resource"
_TIMEOUT = 3.0  # seconds for one document
_MAX_VALUES = 20  # authorization servers and scopes in the report


def record_unauthorized(reply: Reply, http: PostTransport, state: SessionState) -> bool:
    """Record the challenge if a reply requires credentials, and return whether it does."""
    if not requires_credentials(reply.status, reply.headers):
        return False
    record_challenge(reply, http, state)
    return True


def record_challenge(reply: Reply, http: PostTransport, state: SessionState) -> None:
    """Record which credentials the server requires."""
    challenges, problems = parse_all_challenges(reply.headers)
    for problem in problems:
        state.issues.add_error(problem)
    state.requires_auth = True
    state.auth = summarize_challenges(challenges)
    state.issues.add("AUTH_REQUIRED", f"{reply.endpoint.path} returned HTTP {reply.status}.")
    if state.auth.scheme is None or state.auth.scheme.lower() == "bearer":
        _look_up_metadata(reply, http, state, state.auth, challenged=bool(challenges or problems))
        if not http.options.light:
            _check_registration(reply.endpoint, http, state, state.auth.authorization_servers)


def _check_registration(endpoint: Endpoint, http: PostTransport, state: SessionState, servers: t.Sequence[str]) -> None:
    """Add an issue if the authorization server, if it is of the same origin, only registers clients dynamically."""
    for place in client_registration.metadata_endpoints(endpoint, servers, http.host_header):
        try:
            metadata = _fetch(place, http)
        except ProtocolError:
            continue  # a web server with a page for every path
        if metadata is not None:
            seen = client_registration.registration_issue(metadata)
            if seen is not None:
                state.issues.add("DEPRECATED_CLIENT_REGISTRATION", seen)
            return


def _look_up_metadata(reply: Reply, http: PostTransport, state: SessionState, known: Auth, *, challenged: bool) -> None:
    problem: ProtocolError | None = None
    for endpoint in _metadata_endpoints(reply.endpoint, known, http, state):
        try:
            document = _fetch(endpoint, http)
        except ProtocolError as exc:
            problem = problem or exc
            continue
        if document is None:
            continue
        servers = _strings(document.get("authorization_servers"))
        if not servers or not isinstance(document.get("resource"), str):
            state.issues.add("AUTH_METADATA_INVALID", f"{endpoint} lacks resource or authorization_servers.")
        elif not _is_resource(document["resource"], reply.endpoint, http.host_header):
            seen = f"{endpoint} is of the resource {clean(document['resource'])}, not of {reply.endpoint}."
            state.issues.add("AUTH_RESOURCE_MISMATCH", seen)
        state.auth = dataclasses.replace(
            known,
            resource_metadata=str(endpoint),
            resource=clean(document["resource"]) if isinstance(document.get("resource"), str) else None,
            authorization_servers=servers,
            scopes=_strings(document.get("scopes_supported")),
        )
        return
    if problem is not None:
        state.issues.add_error(problem)
    elif not challenged:
        state.issues.add(
            "WWW_AUTHENTICATE_MISSING",
            f"HTTP {reply.status} has no WWW-Authenticate header, and there is no resource metadata.",
        )
    elif known.scheme is not None:
        state.issues.add(
            "AUTH_METADATA_MISSING", "Neither the challenge nor the well-known URI leads to resource metadata."
        )


def _metadata_endpoints(
    endpoint: Endpoint, known: Auth, http: PostTransport, state: SessionState
) -> t.Iterator[Endpoint]:
    """Yield the endpoints that may serve the metadata, in the order of the specification."""
    if known.resource_metadata is not None:
        try:
            yield urls.resolve(endpoint, known.resource_metadata, "AUTH_METADATA", http.host_header)
        except McpError as exc:
            state.issues.add_error(exc)
    yield endpoint.at(f"{_WELL_KNOWN}{endpoint.path.rstrip('/')}")
    if endpoint.path != "/":
        yield endpoint.at(_WELL_KNOWN)


def _is_resource(resource: str, endpoint: Endpoint, host_header: str | None) -> bool:
    """Return whether the metadata is for this endpoint, as the official clients decide: same host, and a parent path.

    The scheme is not compared: a proxy in front of the server may end TLS.
    """
    try:
        parts = urllib.parse.urlsplit(resource)
        port = parts.port or urls.PORTS.get(parts.scheme)
    except ValueError:
        return False
    own = urllib.parse.urlsplit(f"//{host_header or endpoint.origin.authority}")
    ports = urls.PORTS.values() if own.port is None else (own.port,)
    path, parent = f"{endpoint.path.rstrip('/')}/", f"{parts.path.rstrip('/')}/"
    return parts.hostname == own.hostname and port in ports and path.startswith(parent)


def _fetch(endpoint: Endpoint, http: PostTransport) -> jsonrpc.Json | None:
    """Return the metadata; None if the endpoint serves none.

    :raises ProtocolError: if it serves something else.
    """
    request = HttpRequest("GET", endpoint, {"Accept": "application/json"}, anonymous=True)
    try:
        reply = http.send(request, seconds=_TIMEOUT, waiting_for="resource metadata")
    except McpError:
        return None
    if reply.status != 200:
        return None
    try:
        document = jsonrpc.decode(reply.body)
    except McpError:
        document = None
    if not isinstance(document, dict):
        media = reply.headers.media_type or "no content type"
        seen = f"{endpoint} returned {media} and {excerpt(reply.body)}, not metadata."
        raise ProtocolError(seen, code="AUTH_METADATA_INVALID")
    return document


def _strings(value: t.Any) -> tuple[str, ...]:
    return (
        tuple(clean(item) for item in value if isinstance(item, str))[:_MAX_VALUES] if isinstance(value, list) else ()
    )
