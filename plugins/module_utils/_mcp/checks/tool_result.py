# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the result of a tool call (pure)."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..protocol.jsonrpc import Json, typed
from .schema_fields import SchemaChecker

if t.TYPE_CHECKING:
    from ..issues.issue_log import IssueLog
    from ..protocol.session_state import SessionState


_CODE: t.Final = "INVALID_TOOL_RESULT"
# The types of content, and the required strings of each.
_STRINGS: t.Final[t.Mapping[str, tuple[str, ...]]] = {
    "text": ("text",),
    "image": ("data", "mimeType"),
    "audio": ("data", "mimeType"),
    "resource_link": ("uri", "name"),
    "resource": (),
}
# The first revision that has the type; the other types are in all revisions.
_SINCE: t.Final = {"audio": "2025-03-26", "resource_link": "2025-06-18"}
_STRUCTURED: t.Final = "2025-06-18"  # the first revision with structuredContent
_MAX_ITEMS: t.Final = 1000  # that are checked


def check_result(name: str, result: Json, state: SessionState, *, structured: bool, stateless: bool) -> None:
    """Check a CallToolResult.

    :param structured: the tool declares an outputSchema.
    :param stateless: the revision is 2026-07-28.
    """
    issues, what = state.issues, f"The result of {name!r}"
    content = result.get("content")
    if isinstance(content, list):
        for number, item in enumerate(content[:_MAX_ITEMS]):
            _check_item(f"{what}: content[{number}]", item, state.protocol_version or "", issues)
    else:
        issues.add(_CODE, f"{what} has {'no' if content is None else f'{typed(content)} as'} content.")
    version = state.protocol_version or ""
    SchemaChecker(version, _CODE, issues).check_fields(what, result, "CallToolResult")
    if stateless and "resultType" not in result:
        issues.add("MODERN_RESULT_TYPE", f"{what} has no resultType.")
    if version < _STRUCTURED:
        return
    if "structuredContent" in result:
        # 2026-07-28 allows any JSON value.
        if not stateless and not isinstance(result["structuredContent"], dict):
            found = typed(result["structuredContent"])
            issues.add(_CODE, f"{what} has {found} as structuredContent, not an object.")
    elif structured and result.get("isError") is not True:
        issues.add(
            "STRUCTURED_CONTENT_MISSING",
            f"{what} has no structuredContent, although the tool declares an outputSchema.",
        )


def _check_item(what: str, item: t.Any, version: str, issues: IssueLog) -> None:
    kind = item.get("type") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(kind, str) or kind not in _STRINGS:
        issues.add(_CODE, f"{what} is not content of a known type ({clean(repr(kind), 40)}).")
        return
    if version < _SINCE.get(kind, ""):
        issues.add(_CODE, f"{what} is of the type {kind}, which {version} does not have.")
    missing = [key for key in _STRINGS[kind] if not isinstance(item.get(key), str)]
    if missing:
        issues.add(_CODE, f"{what} ({kind}) has no string as {' and '.join(missing)}.")
    SchemaChecker(version, _CODE, issues).check_fields(
        what, item, "ResourceLink" if kind == "resource_link" else "Content"
    )
    if kind == "resource":
        _check_resource(what, item.get("resource"), version, issues)


def _check_resource(what: str, resource: t.Any, version: str, issues: IssueLog) -> None:
    whole = isinstance(resource, dict) and isinstance(resource.get("uri"), str)
    if not whole or not any(isinstance(resource.get(key), str) for key in ("text", "blob")):
        issues.add(_CODE, f"{what} has no resource with a uri and either text or blob.")
    else:
        SchemaChecker(version, _CODE, issues).check_fields(f"{what}: resource", resource, "ResourceContents")
