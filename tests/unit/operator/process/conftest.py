# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.process.http_server import HttpServer
from mcp_operator.settings.operator_settings import ListenAddress


@pytest.fixture
def serve():
    """Start servers; they are closed when the test ends."""
    running = []

    def start(pages, host="127.0.0.1", **options):
        running.append(HttpServer(ListenAddress(host, 0), pages, **options))
        return running[-1].port

    yield start
    for server in running:
        server.close()
