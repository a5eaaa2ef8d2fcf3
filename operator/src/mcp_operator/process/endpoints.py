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
PageResponse = tuple[HTTPStatus, str, bytes]
Page = t.Callable[[], PageResponse]

_TEXT = "text/plain; charset=utf-8"


class Endpoints:
    """One HTTP server.

    :param pages: functions that return the response, by path.
    :raises OSError: it cannot listen on the address.
    """

    def __init__(self, address: ListenAddress, pages: t.Mapping[str, Page]) -> None:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._server = _server_class(family)((address.host, address.port), _handler_class(pages))
        self._thread = threading.Thread(target=self._server.serve_forever, name="endpoints", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port of the server."""
        port: int = self._server.server_address[1]
        return port

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def health_pages(health: Health) -> dict[str, Page]:
    """Return the pages for probes of the kubelet."""
    return {
        "/healthz": lambda: _health_response(health.liveness_failures()),
        "/readyz": lambda: _health_response(health.readiness_failures()),
    }


def metrics_page(registry: CollectorRegistry) -> dict[str, Page]:
    """Return the page for scrapes of Prometheus."""
    return {"/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry))}


def _health_response(failures: t.Sequence[str]) -> PageResponse:
    if failures:
        return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, "".join(f"{failure}\n" for failure in failures).encode()
    return HTTPStatus.OK, _TEXT, b"ok\n"


def _server_class(family: socket.AddressFamily) -> type[http.server.ThreadingHTTPServer]:
    class Server(http.server.ThreadingHTTPServer):
        address_family = family
        daemon_threads = True

    return Server


def _handler_class(pages: t.Mapping[str, Page]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        # Seconds within which a client has to send its request.
        timeout = 5.0
        server_version = "mcp-operator"
        sys_version = ""

        def do_GET(self) -> None:
            """Respond with a page."""
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
