# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""List everything that is advertised, page by page, within bounds."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..auth import resource_metadata
from ..checks.initialize_checks import check_stateless_result
from ..checks.listed_items import KINDS, Kind, check_item
from ..checks.schema_fields import Checker
from ..errors import McpError
from ..protocol import revisions
from ..protocol.jsonrpc import type_name
from ..report.report import Listing

if t.TYPE_CHECKING:
    from ..protocol.post_transport import Channel
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import Facts

PAGES = 50
ITEMS = 10_000
NAMES = 500
CURSOR = 64 * 1024  # characters


class _Stop(Exception):
    """Listing this kind ends here; the issue is logged."""


def enumerate_all(session: Session, channel: Channel, facts: Facts) -> None:
    """List each kind whose capability is advertised; what is not advertised is not asked for."""
    for kind in KINDS:
        if kind.capability in facts.capabilities and session.alive and not facts.requires_auth:
            listing = _list(session, kind, channel, facts)
            if listing is not None:
                facts.listings[kind.key] = listing


def _list(session: Session, kind: Kind, channel: Channel, facts: Facts) -> Listing | None:
    """List one kind; None when nothing at all could be listed."""
    call = channel.options.tool_call
    wanted = call.name if call is not None and kind.key == "tools" else None
    version = facts.protocol_version or ""
    names: list[str] = []
    identities: set[int] = set()
    cursors: set[int] = set()
    cursor: str | None = None
    count, pages = 0, 0
    while True:
        try:
            page, cursor = _page(session, kind, cursor, channel, facts)
        except _Stop:
            return Listing(count, tuple(names), truncated=True) if pages else None
        pages += 1
        for number, item in enumerate(page[: ITEMS - count], count):
            if wanted is not None and isinstance(item, dict) and item.get("name") == wanted:
                facts.called_tool = item
            name = check_item(kind, number, item, identities, version, facts.issues)
            if name is not None and len(names) < NAMES:
                names.append(name)
        count += len(page)
        if cursor is not None and hash(cursor) in cursors:
            seen = f"{kind.method} returned the cursor {clean(cursor, 40)!r} twice: its pages go round in a circle."
            facts.issues.add(kind.failed, seen)
            return Listing(count, tuple(names), truncated=True)
        limit = _limit(cursor, pages, count, kind)
        if limit is not None:
            facts.issues.add("PAGINATION_LIMIT", limit)
            return Listing(min(count, ITEMS), tuple(names), truncated=True)
        if cursor is None:
            return Listing(count, tuple(names), truncated=len(names) < count)
        cursors.add(hash(cursor))


def _limit(cursor: str | None, pages: int, count: int, kind: Kind) -> str | None:
    if cursor is not None and len(cursor) > CURSOR:
        return f"{kind.method} returned a cursor of {len(cursor)} characters."
    if count > ITEMS:
        return f"{kind.method} returned more than {ITEMS} items."
    if cursor is not None and pages >= PAGES:
        return f"{kind.method} returned {PAGES} pages, and there are more."
    return None


def _page(
    session: Session, kind: Kind, cursor: str | None, channel: Channel, facts: Facts
) -> tuple[list[t.Any], str | None]:
    """Return one page and the cursor of the next."""
    try:
        reply = session.request(kind.method, {} if cursor is None else {"cursor": cursor})
    except McpError as exc:
        facts.issues.add(kind.failed, f"{kind.method} got no response: {exc.seen}")
        raise _Stop from None
    if resource_metadata.demands_credentials(reply, channel, facts):
        raise _Stop
    facts.note(reply, stateless=session.stateless)
    result = reply.result
    if result is None:
        _explain_failure(reply, kind, facts)
        raise _Stop
    if session.stateless:
        check_stateless_result(kind.method, result, facts)
    page, following = result.get(kind.field), result.get("nextCursor")
    if not isinstance(page, list):
        seen = f"The result of {kind.method} has {'no' if page is None else f'a {type_name(page)} as'} {kind.field}."
        facts.issues.add(kind.failed, seen)
        raise _Stop
    checker = Checker(facts.protocol_version or "", kind.failed, facts.issues)
    checker.members(f"The result of {kind.method}", result, "Page")
    if not isinstance(following, str):
        following = None
    if following == "" and not session.stateless:
        following = None  # older servers mean the end by it; 2026-07-28 made it a cursor like any other
    return page, following


def _explain_failure(reply: Reply, kind: Kind, facts: Facts) -> None:
    if kind.optional and reply.error is not None and reply.error.code == revisions.METHOD_NOT_FOUND:
        return
    if reply.problem is None or not reply.ok:
        facts.issues.add(kind.failed, f"{kind.method} was answered with {reply.describe()}.")
        return
    facts.issues.add(kind.failed, f"{kind.method} failed: {reply.problem.seen}")
    if reply.problem.code != "NO_RESPONSE":
        facts.issues.add_error(reply.problem)
