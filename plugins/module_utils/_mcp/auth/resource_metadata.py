# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find out which authorization servers a server trusts (RFC 9728): at its own origin, without credentials."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import clean
from ..errors import McpError
from ..protocol import jsonrpc
from ..transport import urls
from .challenges import parse_all_challenges, requires_credentials, summarize_challenges

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session_state import SessionState
    from ..report.report import Auth
    from ..transport.urls import Endpoint

_WELL_KNOWN: t.Final = "/.well-known/oauth-protected-resource"
_SECONDS = 3.0  # for one document
_MOST = 20  # authorization servers and scopes that are reported


def record_unauthorized(reply: Reply, http: PostTransport, state: SessionState) -> bool:
    """Tell whether the server wants credentials, and remember that."""
    if not requires_credentials(reply.status, reply.headers):
        return False
    record_challenge(reply, http, state)
    return True


def record_challenge(reply: Reply, http: PostTransport, state: SessionState) -> None:
    """Remember what credentials a server wants that refused a request."""
    challenges, problems = parse_all_challenges(reply.headers)
    for problem in problems:
        state.issues.add_error(problem)
    state.requires_auth = True
    state.auth = summarize_challenges(challenges)
    state.issues.add("AUTH_REQUIRED", f"{reply.endpoint.path} was answered with HTTP {reply.status}.")
    if state.auth.scheme is None or state.auth.scheme.lower() == "bearer":
        _look_up(reply, http, state, state.auth, challenged=bool(challenges or problems))


def _look_up(reply: Reply, http: PostTransport, state: SessionState, known: Auth, *, challenged: bool) -> None:
    for endpoint in _places(reply.endpoint, known, http, state):
        document = _fetch(endpoint, http)
        if document is None:
            continue
        servers = _strings(document.get("authorization_servers"))
        if not servers or not isinstance(document.get("resource"), str):
            state.issues.add("AUTH_METADATA_INVALID", f"{endpoint} names no resource or no authorization_servers.")
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
            "WWW_AUTHENTICATE_MISSING", f"HTTP {reply.status} came without WWW-Authenticate and without metadata."
        )
    elif known.scheme is not None:
        state.issues.add(
            "AUTH_METADATA_MISSING", "Neither the challenge nor a well-known URI leads to resource metadata."
        )


def _places(endpoint: Endpoint, known: Auth, http: PostTransport, state: SessionState) -> t.Iterator[Endpoint]:
    """Return where the metadata may be, in the order of the specification."""
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
        headers = {"Accept": "application/json"}
        reply = http.send("GET", endpoint, headers, seconds=_SECONDS, waiting_for="resource metadata", anonymous=True)
        document = jsonrpc.decode(reply.body) if reply.status == 200 else None
    except McpError:
        return None
    return document if isinstance(document, dict) else None


def _strings(value: t.Any) -> tuple[str, ...]:
    return tuple(clean(item) for item in value if isinstance(item, str))[:_MOST] if isinstance(value, list) else ()
