# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The revisions of the protocol: versions, parameters and headers."""

from __future__ import annotations

import base64
import re
import types
import typing as t

if t.TYPE_CHECKING:
    from ..options import Options

# Revisions with the initialize handshake, oldest first, and revisions without one (stateless).
HANDSHAKE: t.Final = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
STATELESS: t.Final = ("2026-07-28",)
LATEST_HANDSHAKE: t.Final = HANDSHAKE[-1]
LATEST_STATELESS: t.Final = STATELESS[-1]

_NONE: t.Final[t.Mapping[str, t.Any]] = types.MappingProxyType({})
_META: t.Final = "io.modelcontextprotocol/"

# JSON-RPC error codes.
METHOD_NOT_FOUND: t.Final = -32601
HEADER_MISMATCH: t.Final = -32020
MISSING_CLIENT_CAPABILITY: t.Final = -32021
UNSUPPORTED_VERSION: t.Final = -32022

ACCEPT: t.Final = "application/json, text/event-stream"
# Headers that repeat arguments of a tool.
_PLAIN = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?")
_CODED = re.compile(r"=\?base64\?.*\?=")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_SAFE_INTEGER: t.Final = 2**53 - 1
_MAX_DEPTH: t.Final = 20
_MAX_HEADERS: t.Final = 50


def initialize_params(options: Options) -> dict[str, t.Any]:
    """Return the parameters of initialize.

    The requested version is the newest one with a handshake: servers respond with the newest that they support.
    2026-07-28 has no handshake, so it is never requested here; no version header is sent either, because servers that
    support both kinds of revisions choose by that header.
    """
    info = {"name": options.client_name, "version": options.client_version}
    return {"protocolVersion": LATEST_HANDSHAKE, "capabilities": {}, "clientInfo": info}


def stateless_params(
    options: Options, params: t.Mapping[str, t.Any], version: str = LATEST_STATELESS
) -> dict[str, t.Any]:
    """Return parameters with the _meta that 2026-07-28 requires in each request."""
    meta = {
        f"{_META}protocolVersion": version,
        f"{_META}clientCapabilities": {},
        f"{_META}clientInfo": {"name": options.client_name, "version": options.client_version},
    }
    return {**params, "_meta": meta}


def stateless_headers(method: str, params: t.Mapping[str, t.Any] = _NONE) -> dict[str, str]:
    """Return the headers that 2026-07-28 requires; they must match the body."""
    named = {"Mcp-Name": encode(str(params["name"]))} if method == "tools/call" else {}
    return {"MCP-Protocol-Version": LATEST_STATELESS, "Mcp-Method": method, **named}


def is_stateless(headers: t.Mapping[str, str]) -> bool:
    """Tell whether headers are those of a request of the stateless revision."""
    return headers.get("MCP-Protocol-Version") == LATEST_STATELESS


def supported_versions_in(result: t.Mapping[str, t.Any] | None) -> list[str]:
    """Return the versions in a DiscoverResult that the validator supports."""
    versions = None if result is None else result.get("supportedVersions")
    return [item for item in versions if item in (*HANDSHAKE, *STATELESS)] if isinstance(versions, list) else []


def server_info_of(supported_versions_in: t.Mapping[str, t.Any]) -> t.Any:
    """Return serverInfo from the _meta of a DiscoverResult."""
    meta = supported_versions_in.get("_meta")
    return meta.get(f"{_META}serverInfo") if isinstance(meta, dict) else None


def offered_versions(data: t.Any) -> tuple[str, ...]:
    """Return the supported versions from the data of an UnsupportedProtocolVersion error (-32022)."""
    supported = data.get("supported") if isinstance(data, dict) else None
    if not isinstance(supported, list) or not supported or not all(isinstance(item, str) for item in supported):
        return ()
    return tuple(supported)


def encode(value: str) -> str:
    """Return the text encoded as a header value."""
    if _PLAIN.fullmatch(value) and not _CODED.fullmatch(value):
        return value
    return f"=?base64?{base64.b64encode(value.encode('utf-8', 'surrogatepass')).decode()}?="


def tool_parameter_headers(schema: t.Any, arguments: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the headers for the arguments whose properties in the inputSchema have x-mcp-header.

    Source: 2026-07-28, Custom Headers from Tool Parameters.
    """
    found: dict[str, str] = {}
    pending: list[tuple[t.Any, t.Any, int]] = [(schema, arguments, 0)]
    while pending and len(found) < _MAX_HEADERS:
        node, values, depth = pending.pop()
        properties = node.get("properties") if isinstance(node, dict) else None
        if not isinstance(properties, dict) or not isinstance(values, t.Mapping) or depth > _MAX_DEPTH:
            continue
        for key, value in values.items():
            declared = properties.get(key)
            mark = declared.get("x-mcp-header") if isinstance(declared, dict) else None
            text = _text(value)
            if isinstance(mark, str) and _TOKEN.fullmatch(mark) and text is not None:
                found[f"Mcp-Param-{mark}"] = encode(text)
            pending.append((declared, value, depth + 1))
    return found


def _text(value: t.Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= _SAFE_INTEGER else None
    return value if isinstance(value, str) else None
