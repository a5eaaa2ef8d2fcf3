# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long the official Python client takes for a handshake and all lists: official_client.py URL TRANSPORT RUNS.

Runs in the oracle's environment; prints the milliseconds of each run as JSON.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
import time

import anyio
from describe import describe


async def main(url: str, transport: str, runs: str) -> None:
    walls = []
    for _number in range(int(runs)):
        start = time.perf_counter()
        await describe(url, transport)
        walls.append((time.perf_counter() - start) * 1000)
    print(json.dumps(walls))


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
