# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Print as JSON what the official SDK's client sees of a server: describe.py URL TRANSPORT TIMEOUT.

Runs in the oracle's own environment. Exits 1 with a sentence when the handshake or a listing fails.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
from mcp import ClientSession, McpError, types
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

PAGES_AT_MOST = 100


@asynccontextmanager
async def connected(url: str, transport: str, headers: dict[str, str] | None) -> AsyncIterator[ClientSession]:
    async with AsyncExitStack() as stack:
        if transport == "sse":
            streams = await stack.enter_async_context(sse_client(url, headers=headers))
        else:
            http = await stack.enter_async_context(create_mcp_http_client(headers=headers))
            streams = (await stack.enter_async_context(streamable_http_client(url, http_client=http)))[:2]
        yield await stack.enter_async_context(ClientSession(*streams))


async def all_pages(list_page: Callable[..., Awaitable[Any]], field: str) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        page = await list_page(params=None if cursor is None else types.PaginatedRequestParams(cursor=cursor))
        items += getattr(page, field)
        cursor = page.nextCursor
        if cursor is None:
            return items
    raise RuntimeError(f"{field}: more than {PAGES_AT_MOST} pages")


async def all_templates(session: ClientSession) -> list[Any]:
    try:
        return await all_pages(session.list_resource_templates, "resourceTemplates")
    except McpError as error:
        if error.error.code == types.METHOD_NOT_FOUND:  # a server with resources need not have templates
            return []
        raise


async def describe(
    url: str, transport: str, call: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    async with connected(url, transport, headers) as session:
        hello = await session.initialize()
        has = hello.capabilities
        tools = await all_pages(session.list_tools, "tools") if has.tools else []
        resources = await all_pages(session.list_resources, "resources") if has.resources else []
        templates = await all_templates(session) if has.resources else []
        prompts = await all_pages(session.list_prompts, "prompts") if has.prompts else []
        if call is not None:
            await session.call_tool(call["name"], call["arguments"])
        return {
            "protocolVersion": hello.protocolVersion,
            "serverInfo": {"name": hello.serverInfo.name, "version": hello.serverInfo.version},
            "capabilities": sorted(has.model_dump(exclude_none=True)),
            "tools": sorted(tool.name for tool in tools),
            "resources": sorted(resource.name for resource in resources),
            "resourceTemplates": sorted(template.name for template in templates),
            "prompts": sorted(prompt.name for prompt in prompts),
        }


def reason(error: BaseException) -> str:
    """Name the causes: the SDK wraps them in groups of groups."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(reason(inner) for inner in error.exceptions))
    return f"{type(error).__name__}: {error}"


def main(url: str, transport: str, timeout: str) -> None:
    async def bounded() -> dict[str, Any]:
        with anyio.fail_after(float(timeout)):
            return await describe(url, transport)

    try:
        seen = anyio.run(bounded)
    except Exception as error:  # whatever the SDK raises is the answer: this server cannot be used
        sys.exit(f"the official client cannot use {url} by {transport}: {reason(error)}")
    print(json.dumps(seen, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
