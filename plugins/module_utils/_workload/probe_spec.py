# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a Pod of an MCPServer is validated against."""

from __future__ import annotations

import typing as t

from . import names
from .objects import fingerprint
from .server import mapping, port_of, service_port


class ProbeSpec(t.NamedTuple):
    """What to send to a Pod and what to require of its answers.

    :param path: None to try the usual paths.
    :param transport: ``auto``, ``sse`` or ``streamable-http``.
    :param authority: the ``Host`` that clients in the cluster send.
    :param capabilities: the capabilities that the server must offer, in lower case.
    """

    port: int
    path: str | None
    transport: str
    authority: str
    capabilities: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A short digest: a result is valid as long as the spec stays the same."""
        return fingerprint(list(self))


def probe_spec(server: t.Mapping[str, t.Any]) -> ProbeSpec:
    """Return what the Pods of an MCPServer are validated against."""
    spec, meta = server["spec"], server["metadata"]
    transport, wanted = mapping(spec, "transport"), mapping(spec, "validation")
    port = port_of(server)
    host = names.host(meta["name"], meta["namespace"])
    return ProbeSpec(
        port=port,
        path=mapping(mapping(transport, "config"), "http").get("path"),
        transport=wanted.get("transportProtocol") or transport.get("protocol") or "auto",
        authority=f"{host}:{service_port(mapping(spec, 'service'), port)}",
        capabilities=tuple(str(name).lower() for name in wanted.get("requiredCapabilities") or []),
    )
