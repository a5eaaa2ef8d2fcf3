# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Published servers are started until they listen."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from imagebuilder.errors import BuildError
from oracle.servers import HOST, Running, Server

EXITS = "import pathlib, sys; path = pathlib.Path('started'); before = path.exists(); path.touch(); "
LISTENS = "import socket, time; server = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"


def test_a_server_that_exits_is_started_again(tmp_path: Path) -> None:
    server = Server("exits-once", (sys.executable, "-c", f"{EXITS}before or sys.exit('the port is in use'); {LISTENS}"))
    with Running([server], tmp_path) as running:
        port = int(running.url("exits-once").rpartition(":")[2].partition("/")[0])
        socket.create_connection((HOST, port), 1).close()


def test_a_server_that_always_exits_is_reported_with_its_log(tmp_path: Path) -> None:
    server = Server("exits", (sys.executable, "-c", "import sys; sys.exit('no such option')"))
    with pytest.raises(BuildError, match="no such option"), Running([server], tmp_path):
        pass
