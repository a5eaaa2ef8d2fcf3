# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a Pod of an MCPServer is validated against."""

from __future__ import annotations

import functools
import typing as t

from . import names, probe_auth, tls
from .fields import mapping
from .objects import fingerprint
from .ports import served_port, service_port
from .tool_call import ToolCall, expect, tool_call


class ProbeSpec(t.NamedTuple):
    """What to send to a Pod and what to require of its answers.

    :param path: None to try the usual paths.
    :param transport: ``auto``, ``sse`` or ``streamable-http``.
    :param authority: the ``Host`` that clients in the cluster send.
    :param capabilities: the capabilities that the server must offer, in lower case.
    :param tool_call: the tool to call, once for each container; None for none.
    :param expect: JMESPath expressions that must hold for the report.
    :param auth: ``spec.validation.auth.type``; empty if the manifest does not say how to authenticate.
    :param strict: the server must pass before it receives traffic.
    :param server_name: the name in the certificate; empty for a server without TLS.
    """

    port: int
    path: str | None
    transport: str
    authority: str
    capabilities: tuple[str, ...]
    tool_call: t.Optional[ToolCall] = None
    expect: tuple[str, ...] = ()
    auth: str = ""
    strict: bool = False
    server_name: str = ""

    @property
    def digest(self) -> str:
        """A short digest: a result is valid as long as the spec stays the same.

        A field that an older version of the operator does not know changes it only where the field is set, so that an
        upgrade validates nothing again.
        """
        # Strict mode changes the Pod template.
        return _digest(self._replace(strict=False))

    @property
    def periodic(self) -> ProbeSpec:
        """What a container that has passed is validated against: the tool is not called again."""
        return self if self.tool_call is None else self._replace(tool_call=None, expect=())


# The fields without a default.
_REQUIRED = len(ProbeSpec._fields) - len(ProbeSpec._field_defaults)


# Each observation of a Pod needs it, and few MCPServers are observed at a time.
@functools.lru_cache(maxsize=1024)
def _digest(spec: ProbeSpec) -> str:
    optional = {name: value for name, value in zip(spec._fields[_REQUIRED:], spec[_REQUIRED:]) if value}
    return fingerprint([*spec[:_REQUIRED], *([optional] if optional else [])])


def authority(server: t.Mapping[str, t.Any]) -> str:
    """Return the ``Host`` that clients in the cluster send."""
    meta = server["metadata"]
    return f"{names.host(meta['name'], meta['namespace'])}:{service_port(server)}"


def probe_spec(server: t.Mapping[str, t.Any]) -> ProbeSpec:
    """Return what the Pods of an MCPServer are validated against."""
    spec = server["spec"]
    transport, wanted = mapping(spec, "transport"), mapping(spec, "validation")
    return ProbeSpec(
        port=served_port(server),
        path=mapping(mapping(transport, "config"), "http").get("path"),
        transport=wanted.get("transportProtocol") or transport.get("protocol") or "auto",
        authority=authority(server),
        capabilities=tuple(str(name).lower() for name in wanted.get("requiredCapabilities") or []),
        tool_call=tool_call(spec),
        expect=expect(spec),
        auth=probe_auth.auth_type(server),
        strict=bool(wanted.get("strictMode")),
        server_name=tls.server_name(server) if tls.settings(server) is not None else "",
    )
