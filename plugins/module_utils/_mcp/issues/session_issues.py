# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of the handshake, of sessions, and of credentials."""

from __future__ import annotations

import typing as t

from .issue_kind import error, info, warning

_LIFECYCLE = "MCP lifecycle, Initialization"
_VERSIONS = "MCP lifecycle, Version Negotiation"
_SESSIONS = "MCP transports, Streamable HTTP, Session Management"
_MODERN = "MCP 2026-07-28"

HANDSHAKE: t.Final = (
    error(
        "TRANSPORT_DETECTION_FAILED",
        "MCP transports, Backwards Compatibility: POST initialize, else GET an event stream.",
        "See the other issues for what was seen; check host, port and path.",
    ),
    error(
        "TRANSPORT_CREATION_FAILED",
        "MCP transports.",
        "See the other issues for what was seen; check transport, port and path.",
    ),
    error("PROTOCOL_MISMATCH", "MCP transports.", "Ask for the transport that the server speaks, or for auto."),
    error(
        "INIT_FAILED",
        f"{_LIFECYCLE}: the server MUST respond to initialize with its capabilities.",
        "Look into the server's log for why it refuses initialize.",
    ),
    error(
        "INVALID_PROTOCOL",
        f"{_VERSIONS}: the server MUST answer with a version it supports, the requested one if it can.",
        "Answer initialize with one of 2024-11-05, 2025-03-26, 2025-06-18 and 2025-11-25.",
    ),
    error(
        "UNSUPPORTED_VERSION",
        f"{_VERSIONS}.",
        "Support at least one of the published revisions, or update the validator.",
    ),
    error(
        "MISSING_SERVER_INFO",
        f"{_LIFECYCLE}: InitializeResult.serverInfo is required, with a name.",
        "Return serverInfo with name and version.",
    ),
    error(
        "INVALID_SERVER_INFO",
        "MCP schema, Implementation: name and version are strings.",
        "Return serverInfo with name and version as strings.",
    ),
    error(
        "INVALID_INSTRUCTIONS",
        "MCP schema: instructions is a string, _meta an object.",
        "Return them with their types, or leave them out.",
    ),
    error(
        "INVALID_CAPABILITIES",
        "MCP schema, ServerCapabilities: an object of objects; their flags are booleans.",
        'Return capabilities such as {"tools": {}}.',
    ),
    warning(
        "NO_CAPABILITIES",
        f"{_LIFECYCLE}: only advertised capabilities can be used.",
        "Advertise what the server offers: tools, resources, prompts.",
    ),
    error(
        "MISSING_CAPABILITY",
        f"{_LIFECYCLE}, Capability Negotiation.",
        "Let the server advertise it, or do not require it.",
    ),
    error(
        "INVALID_SESSION_ID",
        f"{_SESSIONS}: the session id MUST only contain visible ASCII characters (0x21 to 0x7E).",
        "Use a UUID or a token without spaces.",
    ),
    error(
        "INITIALIZED_REJECTED",
        f"{_LIFECYCLE}: the client MUST send notifications/initialized after initialize.",
        "Accept it with 202; keep the session that initialize began.",
    ),
    warning(
        "INITIALIZED_STATUS",
        "MCP transports, Streamable HTTP: an accepted notification is answered with 202.",
        "Answer notifications with 202 and no body.",
    ),
    warning(
        "PING_FAILED",
        "MCP utilities, Ping: the receiver MUST respond promptly with an empty result.",
        "Answer ping with {}.",
    ),
    warning(
        "DELETE_REJECTED",
        f"{_SESSIONS}: a client ends its session by DELETE; the server may answer 405.",
        "Answer DELETE with success, or with 405 if clients may not end sessions.",
    ),
    error(
        "MODERN_HEADERS_LOST",
        f"{_MODERN} transports: the server compares MCP-Protocol-Version and Mcp-Method with the body.",
        "Look for a proxy that strips or changes headers.",
    ),
    error(
        "MODERN_DISCOVER_INVALID",
        f"{_MODERN} schema, DiscoverResult: supportedVersions is a list of the versions that are served.",
        "Return supportedVersions with every version that is served.",
    ),
    error(
        "MODERN_RESULT_TYPE",
        f"{_MODERN} schema, Result: resultType is required; lists are always complete.",
        'Return "resultType": "complete".',
    ),
    error(
        "MODERN_CACHE_HINTS",
        f"{_MODERN} schema, CacheableResult: ttlMs (0 or more) and cacheScope (public or private) are required.",
        "Return ttlMs and cacheScope.",
    ),
    warning(
        "MODERN_SERVER_INFO_MISSING",
        f"{_MODERN} schema: servers SHOULD introduce themselves in _meta.",
        "Return io.modelcontextprotocol/serverInfo in _meta.",
    ),
    error(
        "MODERN_SERVER_REQUEST",
        f"{_MODERN} transports: servers MUST NOT send requests.",
        "Return an InputRequiredResult instead.",
    ),
    info(
        "AUTH_REQUIRED",
        "MCP authorization; RFC 9110 section 15.5.2.",
        "Give credentials by bearer_token or headers to validate the rest.",
    ),
    info(
        "AUTH_ON_INITIALIZE",
        "MCP authorization: authorization covers every request, the first one included.",
        "Nothing to repair: protected servers do so.",
    ),
    error(
        "AUTH_TOKEN_FAILED",
        "RFC 6749 sections 4.4 and 5; RFC 8414; RFC 8707.",
        "Check client_credentials, and what the authorization server says about this client.",
    ),
    warning(
        "WWW_AUTHENTICATE_MISSING",
        "MCP authorization: a 401 carries WWW-Authenticate, or the well-known URI serves the resource metadata.",
        "Send WWW-Authenticate with the scheme, and resource_metadata for OAuth.",
    ),
    info(
        "AUTH_METADATA_CROSS_ORIGIN",
        "RFC 9728 section 3: the metadata is at the origin of the resource.",
        "Nothing to repair if the server is known to its users by that origin; it was not asked.",
    ),
    warning(
        "AUTH_METADATA_INVALID",
        "RFC 9728 section 2; MCP authorization: resource, and at least one of authorization_servers, are required.",
        "Complete the protected resource metadata.",
    ),
    warning(
        "AUTH_METADATA_MISSING",
        "MCP authorization: servers MUST offer protected resource metadata (RFC 9728).",
        "Serve the metadata at /.well-known/oauth-protected-resource, and name it in WWW-Authenticate.",
    ),
    warning(
        "WWW_AUTHENTICATE_INVALID",
        "RFC 9110 section 11.6.1: a list of challenges.",
        "Quote values that hold other characters than a token does.",
    ),
)
