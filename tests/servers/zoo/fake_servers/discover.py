# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers without 2026-07-28 that do not refuse server/discover as clients expect."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, remarked
from ..http import Out, Request
from ..servers import Streamable

ERROR = {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}}


class Undiscovered(Streamable):
    """Responds to server/discover in its own way."""

    status: int | None = 200  # None for no response at all
    body: Any = ""
    media_type = "application/json"
    hangs = False

    async def answer(self, request: Request, out: Out) -> None:
        if request.rpc_method != "server/discover":
            await super().answer(request, out)
        elif self.hangs:
            await out.hang()
        elif self.status is None:
            out.hang_up()
        else:
            identity = request.json["id"]
            body = self.body(identity) if callable(self.body) else self.body
            await out.send(self.status, body if isinstance(body, str) else json.dumps(body), self.media_type)


def refuses(name: str, **more: Any) -> FakeServer:
    """Return a server after whose refusal clients go on."""
    return remarked(f"discover-{name}", partial(Undiscovered, **more))


def confuses(name: str, options: Any = None, **more: Any) -> FakeServer:
    """Return a server on which some clients fail."""
    return remarked(f"discover-{name}", partial(Undiscovered, **more), "DISCOVER_NOT_REFUSED", options=options or {})


def _error(identity: Any) -> Any:
    return {**ERROR, "id": identity}


FAKE_SERVERS: FakeServers = [
    refuses("error", body=_error),
    refuses("error-400-without-id", status=400, body={**ERROR, "id": None}),
    refuses("html-404", status=404, body="<html>", media_type="text/html"),
    refuses("empty-result", body=lambda identity: {"jsonrpc": "2.0", "id": identity, "result": {}}),
    confuses("error-500", status=500, body=_error),
    confuses("error-202", status=202, body=_error),
    confuses("error-without-id", body={**ERROR, "id": None}),
    confuses("credentials", status=401),
    confuses("forbidden", status=403),
    confuses("html", body="<html>", media_type="text/html"),
    confuses("no-content", status=204),
    confuses("closed", status=None),
    confuses("unanswered", hangs=True, options={"request_timeout": 0.5}),
]
