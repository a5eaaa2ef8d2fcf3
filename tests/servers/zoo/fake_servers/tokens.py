# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An authorization server beside an MCP server that wants its tokens: right, and wrong in every way."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, correct
from ..http import Out, Request
from .auth import Guarded

ID, SECRET, TOKEN = "the client", "s3cret/with+signs", "granted-token-0123456789"
AT_ROOT = "/.well-known/oauth-authorization-server"


class Issuing(Guarded):
    """Gives tokens by client credentials (RFC 6749), for itself only (RFC 8707)."""

    token = TOKEN
    authentication = "basic"
    answer_with: Mapping[str, Any] | bytes | None = None  # instead of a token
    answer_status = 200
    issuer: str | None = "{base}"  # None: there is no metadata
    metadata_at = AT_ROOT
    token_endpoint: Any = "{base}/token"
    scope: str | None = None

    async def __call__(self, request: Request, out: Out) -> None:
        base = f"http://{request.headers['host']}"
        if request.path == "/token":
            await self.grant(request, base, out)
        elif request.path == self.metadata_at and self.issuer is not None:
            named = [
                item.replace("{base}", base) if isinstance(item, str) else item
                for item in (self.issuer, self.token_endpoint)
            ]
            await out.json(200, {"issuer": named[0], "token_endpoint": named[1]})
        elif ".well-known/openid" in request.path or request.path == AT_ROOT:
            await out.send(404, "no", "text/plain")
        else:
            await super().__call__(request, out)

    async def grant(self, request: Request, base: str, out: Out) -> None:
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        if isinstance(self.answer_with, bytes):
            await out.send(self.answer_status, self.answer_with, "application/json")
        elif self.answer_with is not None:
            await out.json(self.answer_status, self.answer_with)
        elif form.get("grant_type") != "client_credentials" or form.get("resource") != base:
            await out.json(400, {"error": "invalid_target"})
        elif form.get("scope") != self.scope:
            await out.json(400, {"error": "invalid_scope"})
        elif not self.knows(request, form):
            await out.json(401, {"error": "invalid_client", "error_description": request.headers.get("authorization")})
        else:
            await out.json(200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 60})

    def knows(self, request: Request, form: Mapping[str, str]) -> bool:
        kind, _space, coded = request.headers.get("authorization", "").partition(" ")
        if self.authentication == "post":
            return not kind and (form.get("client_id"), form.get("client_secret")) == (ID, SECRET)
        pair = base64.b64decode(coded).decode().split(":") if kind == "Basic" else []
        return [urllib.parse.unquote_plus(part) for part in pair] == [ID, SECRET] and "client_secret" not in form


class Silent(Issuing):
    """Never answers who asks for a token."""

    async def grant(self, request: Request, base: str, out: Out) -> None:
        await out.hang()


class Redirecting(Issuing):
    """Sends who asks for a token elsewhere; a client must not take its secret there."""

    async def grant(self, request: Request, base: str, out: Out) -> None:
        await out.send(307, headers={"Location": "http://127.0.0.1:9/token"})


def credentials(**fields: Any) -> dict[str, Any]:
    whole = {"client_id": ID, "client_secret": SECRET, "token_url": "{base}/token", **fields}
    return {"client_credentials": {key: value for key, value in whole.items() if value is not None}}


def issuer(path: str = "", **fields: Any) -> dict[str, Any]:
    return credentials(token_url=None, issuer="{base}" + path, **fields)


def denied(name: str, keeper: Any, options: Mapping[str, Any] | None = None, **more: Any) -> FakeServer:
    return FakeServer(name, keeper, issues=("AUTH_TOKEN_FAILED",), options={**credentials(), **(options or {})}, **more)


def gives(answer: Any, status: int = 200) -> Any:
    return partial(Issuing, answer_with=answer, answer_status=status)


VERSION = "2025-11-25"
OPENID = partial(Issuing, issuer="{base}/realm", metadata_at="/realm/.well-known/openid-configuration")

FAKE_SERVERS: FakeServers = [
    correct("token-by-basic", Issuing, VERSION, options=credentials()),
    correct(
        "token-by-form", partial(Issuing, authentication="post"), VERSION, options=credentials(authentication="post")
    ),
    correct("token-with-scopes", partial(Issuing, scope="a b"), VERSION, options=credentials(scopes=("a", "b"))),
    correct("token-for-a-resource", Issuing, VERSION, options=credentials(resource="{base}")),
    correct("token-of-an-issuer", Issuing, VERSION, options=issuer()),
    correct("token-of-an-issuer-by-openid", OPENID, VERSION, options=issuer("/realm")),
    denied("token-for-another-resource", Issuing, credentials(resource="https://example.com/mcp")),
    denied("token-for-a-wrong-secret", Issuing, credentials(client_secret="wrong-secret")),
    denied("token-error-500", gives({"error": "server_error"}, 500)),
    denied("token-no-json", gives(b"<html>")),
    denied("token-none", gives({"token_type": "Bearer"})),
    denied("token-of-another-type", gives({"access_token": TOKEN, "token_type": "mac"})),
    denied("token-without-type", gives({"access_token": TOKEN})),
    denied("token-with-line-end", gives({"access_token": "a\r\nX: y", "token_type": "Bearer"})),
    denied("token-number", gives({"access_token": 7, "token_type": "Bearer"})),
    denied("token-huge", gives(b" " * 100_000)),
    denied("token-redirected", Redirecting),
    denied("token-never", Silent, {"request_timeout": 0.5}),
    denied("token-server-gone", Issuing, credentials(token_url="http://127.0.0.1:9/token")),
    denied("token-issuer-without-metadata", partial(Issuing, issuer=None), issuer()),
    denied("token-issuer-is-another", partial(Issuing, issuer="https://auth.example.com"), issuer()),
    denied("token-issuer-without-endpoint", partial(Issuing, token_endpoint=None), issuer()),
    denied("token-issuer-with-garbage", partial(Issuing, token_endpoint="no url"), issuer()),
    denied(
        "token-issuer-leads-away-from-tls",
        partial(Issuing, token_endpoint="http://auth.example.com/token"),
        issuer(),
    ),
]
