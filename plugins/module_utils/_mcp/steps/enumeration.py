# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""List all items of the declared capabilities, page by page, within bounds."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..auth import resource_metadata
from ..checks.initialize_checks import check_stateless_result
from ..checks.listed_items import ITEM_TYPES, ItemType, check_item
from ..checks.schema_fields import SchemaChecker
from ..checks.texts import text_checks
from ..errors import McpError
from ..protocol import revisions
from ..protocol.jsonrpc import typed
from ..report.report import Listing

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState

MAX_PAGES = 50
MAX_ITEMS = 10_000
MAX_NAMES = 500  # in the report
MAX_CURSOR = 64 * 1024  # characters


class _ListEnded(Exception):
    """This list cannot be continued; the issue has been added."""


class _Unsupported(_ListEnded):
    """The server need not have this list, and has none."""


def list_all(session: Session, http: PostTransport, state: SessionState) -> None:
    """List each type of item whose capability the server declares."""
    state.offer_collector.start()
    for item_type in ITEM_TYPES:
        if item_type.capability not in state.capabilities:
            continue
        if session.alive and not state.requires_auth:
            listing = _list(session, item_type, http, state)
            if listing is not None:
                state.listings[item_type.key] = listing
        else:
            state.offer_collector.fail(_incomplete(item_type))


def _incomplete(item_type: ItemType) -> str:
    return f"{item_type.method} did not return everything"


def _list(session: Session, item_type: ItemType, http: PostTransport, state: SessionState) -> Listing | None:
    """List one type of item; return None if not even the first page could be read."""
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
            page, cursor = _request_page(session, item_type, cursor, http, state)
        except _Unsupported:
            return None
        except _ListEnded:
            state.offer_collector.fail(_incomplete(item_type))
            return Listing(count, tuple(names), truncated=True) if pages else None
        pages += 1
        if cursor is not None and hash(cursor) in cursors:
            seen = f"{item_type.method} returned the cursor {clean(cursor, 40)!r} twice, so its pages never end."
            state.issues.add(item_type.failed, seen)
            state.offer_collector.fail(_incomplete(item_type))
            return Listing(count, tuple(names), truncated=True)
        items = page[: MAX_ITEMS - count]
        found = (
            check_item(item_type, number, item, identities, version, state.issues)
            for number, item in enumerate(items, count)
        )
        names += [name for name in found if name is not None][: MAX_NAMES - len(names)]
        state.offer_collector.add(item_type.key, items)
        text_checks.check_items(item_type.field, items, count, state.texts)
        if wanted is not None:
            state.called_tool = _find_tool(wanted, items) or state.called_tool
        count += len(page)
        del page, items, found  # a page may be large: other validations need the memory while this one waits
        limit = _exceeded_limit(cursor, pages, count, item_type)
        if limit is not None:
            state.issues.add("PAGINATION_LIMIT", limit)
            state.offer_collector.fail(_incomplete(item_type))
            return Listing(min(count, MAX_ITEMS), tuple(names), truncated=True)
        if cursor is None:
            return Listing(count, tuple(names), truncated=len(names) < count)
        cursors.add(hash(cursor))


def _find_tool(name: str, items: t.Iterable[t.Any]) -> t.Mapping[str, t.Any] | None:
    return next((item for item in items if isinstance(item, dict) and item.get("name") == name), None)


def _exceeded_limit(cursor: str | None, pages: int, count: int, item_type: ItemType) -> str | None:
    if cursor is not None and len(cursor) > MAX_CURSOR:
        return f"{item_type.method} returned a cursor of {len(cursor)} characters."
    if count > MAX_ITEMS:
        return f"{item_type.method} returned more than {MAX_ITEMS} items."
    if cursor is not None and pages >= MAX_PAGES:
        return f"{item_type.method} returned {MAX_PAGES} pages, and there are more."
    return None


def _request_page(
    session: Session, item_type: ItemType, cursor: str | None, http: PostTransport, state: SessionState
) -> tuple[list[t.Any], str | None]:
    """Return one page and the cursor of the next one."""
    try:
        reply = session.request(item_type.method, {} if cursor is None else {"cursor": cursor})
    except McpError as exc:
        if state.secondary and http.deadline.passed:
            state.record_not_checked(item_type.failed)
        else:
            state.record_no_response(item_type.failed, item_type.method, exc)
        raise _ListEnded from None
    if resource_metadata.record_unauthorized(reply, http, state):
        raise _ListEnded
    state.record_reply(reply, stateless=session.stateless)
    result = reply.result
    if result is None:
        if item_type.optional and reply.error is not None and reply.error.code == revisions.METHOD_NOT_FOUND:
            raise _Unsupported
        _add_list_failure(reply, item_type, state)
        raise _ListEnded
    if session.stateless:
        check_stateless_result(item_type.method, result, state)
    page, following = result.get(item_type.field), result.get("nextCursor")
    if not isinstance(page, list):
        found = "no" if page is None else f"{typed(page)} as"
        state.issues.add(item_type.failed, f"The result of {item_type.method} has {found} {item_type.field}.")
        raise _ListEnded
    checker = SchemaChecker(state.protocol_version or "", item_type.failed, state.issues)
    checker.check_fields(f"The result of {item_type.method}", result, "ListResult")
    if not isinstance(following, str):
        following = None
    return page, following


def _add_list_failure(reply: Reply, item_type: ItemType, state: SessionState) -> None:
    if reply.problem is None or not reply.ok:
        state.issues.add(item_type.failed, f"{item_type.method} returned {reply.describe()}.")
        return
    state.issues.add(item_type.failed, f"{item_type.method} failed: {reply.problem.seen}")
    if reply.problem.code != "NO_RESPONSE":
        state.issues.add_error(reply.problem)
