# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Call a tool with the official SDK's client until a limit refuses it: limited_client.py URL TOKEN SESSIONS CALLS.

Prints as JSON how many calls succeeded, and status and Retry-After of the first refusal, if there was one. Runs in the
oracle's own environment.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import contextlib
import json
import sys

import anyio
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

SECONDS = 10
refusals: list[list[object]] = []


async def watch(response) -> None:
    if response.status_code >= 400:
        refusals.append([response.status_code, response.headers.get("Retry-After")])


async def in_session(url: str, token: str, calls: int) -> int:
    done = 0
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    http.event_hooks["response"].append(watch)
    # What the SDK raises after a refusal differs by its version.
    with contextlib.suppress(Exception):
        async with (
            http,
            streamable_http_client(url, http_client=http) as streams,
            ClientSession(*streams[:2]) as session,
        ):
            with anyio.fail_after(SECONDS):
                await session.initialize()
            while done < calls and not refusals:
                with anyio.fail_after(SECONDS):
                    await session.call_tool("now", {"zone": "UTC"})
                done += 1
    return done


async def main(url: str, token: str, sessions: str, calls: str) -> None:
    done = 0
    for _session in range(int(sessions)):
        if not refusals:
            done += await in_session(url, token, int(calls))
    print(json.dumps({"calls": done, "refusal": refusals[0] if refusals else None}))


anyio.run(main, *sys.argv[1:])
