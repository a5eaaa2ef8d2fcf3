# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Call a tool with the official SDK's client within two traces: tracing_client.py URL HEADER META.

HEADER is the ``traceparent`` of all requests, META that in ``_meta`` of a call (SEP-414).
Runs in the oracle's own environment.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import sys

import anyio
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client


async def main(url: str, header: str, meta: str) -> None:
    async with (
        create_mcp_http_client(headers={"traceparent": header}) as http,
        streamable_http_client(url, http_client=http) as streams,
        ClientSession(*streams[:2]) as session,
    ):
        await session.initialize()
        await session.call_tool("echo", {"text": "s3cret-of-the-call"})
        await session.call_tool("echo", {"text": "s3cret-of-the-call"}, meta={"traceparent": meta})
        await session.call_tool("ask", {"text": "s3cret-of-the-call"})


anyio.run(main, *sys.argv[1:])
