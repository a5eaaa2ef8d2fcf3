# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of what 2026-07-28 added: cache scopes, extensions, subscriptions, and schemas of JSON Schema 2020-12."""

from __future__ import annotations

import typing as t

from .issue_kind import warning

_MODERN: t.Final = "MCP 2026-07-28"

NEWER: t.Final = (
    warning(
        "CACHE_SCOPE_MIXED",
        f"{_MODERN} caching: all pages of a list MUST have the same cacheScope.",
        "Return the same cacheScope with each page.",
    ),
    warning(
        "EXTENSION_IDENTIFIER",
        f"{_MODERN} versioning, Extension Negotiation: an identifier is a prefix of labels, a slash and a name.",
        "Use a reversed domain name as the prefix, such as com.example/my-extension.",
    ),
    warning(
        "EXTERNAL_SCHEMA_REF",
        f"{_MODERN} (SEP-2106): clients MUST NOT fetch a $ref that leads outside of the schema.",
        "Include the schema in $defs and refer to it with #/$defs/...",
    ),
    warning(
        "TOOL_HEADER_INVALID",
        f"{_MODERN} transports, Custom Headers from Tool Parameters: clients drop a tool with an invalid x-mcp-header, "
        "which is then missing in their lists.",
        "Give each x-mcp-header a unique token, at properties of the type string, integer or boolean only.",
    ),
)
# Only with ``deep``.
NEWER_DEEP: t.Final = (
    warning(
        "TOOLS_ORDER_UNSTABLE",
        f"{_MODERN} tools: servers SHOULD return tools in the same order while the tools do not change.",
        "Sort the tools, for example by name, so that clients and models can cache the list.",
    ),
    warning(
        "SUBSCRIPTION_NOT_ACKNOWLEDGED",
        f"{_MODERN} subscriptions: the first message of subscriptions/listen MUST be "
        "notifications/subscriptions/acknowledged with the id of the request as subscriptionId.",
        "Send the acknowledgment first, with the types that the client requested; else do not declare listChanged.",
    ),
)
