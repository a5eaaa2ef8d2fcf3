# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Record that a server requires credentials, and look up its protected resource metadata (RFC 9728).

The metadata is requested from the origin of the server only, and without credentials.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import clean
from ..errors import McpError
from ..protocol import jsonrpc
from ..transport import urls
from ..transport.http_client import HttpRequest
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


def _look_up_metadata(reply: Reply, http: PostTransport, state: SessionState, known: Auth, *, challenged: bool) -> None:
    for endpoint in _metadata_endpoints(reply.endpoint, known, http, state):
        document = _fetch(endpoint, http)
        if document is None:
            continue
        servers = _strings(document.get("authorization_servers"))
        if not servers or not isinstance(document.get("resource"), str):
            state.issues.add("AUTH_METADATA_INVALID", f"{endpoint} lacks resource or authorization_servers.")
        state.auth = dataclasses.replace(
            known,
            resource_metadata=str(endpoint),
            resource=clean(document["resource"]) if isinstance(document.get("resource"), str) else None,
            authorization_servers=servers,
            scopes=_strings(document.get("scopes_supported")),
        )
        return
    if not challenged:
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


def _fetch(endpoint: Endpoint, http: PostTransport) -> jsonrpc.Json | None:
    try:
        request = HttpRequest("GET", endpoint, {"Accept": "application/json"}, anonymous=True)
        reply = http.send(request, seconds=_TIMEOUT, waiting_for="resource metadata")
        document = jsonrpc.decode(reply.body) if reply.status == 200 else None
    except McpError:
        return None
    return document if isinstance(document, dict) else None


def _strings(value: t.Any) -> tuple[str, ...]:
    return (
        tuple(clean(item) for item in value if isinstance(item, str))[:_MAX_VALUES] if isinstance(value, list) else ()
    )
