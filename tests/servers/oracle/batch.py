# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an official Python client sees of servers: batch.py describe|describe_2 SECONDS < targets > answers.

Standard input is a JSON list of {url, transport}; standard output a list of what was seen, or of {error}.
"""

# Both are in the oracle's environments only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import anyio


def main(module: str, seconds: str) -> None:
    describe = importlib.import_module(module).describe

    async def bounded(target: dict[str, str]) -> dict[str, Any]:
        with anyio.fail_after(float(seconds)):
            return dict(await describe(**target))

    answers = []
    for target in json.load(sys.stdin):
        try:
            answers.append(anyio.run(bounded, target))
        except Exception as error:  # whatever the SDK raises is the answer: this server cannot be used
            answers.append({"error": repr(error)})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
