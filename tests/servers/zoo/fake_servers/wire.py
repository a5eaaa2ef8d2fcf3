# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that know requests only in the form in which the official clients write them, and in no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..fake_server import FakeServers, broken, correct, unfound
from ..http import Out, Request
from ..servers import LEGACY, Fault, Streamable

LISTS_FAIL = ("TOOLS_LIST_FAILED", "RESOURCES_LIST_FAILED", "RESOURCE_TEMPLATES_LIST_FAILED", "PROMPTS_LIST_FAILED")


class LowerCase(Streamable):
    """Compares the names of header fields with lower-case ones."""

    async def answer(self, request: Request, out: Out) -> None:
        names = ("accept", "content-type", "mcp-session-id", "mcp-protocol-version")
        headers = {name: value for name, value in request.headers.items() if name not in names or name in request.names}
        await super().answer(dataclasses.replace(request, headers=headers), out)


class Searching(Streamable):
    """Searches requests for texts instead of parsing them."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "POST" and b'"method":"' not in request.body:
            await out.send(400, "no method", "text/plain")
        else:
            await super().answer(request, out)


class NoZero(Streamable):
    """Takes a request with the id 0 for a notification, as ``if (message.id)`` does."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "POST" and request.json.get("id") == 0:
            await out.send(202)
        else:
            await super().answer(request, out)


class Demanding(Streamable):
    """Fails if the optional params are missing."""

    async def reply(self, request: Request, message: Mapping[str, Any], out: Out) -> None:
        if message["method"].endswith("/list") and "params" not in message:
            raise Fault(200, -32603, "Cannot read properties of undefined")
        await super().reply(request, message, out)


FAKE_SERVERS: FakeServers = [
    correct("wire-lower-case", LowerCase, LEGACY[3]),
    correct("wire-without-spaces", Searching, LEGACY[3]),
    unfound("wire-no-zero", NoZero, "NO_RESPONSE"),
    broken("wire-wants-params", Demanding, *LISTS_FAIL),
]
