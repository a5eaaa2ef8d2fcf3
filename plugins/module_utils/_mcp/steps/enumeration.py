# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""List everything that is advertised, page by page, within bounds."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..auth import resource_metadata
from ..checks.initialize_checks import check_stateless_result
from ..checks.listed_items import ITEM_TYPES, ItemType, check_item
from ..checks.schema_fields import SchemaChecker
from ..errors import McpError
from ..protocol import revisions
from ..protocol.jsonrpc import type_name
from ..report.report import Listing

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState

PAGES = 50
ITEMS = 10_000
NAMES = 500
CURSOR = 64 * 1024  # characters


class _Stop(Exception):
    """Listing this kind ends here; the issue is logged."""


def list_all(session: Session, http: PostTransport, state: SessionState) -> None:
    """List each kind whose capability is advertised; what is not advertised is not asked for."""
    for item_type in ITEM_TYPES:
        if item_type.capability in state.capabilities and session.alive and not state.requires_auth:
            listing = _list(session, item_type, http, state)
            if listing is not None:
                state.listings[item_type.key] = listing


def _list(session: Session, item_type: ItemType, http: PostTransport, state: SessionState) -> Listing | None:
    """List one kind; None when nothing at all could be listed."""
    call = http.options.tool_call
    wanted = call.name if call is not None and item_type.key == "tools" else None
    version = state.protocol_version or ""
    names: list[str] = []
    identities: set[int] = set()
    cursors: set[int] = set()
    cursor: str | None = None
    count, pages = 0, 0
    while True:
        try:
            page, cursor = _page(session, item_type, cursor, http, state)
        except _Stop:
            return Listing(count, tuple(names), truncated=True) if pages else None
        pages += 1
        for number, item in enumerate(page[: ITEMS - count], count):
            if wanted is not None and isinstance(item, dict) and item.get("name") == wanted:
                state.called_tool = item
            name = check_item(item_type, number, item, identities, version, state.issues)
            if name is not None and len(names) < NAMES:
                names.append(name)
        count += len(page)
        if cursor is not None and hash(cursor) in cursors:
            seen = (
                f"{item_type.method} returned the cursor {clean(cursor, 40)!r} twice: its pages go round in a circle."
            )
            state.issues.add(item_type.failed, seen)
            return Listing(count, tuple(names), truncated=True)
        limit = _limit(cursor, pages, count, item_type)
        if limit is not None:
            state.issues.add("PAGINATION_LIMIT", limit)
            return Listing(min(count, ITEMS), tuple(names), truncated=True)
        if cursor is None:
            return Listing(count, tuple(names), truncated=len(names) < count)
        cursors.add(hash(cursor))


def _limit(cursor: str | None, pages: int, count: int, item_type: ItemType) -> str | None:
    if cursor is not None and len(cursor) > CURSOR:
        return f"{item_type.method} returned a cursor of {len(cursor)} characters."
    if count > ITEMS:
        return f"{item_type.method} returned more than {ITEMS} items."
    if cursor is not None and pages >= PAGES:
        return f"{item_type.method} returned {PAGES} pages, and there are more."
    return None


def _page(
    session: Session, item_type: ItemType, cursor: str | None, http: PostTransport, state: SessionState
) -> tuple[list[t.Any], str | None]:
    """Return one page and the cursor of the next."""
    try:
        reply = session.request(item_type.method, {} if cursor is None else {"cursor": cursor})
    except McpError as exc:
        state.issues.add(item_type.failed, f"{item_type.method} got no response: {exc.seen}")
        raise _Stop from None
    if resource_metadata.record_unauthorized(reply, http, state):
        raise _Stop
    state.record_reply(reply, stateless=session.stateless)
    result = reply.result
    if result is None:
        _explain_failure(reply, item_type, state)
        raise _Stop
    if session.stateless:
        check_stateless_result(item_type.method, result, state)
    page, following = result.get(item_type.field), result.get("nextCursor")
    if not isinstance(page, list):
        found = "no" if page is None else f"a {type_name(page)} as"
        state.issues.add(item_type.failed, f"The result of {item_type.method} has {found} {item_type.field}.")
        raise _Stop
    checker = SchemaChecker(state.protocol_version or "", item_type.failed, state.issues)
    checker.check_fields(f"The result of {item_type.method}", result, "Page")
    if not isinstance(following, str):
        following = None
    if following == "" and not session.stateless:
        following = None  # older servers mean the end by it; 2026-07-28 made it a cursor like any other
    return page, following


def _explain_failure(reply: Reply, item_type: ItemType, state: SessionState) -> None:
    if item_type.optional and reply.error is not None and reply.error.code == revisions.METHOD_NOT_FOUND:
        return
    if reply.problem is None or not reply.ok:
        state.issues.add(item_type.failed, f"{item_type.method} was answered with {reply.describe()}.")
        return
    state.issues.add(item_type.failed, f"{item_type.method} failed: {reply.problem.seen}")
    if reply.problem.code != "NO_RESPONSE":
        state.issues.add_error(reply.problem)
