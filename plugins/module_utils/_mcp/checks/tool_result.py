# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the result of a tool call (pure)."""

from __future__ import annotations

import re
import typing as t

from ..._util import clean
from ..protocol.jsonrpc import Json, typed
from .input_schema import schema_defect
from .output_schema import foreign_pattern, uses_format
from .schema_evaluator import violation
from .schema_fields import LATER, SchemaChecker

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
_SPACES: t.Final = dict.fromkeys(map(ord, " \t\n\f\r"))
_BASE64: t.Final = re.compile(r"[A-Za-z0-9+/]*")


def check_result(name: str, result: Json, state: SessionState, *, tool: Json, stateless: bool) -> None:
    """Check a CallToolResult.

    :param tool: the definition of the tool.
    :param stateless: the revision is 2026-07-28.
    """
    issues, what = state.issues, f"The result of {name!r}"
    content = result.get("content")
    if isinstance(content, list):
        for number, item in enumerate(content[:_MAX_ITEMS]):
            _check_item(f"{what}: content[{number}]", item, state.protocol_version or "", issues)
    elif "content" not in result:
        issues.add("TOOL_CONTENT_MISSING", f"{what} has no content.")
    else:
        issues.add(_CODE, f"{what} has {typed(content)} as content.")
    version = state.protocol_version or ""
    SchemaChecker(version, _CODE, issues).check_fields(what, result, "CallToolResult")
    if stateless and "resultType" not in result:
        issues.add("MODERN_RESULT_TYPE", f"{what} has no resultType.")
    if "structuredContent" in result and not stateless and result["structuredContent"] is None:
        issues.add("NULL_MEMBER", f"{what} has null as structuredContent.")
        result = {key: value for key, value in result.items() if key != "structuredContent"}
    if "structuredContent" in result and not stateless and not isinstance(result["structuredContent"], dict):
        # 2026-07-28 allows any JSON value.
        found, code = typed(result["structuredContent"]), _CODE if version >= _STRUCTURED else LATER
        issues.add(code, f"{what} has {found} as structuredContent, not an object.")
    elif result.get("isError") is not True:
        _check_structured(what, result, tool.get("outputSchema"), version, issues)


def _check_structured(what: str, result: Json, schema: t.Any, version: str, issues: IssueLog) -> None:
    """Check structuredContent against the outputSchema. Clients do so at every revision."""
    if not isinstance(schema, dict):
        return
    if "structuredContent" not in result:
        issues.add(
            "STRUCTURED_CONTENT_MISSING",
            f"{what} has no structuredContent, although the tool declares an outputSchema.",
        )
    elif schema_defect(schema, version, of_object=False) is None:  # an invalid schema has an issue of its own
        foreign = foreign_pattern(schema)
        if foreign is not None:
            seen = f"The outputSchema has the pattern {clean(repr(foreign), 80)}, which Python does not accept."
            issues.add("PATTERN_NOT_PORTABLE", seen)
        _check_conformance(f"{what} has structuredContent that", result["structuredContent"], schema, issues)


def _check_conformance(what: str, content: t.Any, schema: Json, issues: IssueLog) -> None:
    """Check structuredContent as clients do that check ``format``, and as those that do not."""
    plain = violation(schema, content)
    exact = violation(schema, content, formats=True) if uses_format(schema) else plain
    if plain.valid is False and exact.valid:
        seen = f"{what} only conforms to the outputSchema where 'format' is checked: {plain.defect}."
        issues.add("FORMAT_NOT_PORTABLE", seen)
    elif plain.valid is False:
        seen = f"{what} does not conform to the outputSchema: {plain.defect}."
        issues.add("STRUCTURED_CONTENT_INVALID", seen)
    elif exact.valid is False:
        seen = f"{what} does not conform to the outputSchema where 'format' is checked: {exact.defect}."
        issues.add("STRUCTURED_CONTENT_FORMAT", seen)


def _check_item(what: str, item: t.Any, version: str, issues: IssueLog) -> None:
    kind = item.get("type") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(kind, str) or kind not in _STRINGS:
        issues.add(_CODE, f"{what} is not content of a known type ({clean(repr(kind), 40)}).")
        return
    if version < _SINCE.get(kind, ""):
        issues.add("CONTENT_OF_LATER_REVISION", f"{what} is of the type {kind}, which {version} does not have.")
    missing = [key for key in _STRINGS[kind] if not isinstance(item.get(key), str)]
    if missing:
        issues.add(_CODE, f"{what} ({kind}) has no string as {' and '.join(missing)}.")
    elif "data" in _STRINGS[kind]:
        _check_base64(what, "data", item["data"], issues)
    SchemaChecker(version, _CODE, issues).check_fields(
        what, item, "ResourceLink" if kind == "resource_link" else "Content"
    )
    if kind == "resource":
        _check_resource(what, item.get("resource"), version, issues)


def _check_base64(what: str, name: str, value: str, issues: IssueLog) -> None:
    """Check what ``atob`` of clients accepts: white space, and no padding."""
    text = value.translate(_SPACES)
    text = text.rstrip("=") if len(text) % 4 == 0 and not text.endswith("===") else text
    if len(text) % 4 == 1 or not _BASE64.fullmatch(text):
        issues.add("INEXACT_MEMBER", f"{what} has {name} that is not Base64.")


def _check_resource(what: str, resource: t.Any, version: str, issues: IssueLog) -> None:
    whole = isinstance(resource, dict) and isinstance(resource.get("uri"), str)
    if not whole or not any(isinstance(resource.get(key), str) for key in ("text", "blob")):
        issues.add(_CODE, f"{what} has no resource with a uri and either text or blob.")
        return
    if isinstance(resource.get("blob"), str):
        _check_base64(f"{what}: resource", "blob", resource["blob"], issues)
    SchemaChecker(version, _CODE, issues).check_fields(f"{what}: resource", resource, "ResourceContents")
