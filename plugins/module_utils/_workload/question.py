# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a Pod of an MCPServer is asked in order to prove that it speaks MCP."""

from __future__ import annotations

import typing as t

from . import names
from .fingerprint import fingerprint
from .server import mapping, port_of, service_port


class Question(t.NamedTuple):
    """The same whoever asks it, and over whichever way.

    :param path: None where the usual ones are to be tried.
    :param transport: ``auto``, ``sse`` or ``streamable-http``.
    :param authority: how clients in the cluster call the server: what they send as ``Host``.
    """

    port: int
    path: str | None
    transport: str
    authority: str
    capabilities: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A short name: an answer is worth something only as long as the question stays the same."""
        return fingerprint(list(self))


def question(server: t.Mapping[str, t.Any]) -> Question:
    """Return what the Pods of an MCPServer are asked."""
    spec, meta = server["spec"], server["metadata"]
    transport, wanted = mapping(spec, "transport"), mapping(spec, "validation")
    port = port_of(server)
    host = names.host(meta["name"], meta["namespace"])
    return Question(
        port=port,
        path=mapping(mapping(transport, "config"), "http").get("path"),
        transport=wanted.get("transportProtocol") or transport.get("protocol") or "auto",
        authority=f"{host}:{service_port(mapping(spec, 'service'), port)}",
        capabilities=tuple(str(name).lower() for name in wanted.get("requiredCapabilities") or []),
    )
