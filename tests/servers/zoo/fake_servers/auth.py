# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that want credentials, and those that refuse for other reasons."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Any

from ..fake_server import FakeServer, FakeServers, correct, unfound
from ..http import Out, Request
from ..servers import LegacySse, Streamable
from .answers import always

METADATA = "/.well-known/oauth-protected-resource/mcp"
WORDS = "401 Unauthorized 403 Forbidden authentication required"


DOCUMENT = {
    "resource": "{base}/mcp",
    "authorization_servers": ["https://auth.example.com"],
    "scopes_supported": ["tools"],
}


class Guarded(Streamable):
    """Wants a bearer token, and says where to find out about it (RFC 9728)."""

    token = "good"
    status = 401
    challenge: str | None = 'Bearer error="invalid_token", resource_metadata="{base}' + METADATA + '"'
    metadata: Any = MappingProxyType(DOCUMENT)
    only: str | None = None  # the method that is guarded; None: all

    async def __call__(self, request: Request, out: Out) -> None:
        base = f"http://{request.headers['host']}"
        if request.path == METADATA and isinstance(self.metadata, str):
            await out.send(200, self.metadata, "text/html")
        elif request.path == METADATA and self.metadata is not None:
            fields = {
                key: value.replace("{base}", base) if isinstance(value, str) else value
                for key, value in self.metadata.items()
            }
            await out.json(200, fields)
        elif (
            request.path != self.path
            or request.headers.get("authorization") == f"Bearer {self.token}"
            or self.only not in (None, request.rpc_method)
        ):
            await super().__call__(request, out)
        else:
            challenge = {"WWW-Authenticate": self.challenge.replace("{base}", base)} if self.challenge else {}
            await out.json(self.status, {"error": "unauthorized"}, challenge)


class GuardedSse(LegacySse):
    """Guards its event stream; POST has no route at that path."""

    async def open(self, out: Out) -> None:
        await out.send(401, "no", "text/plain", {"WWW-Authenticate": 'Bearer realm="zoo"'})


class NoPosts(Streamable):
    """Is behind a firewall that lets only GET through."""

    async def __call__(self, request: Request, out: Out) -> None:
        await out.send(403 if request.method == "POST" else 404, "no", "text/plain")


class LocalhostOnly(Streamable):
    """Answers only to the name localhost with its own port, as playwright does."""

    async def __call__(self, request: Request, out: Out) -> None:
        host, _colon, port = request.headers["host"].partition(":")
        if host != "localhost":
            await out.send(403, f"Access is only allowed at localhost:{port}", "text/plain")
        else:
            await super().__call__(request, out)


class HostBound(Streamable):
    """Protects itself against DNS rebinding: answers only to localhost."""

    status = 403

    async def __call__(self, request: Request, out: Out) -> None:
        if request.headers["host"].partition(":")[0] not in ("localhost", "127.0.0.1"):
            await out.send(self.status, "Invalid Host header", "text/plain")
        else:
            await super().__call__(request, out)


def guarded(name: str, keeper: Any, *issues: str, **more: Any) -> FakeServer:
    return FakeServer(name, keeper, compliant=None, issues=("AUTH_REQUIRED", "AUTH_ON_INITIALIZE", *issues), **more)


SERVICE = {"host_header": "mcp.team.svc.cluster.local:8080"}

FAKE_SERVERS: FakeServers = [
    guarded("auth-bearer", Guarded),
    guarded("auth-strict", Guarded, options={"strict": True}),
    guarded("auth-bad-token", Guarded, options={"bearer_token": "bad"}),
    correct("auth-good-token", Guarded, "2025-11-25", options={"bearer_token": "good"}),
    correct("auth-good-header", Guarded, "2025-11-25", options={"headers": {"authorization": "Bearer good"}}),
    guarded(
        "auth-insufficient-scope",
        partial(Guarded, status=403, challenge='Bearer error="insufficient_scope", scope="admin"'),
    ),
    guarded("auth-basic", always(401, "no", "text/plain", WWW_Authenticate='Basic realm="zoo"')),
    guarded("auth-proxy", always(407, "no", "text/plain", Proxy_Authenticate='Basic realm="zoo"')),
    guarded("auth-without-challenge", always(401, "no", "text/plain"), "WWW_AUTHENTICATE_MISSING"),
    guarded("auth-without-challenge-with-metadata", partial(Guarded, challenge=None)),
    guarded(
        "auth-challenge-garbage",
        always(401, "no", "text/plain", WWW_Authenticate='Bearer realm="zoo'),
        "WWW_AUTHENTICATE_INVALID",
    ),
    guarded("auth-sse", GuardedSse, "AUTH_METADATA_MISSING", transport="sse"),
    guarded(
        "auth-metadata-missing",
        partial(Guarded, challenge='Bearer realm="zoo"', metadata=None),
        "AUTH_METADATA_MISSING",
    ),
    guarded(
        "auth-metadata-without-servers", partial(Guarded, metadata={"resource": "{base}/mcp"}), "AUTH_METADATA_INVALID"
    ),
    guarded(
        "auth-metadata-of-another-host",
        partial(Guarded, metadata={**DOCUMENT, "resource": "https://other.example.com/mcp"}),
        "AUTH_RESOURCE_MISMATCH",
    ),
    guarded(
        "auth-metadata-of-another-path",
        partial(Guarded, metadata={**DOCUMENT, "resource": "{base}/other"}),
        "AUTH_RESOURCE_MISMATCH",
    ),
    guarded("auth-metadata-of-the-origin", partial(Guarded, metadata={**DOCUMENT, "resource": "{base}"})),
    guarded("auth-metadata-html", partial(Guarded, metadata="<html></html>"), "AUTH_METADATA_INVALID"),
    guarded(
        "auth-metadata-elsewhere",
        partial(Guarded, challenge='Bearer resource_metadata="https://auth.example.com/x"'),
        "AUTH_METADATA_CROSS_ORIGIN",
    ),
    FakeServer(
        "auth-on-tools-only",
        partial(Guarded, only="tools/list"),
        compliant=None,
        issues=("AUTH_REQUIRED",),
        transport="streamable-http",
        version="2025-11-25",
    ),
    unfound("words-of-refusal-200", always(200, WORDS, "text/plain"), "NOT_MCP"),
    unfound("words-of-refusal-500", always(500, WORDS, "text/plain"), "SERVER_ERROR"),
    unfound("forbidden", always(403, "no", "text/plain"), "FORBIDDEN"),
    unfound("forbidden-host-by-name", always(403, "no", "text/plain"), "FORBIDDEN", target=SERVICE),
    unfound("forbidden-posts", NoPosts, "FORBIDDEN", target={**SERVICE, "path": "/mcp"}),
    unfound("host-rejected-by-address", LocalhostOnly, "HOST_REJECTED", target={"path": "/mcp"}),
    unfound("host-rejected-403", HostBound, "HOST_REJECTED", target={**SERVICE, "path": "/mcp"}),
    unfound("host-rejected-421", partial(HostBound, status=421), "HOST_REJECTED", target={**SERVICE, "path": "/mcp"}),
]
