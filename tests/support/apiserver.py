# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An API server that lists MCPServers and nothing else, for what a real one would not say or do."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = "/apis/mcp.mcp-operator.io/v1"


class ApiServer(http.server.ThreadingHTTPServer):
    """What it is going to answer, and what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.servers: list[dict[str, Any]] = []
        self.page_size = 500
        # Status and message of the answer to everything, instead of a list.
        self.refusal: tuple[int, str] | None = None
        # Seconds between two bytes of an answer.
        self.hesitation = 0.0
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: ApiServer

    def do_GET(self) -> None:
        api = self.server
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        api.asked.append((address.path.removeprefix(ROOT), query))
        api.tokens.append(self.headers.get("Authorization"))
        if api.refusal:
            status, message = api.refusal
            self._answer(status, {"kind": "Status", "message": message})
            return
        start = int(query.get("continue", 0))
        end = start + api.page_size
        more = {"continue": str(end)} if end < len(api.servers) else {}
        self._answer(200, {"kind": "MCPServerList", "metadata": more, "items": api.servers[start:end]})

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if not self.server.hesitation:
            self.wfile.write(data)
            return
        for byte in data:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return  # whoever asked has gone
            time.sleep(self.server.hesitation)

    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def api_server() -> Iterator[ApiServer]:
    """Let one answer while the block runs."""
    server = ApiServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mcpserver(name: str, namespace: str = "team-a", *, status: Any = None, **metadata: Any) -> dict[str, Any]:
    """Return an MCPServer as an API server lists it."""
    found: dict[str, Any] = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": "5f6c7d7e-0000-4000-8000-000000000000",
            "resourceVersion": "7",
            "generation": 1,
            "creationTimestamp": "2026-11-22T10:00:00Z",
            "managedFields": [{"manager": "kubectl", "operation": "Apply"}],
            **metadata,
        },
        "spec": {"image": "registry.example.com/server:1"},
    }
    return {**found, "status": status} if status is not None else found
