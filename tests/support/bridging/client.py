# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A client that shows what is on the wire: both transports, every message, and answers to a server's questions."""

from __future__ import annotations

import abc
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import requests

ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
VERSION = "2025-11-25"


class RefusedError(Exception):
    """The server answered with an HTTP status or a JSON-RPC error."""


def events(response: requests.Response) -> Iterator[tuple[str, str]]:
    """Return the events of a stream: type and data."""
    kind, data = "message", []
    for raw in response.iter_lines(chunk_size=1 << 16):
        line = raw.decode()
        if line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].strip())
        elif not line:
            # An event without data only primes the stream.
            if any(data):
                yield kind, "\n".join(data)
            kind, data = "message", []


class Client(abc.ABC):
    """What both transports share: ids, what was seen, and an answer to sampling/createMessage."""

    def __init__(self, base: str, timeout: float = 15.0) -> None:
        self.base = base
        self.timeout = timeout
        self.http = requests.Session()
        self.http.trust_env = False
        self.seen: list[dict[str, Any]] = []
        self.number = 0

    def open(self, capabilities: dict[str, Any] | None = None) -> dict[str, Any]:
        info = {"name": "probe-client", "version": "1"}
        params = {"protocolVersion": VERSION, "capabilities": capabilities or {}, "clientInfo": info}
        result = self.request("initialize", params)
        self.notify("notifications/initialized")
        return result

    def tool(self, name: str, arguments: dict[str, Any] | None = None, meta: dict[str, Any] | None = None) -> str:
        params = {"name": name, "arguments": arguments or {}, **({"_meta": meta} if meta else {})}
        result = self.request("tools/call", params)
        if result.get("isError"):
            raise RefusedError(result["content"][0]["text"])
        return str(result["content"][0]["text"])

    def request(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        self.number += 1
        message = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params or {}}
        reply = self.exchange(message)
        if "error" in reply:
            raise RefusedError(str(reply["error"]))
        return dict(reply["result"])

    def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        self.post({"jsonrpc": "2.0", "method": method, **({"params": params} if params else {})})

    def met(self, message: dict[str, Any]) -> None:
        """Take note of what is no response, and answer what is a question."""
        self.seen.append(message)
        if message.get("method") == "sampling/createMessage":
            content = {"type": "text", "text": "hello!"}
            result = {"role": "assistant", "content": content, "model": "none"}
            self.post({"jsonrpc": "2.0", "id": message["id"], "result": result})

    @abc.abstractmethod
    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its response."""

    @abc.abstractmethod
    def post(self, message: dict[str, Any]) -> None:
        """Send what has no response."""


class Streamable(Client):
    """Streamable HTTP."""

    def __init__(self, base: str, timeout: float = 15.0, path: str = "/mcp") -> None:
        super().__init__(base, timeout)
        self.url = base + path
        self.headers = dict(ACCEPT)
        self.tls: dict[str, Any] = {}  # options of requests: verify, cert

    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(message)
        options = {"headers": self.headers, "timeout": self.timeout, **self.tls}
        with self.http.post(self.url, body, stream=True, **options) as response:
            if response.status_code != 200:
                raise RefusedError(f"HTTP {response.status_code}: {response.text[:300]}")
            if "Mcp-Session-Id" in response.headers:
                self.headers["Mcp-Session-Id"] = response.headers["Mcp-Session-Id"]
            self.headers["MCP-Protocol-Version"] = VERSION
            if response.headers["Content-Type"].startswith("application/json"):
                return dict(response.json())
            for _kind, data in events(response):
                found = json.loads(data)
                if found.get("id") == message["id"] and "method" not in found:
                    return dict(found)
                self.met(found)
        raise RefusedError("the stream ended without a response")

    def post(self, message: dict[str, Any]) -> None:
        # A connection of its own: the one that asks is busy with its stream.
        options = {"headers": self.headers, "timeout": self.timeout, **self.tls}
        answer = requests.post(self.url, json.dumps(message), **options)
        if answer.status_code not in (200, 202, 204):
            raise RefusedError(f"HTTP {answer.status_code}: {answer.text[:300]}")

    def listen(self) -> None:
        """Open the stream for what the server says unasked."""
        headers = {**self.headers, "Accept": "text/event-stream"}
        response = self.http.get(self.url, headers=headers, stream=True, timeout=(5, 60))
        if response.status_code != 200:
            raise RefusedError(f"HTTP {response.status_code} to GET")

        def run() -> None:
            try:
                for _kind, data in events(response):
                    self.met(json.loads(data))
            except requests.RequestException:
                return

        threading.Thread(target=run, daemon=True).start()

    def close(self) -> int:
        return self.http.delete(self.url, headers=self.headers, timeout=self.timeout).status_code


class Sse(Client):
    """HTTP+SSE of 2024-11-05."""

    def __init__(self, base: str, timeout: float = 15.0, path: str = "/sse") -> None:
        super().__init__(base, timeout)
        self.endpoint: queue.Queue[str] = queue.Queue()
        self.replies: queue.Queue[dict[str, Any]] = queue.Queue()
        stream = self.http.get(base + path, headers={"Accept": "text/event-stream"}, stream=True, timeout=(5, 60))
        if stream.status_code != 200:
            raise RefusedError(f"HTTP {stream.status_code} to GET {path}")
        threading.Thread(target=self._run, args=(stream,), daemon=True).start()
        self.target = requests.compat.urljoin(base + path, self.endpoint.get(timeout=timeout))

    def _run(self, stream: requests.Response) -> None:
        try:
            for kind, data in events(stream):
                if kind == "endpoint":
                    self.endpoint.put(data)
                    continue
                message = json.loads(data)
                if "method" in message:
                    self.met(message)
                else:
                    self.replies.put(message)
        except requests.RequestException:
            return

    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        self.post(message)
        return self.replies.get(timeout=self.timeout)

    def post(self, message: dict[str, Any]) -> None:
        answer = requests.post(self.target, json.dumps(message), headers=ACCEPT, timeout=self.timeout)
        if answer.status_code not in (200, 202, 204):
            raise RefusedError(f"HTTP {answer.status_code}: {answer.text[:300]}")
