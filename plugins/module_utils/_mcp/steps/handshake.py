# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""From the evidence that detection found to a conversation: the handshake of each era."""

from __future__ import annotations

import typing as t

from ..auth import resource_metadata
from ..checks import initialize_checks
from ..errors import McpError
from ..protocol import revisions
from ..protocol.session import StatelessSession, StreamableSession

if t.TYPE_CHECKING:
    from ..protocol.post_transport import Channel
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import Facts
    from .detection import Found


def begin(found: Found, channel: Channel, facts: Facts) -> Session | None:
    """Shake hands and return the conversation, or None when there is none to be had."""
    facts.transport = found.transport
    if found.stream is not None:
        return _begin_sse(found, channel, facts)
    if found.reply is None or found.reply.result is None:
        return None
    facts.note(found.reply, stateless=found.stateless)
    _name_endpoint(facts, found.reply)
    if found.stateless:
        initialize_checks.check_discover(found.reply.result, facts)
        facts.supported_versions = revisions.discovered(found.reply.result)
        return StatelessSession(channel, found.reply.endpoint)
    return _begin_streamable(found.reply, found.reply.result, channel, facts)


def _name_endpoint(facts: Facts, reply: Reply) -> None:
    facts.endpoint, facts.path = str(reply.endpoint), reply.endpoint.path


def _begin_streamable(reply: Reply, result: t.Mapping[str, t.Any], channel: Channel, facts: Facts) -> Session:
    session = StreamableSession(channel, reply)
    facts.session = session.id is not None
    if not session.valid_id:
        facts.issues.add(
            "INVALID_SESSION_ID",
            "The Mcp-Session-Id holds characters that are not visible ASCII; it was not sent back.",
        )
    version = initialize_checks.check_initialize(result, facts)
    session.negotiated(version or revisions.LATEST_HANDSHAKE)
    if version is not None:
        facts.supported_versions = [version]
        _complete(session, channel, facts)
    return session


def _begin_sse(found: Found, channel: Channel, facts: Facts) -> Session | None:
    session = found.stream
    if session is None:
        return None
    facts.endpoint, facts.path = str(session.endpoint), session.endpoint.path
    facts.session = True  # the URL that the endpoint event names is one
    facts.issues.add_notes(session.notes)
    params = revisions.initialize_params(channel.options)
    try:
        reply = session.request("initialize", params)
    except McpError as exc:
        facts.issues.add("SSE_CONNECTION_FAILED", f"initialize got no response on the event stream: {exc.seen}")
        return session
    facts.note(reply)
    if reply.result is None:
        if reply.error is not None:
            facts.issues.add("INIT_FAILED", f"initialize was answered with the JSON-RPC error {reply.error}.")
        elif reply.problem is not None:
            facts.issues.add_error(reply.problem)
        return session
    version = initialize_checks.check_initialize(reply.result, facts)
    if version is not None:
        facts.supported_versions = [version]
        _complete(session, channel, facts)
    return session


def _complete(session: Session, channel: Channel, facts: Facts) -> None:
    """Tell the server that the handshake is over, and see that it is alive."""
    try:
        reply = session.notify("notifications/initialized")
    except McpError as exc:
        facts.issues.add("INITIALIZED_REJECTED", f"notifications/initialized got no answer: {exc.seen}")
        return
    if resource_metadata.demands_credentials(reply, channel, facts):
        return
    if not reply.ok:
        facts.issues.add("INITIALIZED_REJECTED", f"notifications/initialized was answered with {reply.describe()}.")
    elif session.transport == "streamable-http" and reply.status != 202:
        facts.issues.add(
            "INITIALIZED_STATUS", f"notifications/initialized was answered with HTTP {reply.status} instead of 202."
        )
    try:
        pong = session.request("ping", {})
    except McpError as exc:
        facts.issues.add("PING_FAILED", f"ping got no response: {exc.seen}")
        return
    if resource_metadata.demands_credentials(pong, channel, facts):
        return
    facts.note(pong)
    if pong.result is None:
        facts.issues.add("PING_FAILED", f"ping was answered with {pong.describe()}.")
