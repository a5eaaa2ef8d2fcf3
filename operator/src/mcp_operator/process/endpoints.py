# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The process's HTTP endpoints: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import http.server
import logging
import socket
import threading
import typing as t
from http import HTTPStatus

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from ..settings.operator_settings import ListenAddress
from .health import Health

_log = logging.getLogger(__name__)

# Status, media type, body.
Answer = tuple[HTTPStatus, str, bytes]
Page = t.Callable[[], Answer]

_TEXT = "text/plain; charset=utf-8"


class Endpoints:
    """One HTTP server with a page a path.

    :raises OSError: the address cannot be listened on.
    """

    def __init__(self, address: ListenAddress, pages: t.Mapping[str, Page]) -> None:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._server = _server_class(family)((address.host, address.port), _handler_class(pages))
        self._thread = threading.Thread(target=self._server.serve_forever, name="endpoints", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        port: int = self._server.server_address[1]
        return port

    def close(self) -> None:
        """Do not listen any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def health_pages(health: Health) -> dict[str, Page]:
    """Return the pages that kubelets ask for."""
    return {
        "/healthz": lambda: _verdict(health.ailments()),
        "/readyz": lambda: _verdict(health.unready()),
    }


def metrics_page(registry: CollectorRegistry) -> dict[str, Page]:
    """Return the page that Prometheus asks for."""
    return {"/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry))}


def _verdict(troubles: t.Sequence[str]) -> Answer:
    if troubles:
        return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, "".join(f"{trouble}\n" for trouble in troubles).encode()
    return HTTPStatus.OK, _TEXT, b"ok\n"


def _server_class(family: socket.AddressFamily) -> type[http.server.ThreadingHTTPServer]:
    class Server(http.server.ThreadingHTTPServer):
        address_family = family
        daemon_threads = True

    return Server


def _handler_class(pages: t.Mapping[str, Page]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        # Whoever does not finish a request within so many seconds loses the connection.
        timeout = 5.0
        server_version = "mcp-operator"
        sys_version = ""

        def do_GET(self) -> None:
            """Answer."""
            page = pages.get(self.path.partition("?")[0])
            status, media_type, body = page() if page else (HTTPStatus.NOT_FOUND, _TEXT, b"not found\n")
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @t.override
        def log_message(self, *words: t.Any) -> None:
            _log.debug(*words)

    return Handler
