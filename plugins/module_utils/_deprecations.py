# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The features of MCP that are deprecated, and when a revision may remove them.

Source: the registry of deprecated features, https://modelcontextprotocol.io/specification/2026-07-28/deprecated, as of
2026-08-22. Feature lifecycle policy: https://modelcontextprotocol.io/community/feature-lifecycle.
"""

from __future__ import annotations

import types
import typing as t

REGISTRY: t.Final = "https://modelcontextprotocol.io/specification/2026-07-28/deprecated"
_SPECIFICATION: t.Final = "https://modelcontextprotocol.io/specification"
# Twelve months after 2026-07-28, the first revision in which these are deprecated (SEP-2577, PR #2858).
_A_YEAR: t.Final = "2027-07-28"


class Deprecation(t.NamedTuple):
    """A deprecated feature.

    :param feature: its identifier in statuses, metrics and reports.
    :param code: of the issue of the validator.
    :param since: the revision that deprecated it.
    :param earliest_removal: a date; any revision that is released on it or later may not have the feature.
    :param page: the page of the specification.
    :param migration: what to do instead.
    """

    feature: str
    title: str
    code: str
    since: str
    earliest_removal: str
    page: str
    migration: str


_ALL: t.Final = (
    Deprecation(
        "http-sse",
        "HTTP+SSE transport",
        "DEPRECATED_HTTP_SSE",
        "2025-03-26",
        # Three months after SEP-2596 reached Final, on 2026-06-03.
        "2026-09-03",
        f"{_SPECIFICATION}/2024-11-05/basic/transports#http-with-sse",
        "Serve Streamable HTTP.",
    ),
    Deprecation(
        "roots",
        "Roots",
        "DEPRECATED_ROOTS",
        "2026-07-28",
        _A_YEAR,
        f"{_SPECIFICATION}/2026-07-28/client/roots",
        "Take directories or files from tool parameters, resource URIs or the server configuration.",
    ),
    Deprecation(
        "sampling",
        "Sampling",
        "DEPRECATED_SAMPLING",
        "2026-07-28",
        _A_YEAR,
        f"{_SPECIFICATION}/2026-07-28/client/sampling",
        "Use the API of a model provider directly.",
    ),
    Deprecation(
        "include-context",
        "includeContext of sampling requests",
        "DEPRECATED_INCLUDE_CONTEXT",
        "2025-11-25",
        # With Sampling at the latest (SEP-2596).
        _A_YEAR,
        f"{_SPECIFICATION}/2026-07-28/client/sampling#capabilities",
        'Omit includeContext, or set it to "none".',
    ),
    Deprecation(
        "logging",
        "Logging",
        "DEPRECATED_LOGGING",
        "2026-07-28",
        _A_YEAR,
        f"{_SPECIFICATION}/2026-07-28/server/utilities/logging",
        "Log to stderr, or use OpenTelemetry; then remove the capability.",
    ),
    Deprecation(
        "dynamic-client-registration",
        "Dynamic Client Registration",
        "DEPRECATED_CLIENT_REGISTRATION",
        "2026-07-28",
        _A_YEAR,
        f"{_SPECIFICATION}/2026-07-28/basic/authorization/client-registration#dynamic-client-registration",
        "Support Client ID Metadata Documents in the authorization server.",
    ),
)

# By the identifier of the feature; what may be removed first is first.
DEPRECATIONS: t.Final[t.Mapping[str, Deprecation]] = types.MappingProxyType({one.feature: one for one in _ALL})


def known_features(features: t.Any) -> list[str]:
    """Return those of some identifiers that are known, each once, in the order of :data:`DEPRECATIONS`."""
    given = features if isinstance(features, (list, tuple)) else ()
    return [feature for feature in DEPRECATIONS if feature in given]
