# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Call two tools with the official SDK's client, which gets its tokens: official_client.py URL ISSUER.

Runs in the oracle's own environment.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import sys

import anyio
from mcp import ClientSession
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client


class Memory:
    """Keeps tokens for as long as the program runs."""

    def __init__(self) -> None:
        self.tokens = self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens) -> None:
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client) -> None:
        self.client = client


async def main(url: str, issuer: str) -> None:
    auth = ClientCredentialsOAuthProvider(url, Memory(), "app", "secret-of-the-test", issuer=issuer)
    async with (
        create_mcp_http_client(auth=auth) as http,
        streamable_http_client(url, http_client=http) as streams,
        ClientSession(*streams[:2]) as session,
    ):
        await session.initialize()
        for name, arguments in (("echo", {"text": "hello"}), ("pid", {})):
            result = await session.call_tool(name, arguments)
            print(result.content[0].text)


anyio.run(main, *sys.argv[1:])
