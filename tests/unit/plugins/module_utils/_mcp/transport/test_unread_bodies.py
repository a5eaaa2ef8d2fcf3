# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that do not read the body of a POST that they refuse, such as those of Python's http.server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from zoo.servers import INFO


class Handler(BaseHTTPRequestHandler):
    """Serves MCP at one path. What is left of a refused request is the beginning of the next one."""

    protocol_version = "HTTP/1.1"
    path_of_mcp = "/"

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def respond(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.respond(405)

    def do_POST(self) -> None:
        if self.path != self.path_of_mcp:
            self.respond(404)
            return
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = {
            "initialize": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": INFO},
            "ping": {},
            "tools/list": {"tools": []},
        }
        if "id" not in message:
            self.respond(202)
        elif message["method"] in results:
            response = {"jsonrpc": "2.0", "id": message["id"], "result": results[message["method"]]}
            self.respond(200, json.dumps(response).encode())
        else:
            error = {"code": -32601, "message": "Method not found"}
            self.respond(200, json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error}).encode())


@pytest.fixture(params=["/", "/mcp/", "/api/mcp", "/v1/mcp"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    handler = type("At", (Handler,), {"path_of_mcp": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_the_path_is_found(port: int) -> None:
    report = validate(Target(host="127.0.0.1", port=port), Options(timeout=10))
    assert report.compliant is True, report.issues
    assert report.issues == ()
