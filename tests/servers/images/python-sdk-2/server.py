# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A unit converter on the official Python SDK, 2.x line: Streamable HTTP on /mcp, all revisions up to 2026-07-28.

PORT says where it listens (8080).
"""

from __future__ import annotations

import os

import uvicorn
from mcp.server.mcpserver import MCPServer

METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048, "mi": 1609.344}

server = MCPServer("unit-converter", version="1.0.0", instructions="Converts lengths and temperatures.")


@server.tool()
def convert_length(value: float, source: str, target: str) -> float:
    """Convert a length between the units that units://length lists."""
    for unit in (source, target):
        if unit not in METRES:
            raise ValueError(f"unknown unit {unit!r}, known: {', '.join(METRES)}")
    return value * METRES[source] / METRES[target]


@server.tool()
def celsius_to_fahrenheit(celsius: float) -> float:
    """Convert a temperature from degrees Celsius to degrees Fahrenheit."""
    return celsius * 9 / 5 + 32


@server.resource("units://length", mime_type="application/json")
def lengths() -> dict[str, float]:
    """The known units of length, each in metres."""
    return METRES


@server.prompt()
def convert_recipe(recipe: str) -> str:
    """Ask for a text's measures to be converted to metric ones."""
    return f"Convert every measure in this recipe to metric units with the tools:\n\n{recipe}"


def main() -> None:
    uvicorn.run(
        server.streamable_http_app(host="0.0.0.0"),
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "8080")),
        timeout_graceful_shutdown=2,  # an open event stream would hold the Pod until it is killed
    )


if __name__ == "__main__":
    main()
