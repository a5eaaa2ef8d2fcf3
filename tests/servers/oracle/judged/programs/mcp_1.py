# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server on FastMCP of the official Python SDK, 1.x: mcp_1.py streamable-http|sse [OPTION=1...]."""

from __future__ import annotations

import os
import sys

from mcp.server.fastmcp import FastMCP

options = dict.fromkeys(sys.argv[2:], True)
server = FastMCP("judged", instructions="Adds.", host="127.0.0.1", port=int(os.environ["PORT"]), **options)


@server.tool()
def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


@server.resource("judged://constants")
def constants() -> str:
    """Return constants."""
    return "3.14159"


@server.resource("judged://constants/{name}")
def constant(name: str) -> str:
    """Return a constant."""
    return name


@server.prompt()
def check(claim: str) -> str:
    """Ask for a check."""
    return claim


server.run(transport=sys.argv[1])
