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
        "MCP transports, Backwards Compatibility: clients POST initialize, and GET an event stream if that fails.",
        "See the other issues for details; check host, port and path.",
    ),
    error(
        "TRANSPORT_CREATION_FAILED",
        "MCP transports.",
        "See the other issues for details; check transport, port and path.",
    ),
    error("PROTOCOL_MISMATCH", "MCP transports.", "Set transport to the one that the server uses, or to auto."),
    error(
        "INIT_FAILED",
        f"{_LIFECYCLE}: the server MUST respond to initialize with its capabilities.",
        "Check the server log for why initialize fails.",
    ),
    error(
        "INVALID_PROTOCOL",
        f"{_VERSIONS}: the server MUST respond with the requested version if it supports it, else with another one.",
        "Respond to initialize with one of 2024-11-05, 2025-03-26, 2025-06-18 and 2025-11-25.",
    ),
    error(
        "UNSUPPORTED_VERSION",
        f"{_VERSIONS}.",
        "Support one of the published revisions, or update the validator.",
    ),
    error(
        "MISSING_SERVER_INFO",
        f"{_LIFECYCLE}: InitializeResult.serverInfo is required, with a name.",
        "Return serverInfo with name and version.",
    ),
    warning(
        "SERVER_NAME_EMPTY",
        "MCP schema, Implementation: name identifies the server; the schema allows an empty string.",
        "Return the name of the server in serverInfo.",
    ),
    error(
        "INVALID_SERVER_INFO",
        "MCP schema, Implementation: name and version are strings.",
        "Return serverInfo with name and version as strings.",
    ),
    error(
        "INVALID_INSTRUCTIONS",
        "MCP schema: instructions is a string, and _meta is an object.",
        "Return them with these types, or omit them.",
    ),
    error(
        "INVALID_CAPABILITIES",
        "MCP schema, ServerCapabilities: capabilities is an object of objects, whose flags are booleans.",
        'Return capabilities such as {"tools": {}}.',
    ),
    warning(
        "NO_CAPABILITIES",
        f"{_LIFECYCLE}: clients only use capabilities that the server declares.",
        "Declare the capabilities that the server has: tools, resources, prompts.",
    ),
    error(
        "MISSING_CAPABILITY",
        f"{_LIFECYCLE}, Capability Negotiation.",
        "Declare the capability, or remove it from required_capabilities.",
    ),
    warning(
        "INVALID_SESSION_ID",
        f"{_SESSIONS}: the session id MUST only contain visible ASCII characters (0x21 to 0x7E).",
        "Use a UUID, or a token without spaces.",
    ),
    warning(
        "SESSION_ID_CHANGED",
        "MCP transports, Streamable HTTP, Session Management: the session id is in the response to initialize.",
        "Send the id of the session, or no Mcp-Session-Id, in later responses.",
    ),
    error(
        "SESSION_ID_REPEATED",
        f"{_SESSIONS}: the server assigns one session id; RFC 9110 section 5.3: a field that is no list occurs once.",
        "Send one Mcp-Session-Id header; check for a proxy that adds another one.",
    ),
    warning(
        "COOKIE_REQUIRED",
        f"{_SESSIONS}: the session id identifies the session; clients need not keep cookies.",
        "Choose the replica by the Mcp-Session-Id header instead of by a cookie, run one replica, or share sessions.",
    ),
    error(
        "INITIALIZED_REJECTED",
        f"{_LIFECYCLE}: the client MUST send notifications/initialized after initialize.",
        "Respond with 202, and keep the session that initialize created.",
    ),
    warning(
        "INITIALIZED_STATUS",
        "MCP transports, Streamable HTTP: the server responds to a notification with 202.",
        "Respond to notifications with 202 and no body.",
    ),
    warning(
        "PING_FAILED",
        "MCP utilities, Ping: the receiver MUST respond promptly with an empty result.",
        "Respond to ping with {}.",
    ),
    warning(
        "DELETE_REJECTED",
        f"{_SESSIONS}: a client ends its session with DELETE; the server may respond with 405.",
        "Respond to DELETE with success, or with 405 if clients cannot end sessions.",
    ),
    warning(
        "SECOND_CLIENT_FAILS",
        "MCP transports: the server operates as an independent process that can handle multiple client connections.",
        "Serve each connection by a session of its own; an update of the server, gateway or SDK may do that.",
    ),
    error(
        "GET_BLOCKS_REQUESTS",
        "MCP transports, Streamable HTTP, Listening for Messages from the Server: clients open a stream by GET, and "
        "send requests beside it.",
        "Serve several requests at a time, for example with threads or workers, or respond to GET with 405.",
    ),
    warning(
        "ENDS_WITH_SESSION",
        "MCP transports: the server operates as an independent process that can handle multiple client connections.",
        "Do not exit when a session or its connection ends; an update of the server or its SDK may fix that.",
    ),
    warning(
        "DISCOVER_NOT_REFUSED",
        f"{_MODERN} versioning: clients of both kinds of revisions send server/discover first, and initialize if the "
        "server refuses that with a JSON-RPC error or a status such as 400 or 404.",
        "Respond to unknown methods with the JSON-RPC error -32601 and the id of the request, or with HTTP 400.",
    ),
    error(
        "MODERN_HEADERS_LOST",
        f"{_MODERN} transports: the server compares MCP-Protocol-Version and Mcp-Method with the body.",
        "Check for a proxy that removes or changes headers.",
    ),
    error(
        "MODERN_DISCOVER_INVALID",
        f"{_MODERN} schema, DiscoverResult: supportedVersions lists all supported versions.",
        "Return all supported versions in supportedVersions.",
    ),
    error(
        "MODERN_RESULT_TYPE",
        f"{_MODERN} schema, Result: resultType is required, and is complete for lists.",
        'Return "resultType": "complete".',
    ),
    warning(
        "MODERN_RESULT_INCOMPLETE",
        f"{_MODERN} schema, Result: resultType is complete for lists; input_required is for calls.",
        'Return "resultType": "complete".',
    ),
    error(
        "MODERN_CACHE_HINTS",
        f"{_MODERN} schema, CacheableResult: ttlMs (0 or more) and cacheScope (public or private) are required.",
        "Return ttlMs and cacheScope.",
    ),
    warning(
        "MODERN_CACHE_TTL",
        f"{_MODERN} schema, CacheableResult: ttlMs is an integer of 0 or more.",
        "Return 0 if the result must not be cached.",
    ),
    warning(
        "MODERN_SERVER_INFO_INVALID",
        f"{_MODERN} schema, Implementation: name and version are strings. Clients do not parse it.",
        "Return io.modelcontextprotocol/serverInfo with name and version as strings.",
    ),
    warning(
        "MODERN_SERVER_INFO_MISSING",
        f"{_MODERN} schema: servers SHOULD include serverInfo in _meta.",
        "Return io.modelcontextprotocol/serverInfo in _meta.",
    ),
    warning(
        "MODERN_SERVER_REQUEST",
        f"{_MODERN} transports: servers MUST NOT send requests.",
        "Return an InputRequiredResult instead.",
    ),
    info(
        "AUTH_REQUIRED",
        "MCP authorization; RFC 9110 section 15.5.2.",
        "Set bearer_token, client_credentials or headers to validate the rest.",
    ),
    info(
        "AUTH_ON_INITIALIZE",
        "MCP authorization: every request must include authorization.",
        "None: this is how protected servers behave.",
    ),
    error(
        "AUTH_TOKEN_FAILED",
        "RFC 6749 sections 4.4 and 5; RFC 8414; RFC 8707.",
        "Check client_credentials and the log of the authorization server.",
    ),
    warning(
        "WWW_AUTHENTICATE_MISSING",
        "MCP authorization: a 401 has a WWW-Authenticate header, or the well-known URI serves the resource metadata.",
        "Send WWW-Authenticate with the scheme, and resource_metadata for OAuth.",
    ),
    info(
        "AUTH_METADATA_CROSS_ORIGIN",
        "RFC 9728 section 3: the metadata is served at the origin of the resource.",
        "None if clients use that origin for the server; the metadata was not requested.",
    ),
    warning(
        "AUTH_METADATA_INVALID",
        "RFC 9728 section 2; MCP authorization: resource, and at least one of authorization_servers, are required.",
        "Complete the protected resource metadata.",
    ),
    warning(
        "AUTH_RESOURCE_MISMATCH",
        "RFC 9728 section 3.3: a client must not use metadata whose resource is not the URL that it uses.",
        "Set the resource to the URL that clients use; if they use another URL than this validation, none.",
    ),
    warning(
        "AUTH_METADATA_MISSING",
        "MCP authorization: servers MUST offer protected resource metadata (RFC 9728).",
        "Serve the metadata at /.well-known/oauth-protected-resource, and name it in WWW-Authenticate.",
    ),
    warning(
        "WWW_AUTHENTICATE_INVALID",
        "RFC 9110 section 11.6.1: a list of challenges.",
        "Quote values that contain characters other than those of a token.",
    ),
)
