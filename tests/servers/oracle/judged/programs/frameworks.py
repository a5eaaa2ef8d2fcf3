# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server on a Python framework of which only the named one is installed: frameworks.py NAME."""

from __future__ import annotations

import os
import sys

HOST, PORT = "127.0.0.1", int(os.environ["PORT"])
TOKEN = "judged-token"


def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def chuk() -> None:
    """Serve by chuk-mcp-server, which has an implementation of its own."""
    from chuk_mcp_server import ChukMCPServer

    server = ChukMCPServer(name="judged", version="1.0.0")
    server.tool(add)
    server.run(host=HOST, port=PORT, stdio=False)


def aiohttp() -> None:
    """Serve by aiohttp, over HTTP+SSE."""
    from aiohttp import web
    from aiohttp_mcp import AiohttpMCP, build_mcp_app

    server = AiohttpMCP(name="judged")
    server.tool()(add)
    web.run_app(build_mcp_app(server, path="/mcp"), host=HOST, port=PORT)


def litestar() -> None:
    """Serve by Litestar."""
    import uvicorn
    from litestar import Litestar, get
    from litestar_mcp import LitestarMCP

    @get("/add", mcp_tool="add", sync_to_thread=False)
    def add(a: float, b: float) -> float:
        """Add two numbers."""
        return a + b

    uvicorn.run(Litestar(route_handlers=[add], plugins=[LitestarMCP()]), host=HOST, port=PORT)


def http_mcp() -> None:
    """Serve by http-mcp, mounted below a prefix."""
    import uvicorn
    from http_mcp.server import MCPServer
    from starlette.applications import Starlette

    server = MCPServer(name="judged", version="1.0.0", instructions="Adds.")
    application = Starlette()
    application.mount("/mcp", server.app)
    uvicorn.run(application, host=HOST, port=PORT)


def mounted_sse() -> None:
    """Serve by HTTP+SSE of the official SDK, mounted below a prefix."""
    import uvicorn
    from mcp.server.fastmcp import FastMCP
    from starlette.applications import Starlette
    from starlette.routing import Mount

    server = FastMCP("judged")
    server.tool()(add)
    uvicorn.run(Starlette(routes=[Mount("/api/v1", app=server.sse_app())]), host=HOST, port=PORT)


def fastmcp_token() -> None:
    """Serve by fastmcp, with a bearer token."""
    from fastmcp import FastMCP
    from fastmcp.server.auth import StaticTokenVerifier

    verifier = StaticTokenVerifier(tokens={TOKEN: {"client_id": "judged", "scopes": []}})
    server = FastMCP("judged", auth=verifier)
    server.tool()(add)
    server.run(transport="http", host=HOST, port=PORT)


globals()[sys.argv[1]]()
