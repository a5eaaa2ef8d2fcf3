# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the order of tools and the acknowledgment of subscriptions at 2026-07-28. Only with ``deep``."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import McpError, ProtocolError
from ..issues.issue_log import IssueLog
from ..protocol import revisions
from ..protocol.session_state import SessionState
from ..transport.http_client import HttpRequest
from ..transport.sse import SseParser
from . import enumeration

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.session import StatelessSession
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange

_TIMEOUT: t.Final = 2.0  # seconds for one request
_LISTEN: t.Final = "subscriptions/listen"
_ACKNOWLEDGED: t.Final = "notifications/subscriptions/acknowledged"
_ORDER: t.Final = "TOOLS_ORDER_UNSTABLE"
_SUBSCRIPTION: t.Final = "SUBSCRIPTION_NOT_ACKNOWLEDGED"


def check(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    """Run the checks."""
    check_order(session, http, state)
    if state.subscribable:
        check_subscription(session, http, state)


def check_order(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    """List the tools again; the same tools must have the same order. Other tools may be listed at any time."""
    first = state.listings.get("tools")
    if first is None or first.truncated:
        return
    again = SessionState(
        IssueLog(), protocol_version=state.protocol_version, capabilities=("tools",), secondary=state.secondary
    )
    with http.limited(_TIMEOUT):
        enumeration.list_all(session, http, again)
    second = again.listings.get("tools")
    if second is None:
        if http.deadline.passed:
            state.record_not_checked(_ORDER)
        return
    if second.names != first.names and sorted(second.names) == sorted(first.names):
        place = next(index for index, name in enumerate(first.names) if name != second.names[index])
        seen = f"Two tools/list returned the same tools in another order, from tools[{place}] on."
        state.issues.add(_ORDER, seen)


def check_subscription(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    """Subscribe to what the server declares, read the first message, and end the subscription."""
    wanted = dict.fromkeys(state.subscribable, True)
    params = revisions.stateless_params(http.options, {"notifications": wanted})
    limit = http.deadline.within(_TIMEOUT)
    http.free_memory()
    request_id, body = http.encode_request(_LISTEN, params)
    try:
        request = HttpRequest("POST", session.endpoint, revisions.stateless_headers(_LISTEN), body)
        exchange = http.begin(request, limit).exchange
        try:
            seen = _acknowledgment_defect(_first_message(exchange, http, limit), request_id, wanted)
        finally:
            exchange.close()
    except McpError as exc:
        if http.deadline.passed:
            state.record_not_checked(_SUBSCRIPTION)
            return
        seen = exc.seen
    if seen is not None:
        state.issues.add(_SUBSCRIPTION, f"{_LISTEN}: {seen}")


def _first_message(exchange: Exchange, http: PostTransport, limit: Deadline) -> t.Any:
    """Return the first message of the stream.

    :raises McpError: if there is none.
    """
    what = f"the acknowledgment of {_LISTEN}"
    head = exchange.wait_head(limit, what)
    media_type = head.headers.media_type
    if head.status != 200 or media_type != "text/event-stream":
        raise ProtocolError(f"The response is HTTP {head.status} with {clean(media_type or 'no content type', 80)}.")
    parser = SseParser()
    while True:
        for piece in exchange.take_body():
            exchange.reserve(parser.size + len(piece), limit)
            for event in parser.feed(piece):
                if event.name == "message":
                    return http.decoder(limit)(event.raw)
        if exchange.complete:
            raise ProtocolError("The stream ended without a message.")
        exchange.read_more(limit, what)


def _acknowledgment_defect(message: t.Any, request_id: int, wanted: t.Mapping[str, bool]) -> str | None:
    """Return what is wrong with the first message of a subscription; None if it acknowledges it."""
    method = message.get("method") if isinstance(message, dict) else None
    if method != _ACKNOWLEDGED or "id" in message:
        shown = clean(repr(method), 80) if isinstance(method, str) else "no notification"
        return f"The first message is {shown}, not {_ACKNOWLEDGED}."
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    found = meta.get("io.modelcontextprotocol/subscriptionId") if isinstance(meta, dict) else None
    if isinstance(found, bool) or found != request_id:
        return f"The acknowledgment has the subscriptionId {clean(repr(found), 40)}, not {request_id}."
    honored = params.get("notifications") if isinstance(params, dict) else None
    if not isinstance(honored, dict):
        return "The acknowledgment has no object as notifications."
    others = [name for name, value in honored.items() if value and name not in wanted]
    return f"The acknowledgment has {clean(others[0], 80)!r}, which was not requested." if others else None
