# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server on the package fastmcp, any version: fastmcp_any.py http|sse [OPTION...]."""

from __future__ import annotations

import inspect
import os
import sys

from fastmcp import FastMCP

PORT = int(os.environ["PORT"])
transport, *options = sys.argv[1:]
server = FastMCP("judged")


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


takes_settings = any("kwargs" in name for name in inspect.signature(server.run).parameters)
if takes_settings:
    server.run(transport=transport, host="127.0.0.1", port=PORT, **dict.fromkeys(options, True))
else:  # 1.x
    server.settings.host, server.settings.port = "127.0.0.1", PORT
    server.run(transport)
