# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Start the fake servers and print the address of each until interrupted."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from .fake_servers.all import FAKE_SERVERS
from .run import HOST, Zoo

with tempfile.TemporaryDirectory() as folder, Zoo(FAKE_SERVERS, Path(folder)) as zoo:
    for fake_server in FAKE_SERVERS:
        scheme = fake_server.target.get("scheme", "http")
        print(f"{fake_server.name:40} {scheme}://{HOST}:{zoo.ports[fake_server.name]}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
