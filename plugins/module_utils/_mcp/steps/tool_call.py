# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Call the tool that the user named, and check its result. No other tool is ever called."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..auth import resource_metadata
from ..checks.tool_result import check_result
from ..errors import McpError
from ..protocol.revisions import tool_parameter_headers
from ..report.report import ToolCallResult
from .result_excerpt import excerpt_of

if t.TYPE_CHECKING:
    from ..options import ToolCall
    from ..protocol.jsonrpc import Json
    from ..protocol.post_transport import PostTransport
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState

_MAX_TYPES: t.Final = 20  # of content items, in the report
_MAX_TEXT: t.Final = 500  # characters of one string of the result, in the report


def call_tool(session: Session, http: PostTransport, state: SessionState, wanted: ToolCall) -> None:
    """Call the tool and record its result."""
    name = clean(wanted.name, 80)
    params = {"name": wanted.name, "arguments": dict(wanted.arguments)}
    if state.called_tool is None:
        state.issues.add("TOOL_CALL_FAILED", f"The server does not list the tool {name!r}, so it was not called.")
        return
    extra = tool_parameter_headers(state.called_tool.get("inputSchema"), wanted.arguments) if session.stateless else {}
    try:
        reply = session.request("tools/call", params, extra)
    except McpError as exc:
        state.record_no_response("TOOL_CALL_FAILED", f"The call of {name!r}", exc)
        return
    if resource_metadata.record_unauthorized(reply, http, state):
        return
    state.record_reply(reply, stateless=session.stateless)
    result = reply.result
    if result is None:
        state.issues.add("TOOL_CALL_FAILED", f"The call of {name!r} returned {reply.describe()}.")
        return
    kind = result.get("resultType", "complete")
    if session.stateless and kind != "complete":
        state.issues.add("TOOL_CALL_FAILED", f"The call of {name!r} ended with the resultType {clean(kind)!r}.")
        return
    check_result(name, result, state, tool=state.called_tool, stateless=session.stateless)
    _record_result(name, result, state)


def _record_result(name: str, result: Json, state: SessionState) -> None:
    content = result.get("content")
    items = content if isinstance(content, list) else []
    failed = result.get("isError") is True
    texts = [item["text"] for item in items if isinstance(item, dict) and isinstance(item.get("text"), str)]
    state.tool_call = ToolCallResult(
        name=name,
        is_error=failed,
        content=tuple(clean(item.get("type"), 40) for item in items[:_MAX_TYPES] if isinstance(item, dict)),
        structured="structuredContent" in result,
        texts=tuple(clean(text, _MAX_TEXT) for text in texts[:_MAX_TYPES]),
        structured_content=excerpt_of(result.get("structuredContent"), _MAX_TEXT),
    )
    if failed:
        detail = f": {clean(texts[0])}" if texts else ""
        state.issues.add("TOOL_CALL_ERROR", f"The tool {name!r} reported an error{detail}.")
