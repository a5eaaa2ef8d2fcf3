# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Open the zoo for visitors: print each specimen's address until interrupted."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from .run import HOST, Zoo
from .specimens.all import SPECIMENS

with tempfile.TemporaryDirectory() as folder, Zoo(SPECIMENS, Path(folder)) as zoo:
    for specimen in SPECIMENS:
        scheme = specimen.target.get("scheme", "http")
        print(f"{specimen.name:40} {scheme}://{HOST}:{zoo.ports[specimen.name]}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
