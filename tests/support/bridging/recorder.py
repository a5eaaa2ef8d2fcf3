# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An HTTP server behind the sidecar that records what reaches it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from ..http_server import serving


@dataclass
class Recorder:
    """What has reached the server: the head of each request as text, and its messages."""

    url: str
    heads: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def tools(self) -> list[str]:
        return [m["params"]["name"] for m in self.messages if m.get("method") == "tools/call"]


@contextmanager
def recorder() -> Iterator[Recorder]:
    """Run a server that answers every message with an empty result."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the kernel holds each body back for 40 ms

        def do_POST(self) -> None:
            found.heads.append(f"{self.requestline}\n{self.headers}")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            batch = body if isinstance(body, list) else [body]
            found.messages += batch
            answers = [{"jsonrpc": "2.0", "id": m["id"], "result": {}} for m in batch if "id" in m]
            data = json.dumps(answers if isinstance(body, list) else answers[0]).encode() if answers else b""
            self.send_response(200 if answers else 202)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    with serving(Handler) as url:
        found = Recorder(url)
        yield found
