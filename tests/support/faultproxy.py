# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A proxy in front of the API server that answers badly, slowly or not at all when it is told to."""

from __future__ import annotations

import contextlib
import http.server
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from urllib3.exceptions import HTTPError


class FaultProxy(http.server.ThreadingHTTPServer):
    """Plain HTTP on loopback; the API server behind it sees the kubeconfig's user."""

    daemon_threads = True

    def __init__(self, kubeconfig: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = Client({"kubeconfig": kubeconfig})
        # Statuses, of which chance gives one to that part of the requests; 0 breaks the connection off.
        self.storm: tuple[int, ...] = ()
        self.part = 0.0
        # Seconds before an answer begins, and between its pieces.
        self.delay = 0.0
        self.drip = 0.0
        # Nothing gets through, and nothing is said either.
        self.silent = False
        self.requests: list[str] = []
        self.chance = random.Random(7)
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def cut(self) -> None:
        """Break off every connection that there is."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def wait_while_silent(self) -> None:
        while self.silent:
            time.sleep(0.02)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the kernel holds each body back for 40 ms
    server: FaultProxy

    def setup(self) -> None:
        super().setup()
        self.server._open.add(self.connection)

    def finish(self) -> None:
        self.server._open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def _pass_on(self) -> None:
        proxy = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.requests.append(f"{self.command} {self.path}")
        proxy.wait_while_silent()
        time.sleep(proxy.delay)
        if proxy.storm and proxy.chance.random() < proxy.part:
            self._refuse(proxy.chance.choice(proxy.storm))
            return
        try:
            self._forward(body)
        except (HTTPError, OSError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the standard library's names

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        if status == 0:
            return
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()

    def _forward(self, body: bytes) -> None:
        upstream = self.server.upstream
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type") if self.headers[name]}
        response = upstream._pool.request(
            self.command,
            upstream.configuration.host + self.path,
            body=body or None,
            headers=headers,
            preload_content=False,
            retries=False,
            timeout=urllib3.Timeout(connect=2, read=600),
        )
        try:
            self.send_response(response.status)
            self.send_header("Content-Type", response.headers.get("Content-Type", ""))
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in response.stream(4096):
                self.server.wait_while_silent()
                time.sleep(self.server.drip)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        finally:
            response.close()

    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def fault_proxy(kubeconfig: str) -> Iterator[FaultProxy]:
    """Let one answer while the block runs."""
    proxy = FaultProxy(kubeconfig)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.silent = False
        proxy.cut()
        proxy.shutdown()
        proxy.server_close()
        thread.join()
