# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A calculator on the official Python SDK, 1.x line: Streamable HTTP on /mcp or HTTP+SSE on /sse.

Usage: server.py [streamable-http|sse]; PORT says where it listens (8080).
"""

from __future__ import annotations

import math
import os
import sys

import uvicorn
from mcp.server.fastmcp import FastMCP

CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}

# The address is given here, and not only to uvicorn, because the SDK refuses foreign Host headers on loopback names.
server = FastMCP("calculator", instructions="Exact answers to arithmetic questions.", host="0.0.0.0")


@server.tool()
def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


@server.tool()
def divide(dividend: float, divisor: float) -> float:
    """Divide one number by another."""
    if divisor == 0:
        raise ValueError("cannot divide by zero")
    return dividend / divisor


@server.tool()
def mean(numbers: list[float]) -> float:
    """Return the arithmetic mean of a list of numbers."""
    if not numbers:
        raise ValueError("the mean of no numbers is not defined")
    return math.fsum(numbers) / len(numbers)


@server.resource("calculator://constants", mime_type="application/json")
def constants() -> dict[str, float]:
    """Mathematical constants by name."""
    return CONSTANTS


@server.resource("calculator://constants/{name}")
def constant(name: str) -> str:
    """One mathematical constant."""
    return repr(CONSTANTS[name])


@server.prompt()
def check_sum(claim: str) -> str:
    """Ask for a sum to be verified with the tools."""
    return f"Check this sum with the calculator's tools and say whether it is right: {claim}"


APPLICATIONS = {"streamable-http": server.streamable_http_app, "sse": server.sse_app}


def main(transport: str = "streamable-http") -> None:
    if transport not in APPLICATIONS:
        sys.exit(f"unknown transport {transport!r}: one of {', '.join(APPLICATIONS)}")
    uvicorn.run(
        APPLICATIONS[transport](),
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "8080")),
        timeout_graceful_shutdown=2,  # an open event stream would hold the Pod until it is killed
    )


if __name__ == "__main__":
    main(*sys.argv[1:2])
