# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an official Python client sees of servers: batch.py describe|describe_2 SECONDS < targets > answers.

Each line of standard input is a JSON list of {url, transport, call, headers}; each line of standard output a list of
what was seen, or of {error}.
"""

# Both are in the oracle's environments only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import concurrent.futures
import importlib
import json
import sys
from typing import Any

import anyio

AT_ONCE = 16  # most of the time is waiting


def causes(error: BaseException) -> str:
    """Name the causes: the SDK wraps them in groups of groups."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(causes(inner) for inner in error.exceptions))
    return repr(error)


def main(module: str, seconds: str) -> None:
    describe = importlib.import_module(module).describe

    async def bounded(target: dict[str, Any]) -> dict[str, Any]:
        with anyio.fail_after(float(seconds)):
            return dict(await describe(**target))

    def answer(target: dict[str, Any]) -> dict[str, Any]:
        try:
            return dict(anyio.run(bounded, target))
        except Exception as error:  # whatever the SDK raises is the answer: this server cannot be used
            return {"error": causes(error)}

    with concurrent.futures.ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for line in sys.stdin:
            print(json.dumps(list(pool.map(answer, json.loads(line)))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
