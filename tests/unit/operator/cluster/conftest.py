# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An API server that answers what a test tells it, and a reflector in front of it."""

from __future__ import annotations

import collections
import http.server
import json
import queue
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from mcp_operator._vendor._kube.client import Client
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.reflector import Reflector, ReflectorTiming
from mcp_operator.cluster.source import Resource, Source
from mcp_operator.cluster.store import Store
from mcp_operator.watches.definition import GroupVersionKind

GVK = GroupVersionKind("acme.example.com", "v1", "Toy")
HERE = Resource(gvk=GVK, plural="toys", namespaced=True)
SOON = ReflectorTiming(silence=5.0, page=5.0, backoff=Backoff(first=0.001, most=0.002), limit=2)
END = object()


def until(check: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for what another thread is about to do."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.001)


def toy(name: str, version: int, namespace: str = "a", **more: object) -> dict[str, object]:
    metadata = {"name": name, "namespace": namespace, "resourceVersion": str(version), **more}
    return {"apiVersion": "acme.example.com/v1", "kind": "Toy", "metadata": metadata, "spec": {"size": version}}


def event(kind: str, found: object) -> bytes:
    return json.dumps({"type": kind, "object": found}).encode() + b"\n"


def bookmark(version: int) -> bytes:
    return event("BOOKMARK", {"kind": "Toy", "metadata": {"resourceVersion": str(version)}})


class Api(http.server.ThreadingHTTPServer):
    """Lists and watches come from queues: what is not there yet is waited for, as an API server does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        # Each an object for the body, or (status, body, headers).
        self.lists: collections.deque[object] = collections.deque()
        # Each a list of bytes and END, or an answer as above.
        self.watches: queue.Queue[object] = queue.Queue()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.accepted: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def queries(self, *, watch: bool) -> list[dict[str, str]]:
        return [query for _path, query in self.asked if ("watch" in query) == watch]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the kernel holds each body back for 40 ms
    server: Api

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.server.asked.append((address.path, query))
        self.server.accepted.append(self.headers["Accept"])
        if "watch" not in query:
            answer = self.server.lists.popleft() if self.server.lists else {"metadata": {"resourceVersion": "1"}}
            self._answer(answer)
            return
        answer = self.server.watches.get()
        if isinstance(answer, list):
            self._stream(answer)
        else:
            self._answer(answer)

    def _answer(self, answer: object) -> None:
        status, body, headers = answer if isinstance(answer, tuple) else (200, answer, {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, parts: list[object]) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in parts:
            if part is END:
                self.wfile.write(b"0\r\n\r\n")
                return
            if isinstance(part, threading.Event):
                part.wait(10)
                continue
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.close_connection = True  # it breaks off in the middle

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def api():
    server = Api()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    for _ in range(20):  # whoever still waits for a watch
        server.watches.put((503, {}, {}))
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(api):
    made = Client({"host": api.url, "api_key": "s3cret"}, timeout=5.0)
    yield made
    made._pool.clear()


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def changes(store):
    """What listeners hear: (name, resourceVersion before, resourceVersion after)."""
    heard: list[tuple[str, str | None, str | None]] = []

    def version(value):
        return value and value["metadata"]["resourceVersion"]

    store.subscribe(lambda key, before, after: heard.append((key.name, version(before), version(after))))
    return heard


@pytest.fixture
def observed():
    return []


@pytest.fixture
def reflect(api, client, store, observed):
    """Start a reflector in a thread of its own."""
    running = []

    def start(source=None, namespace=None, timing=SOON):
        reflector = Reflector(
            source or Source(id="Toy", gvk=GVK),
            HERE,
            namespace,
            client=client,
            store=store,
            timing=timing,
            observe=lambda _source, what: observed.append(what),
        )
        thread = threading.Thread(target=reflector.run, daemon=True)
        thread.start()
        running.append((reflector, thread))
        return reflector

    yield start
    for reflector, thread in running:
        reflector.stop()
        api.watches.put((503, {}, {}))  # it may be waiting for headers
        thread.join(10)
        assert not thread.is_alive()
