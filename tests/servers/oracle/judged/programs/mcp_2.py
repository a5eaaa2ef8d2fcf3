# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server on MCPServer of the official Python SDK, 2.x: mcp_2.py streamable-http|sse [OPTION...]."""

from __future__ import annotations

import os
import sys

import uvicorn
from mcp.server.mcpserver import MCPServer

server = MCPServer("judged", version="1.0.0", instructions="Adds.")


@server.tool()
def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


@server.resource("judged://constants")
def constants() -> str:
    """Return constants."""
    return "3.14159"


@server.prompt()
def check(claim: str) -> str:
    """Ask for a check."""
    return claim


application = server.sse_app if sys.argv[1] == "sse" else server.streamable_http_app
uvicorn.run(application(**dict.fromkeys(sys.argv[2:], True)), host="127.0.0.1", port=int(os.environ["PORT"]))
