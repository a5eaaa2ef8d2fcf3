# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the official Python SDK's client of the 2.x line sees of a server; it asks for 2026-07-28 first.

Runs in an environment of its own.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mcp import Client, MCPError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

PAGES_AT_MOST = 100
METHOD_NOT_FOUND = -32601


async def names(list_page: Callable[..., Awaitable[Any]], field: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        page = await list_page(cursor=cursor)
        found += [item.name for item in getattr(page, field)]
        cursor = page.next_cursor
        if cursor is None:
            return sorted(found)
    raise RuntimeError(f"{field}: more than {PAGES_AT_MOST} pages")


async def templates(client: Client) -> list[str]:
    try:
        return await names(client.list_resource_templates, "resource_templates")
    except MCPError as error:
        if error.code == METHOD_NOT_FOUND:  # a server with resources need not have templates
            return []
        raise


def connection(url: str, transport: str, headers: dict[str, str] | None) -> Any:
    if transport == "sse":
        return sse_client(url, headers=headers)
    return streamable_http_client(url, http_client=create_mcp_http_client(headers=headers)) if headers else url


async def describe(
    url: str, transport: str, call: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    asked = connection(url, transport, headers)
    async with Client(asked, mode="legacy" if transport == "sse" else "auto") as client:
        has, info = client.server_capabilities, client.server_info
        seen = {
            "protocolVersion": client.protocol_version,
            "serverInfo": None if info is None else {"name": info.name, "version": info.version},
            "capabilities": sorted(has.model_dump(exclude_none=True, by_alias=True)),
            "tools": await names(client.list_tools, "tools") if has.tools else [],
            "resources": await names(client.list_resources, "resources") if has.resources else [],
            "resourceTemplates": await templates(client) if has.resources else [],
            "prompts": await names(client.list_prompts, "prompts") if has.prompts else [],
        }
        if call is not None:
            await client.call_tool(call["name"], call["arguments"])
        return seen
