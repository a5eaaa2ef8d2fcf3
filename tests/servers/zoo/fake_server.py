# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a fake server is."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .http import Handler

RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter, asyncio.Event], Awaitable[None]]


@dataclasses.dataclass(frozen=True)
class FakeServer:
    """A server, and what the validator must say about it."""

    name: str
    keeper: Callable[[], Handler] | None = None  # makes a server that speaks HTTP
    raw: RawHandler | None = None  # or one that speaks something else
    compliant: bool | None = False
    issues: tuple[str, ...] = ()  # all codes, in any order
    transport: str | None = None
    version: str | None = None
    target: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    tls: str | None = None  # the name of a certificate of zoo.certificates
    listens: bool = True


FakeServers = list[FakeServer]


def deprecated(transport: str) -> tuple[str, ...]:
    """Return what the validator always says about a transport."""
    return ("DEPRECATED_HTTP_SSE",) if transport == "sse" else ()


def correct(
    name: str, keeper: Callable[[], Handler], version: str, transport: str = "streamable-http", **more: Any
) -> FakeServer:
    """A server without a defect."""
    issues = deprecated(transport)
    return FakeServer(name, keeper, compliant=True, issues=issues, transport=transport, version=version, **more)


def remarked(name: str, keeper: Callable[[], Handler], *issues: str, **more: Any) -> FakeServer:
    """A server with warnings only."""
    more = {"transport": "streamable-http", "version": "2025-11-25", "compliant": True, **more}
    return FakeServer(name, keeper, issues=(*issues, *deprecated(more["transport"])), **more)


def broken(name: str, keeper: Callable[[], Handler], *issues: str, **more: Any) -> FakeServer:
    """A server that was found, and does not comply."""
    more = {"transport": "streamable-http", "version": "2025-11-25", **more}
    return FakeServer(name, keeper, compliant=False, issues=(*issues, *deprecated(more["transport"])), **more)


def unfound(name: str, keeper: Callable[[], Handler], *issues: str, **more: Any) -> FakeServer:
    """Something at which no MCP server was found."""
    found = () if "transport" in more.get("target", {}) else ("TRANSPORT_DETECTION_FAILED",)
    return FakeServer(name, keeper, compliant=False, issues=(*issues, *found), **more)
