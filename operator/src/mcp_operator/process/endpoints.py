# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The pages of the process: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import threading
import time
import typing as t
from http import HTTPStatus

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from .health import Health
from .http_server import Page, Request, Response

# Seconds for which rendered metrics are served again.
_METRICS_AGE = 1.0
# So many times as long as their rendering took, they are served again at least. Rendering then takes at most a quarter
# of a CPU, whatever number of MCPServers and scrapes there is.
_METRICS_REST = 3.0


def health_pages(health: Health) -> dict[str, Page]:
    """Return the pages for probes of the kubelet."""
    return {
        "/healthz": lambda _request: _health_response(health.liveness_failures()),
        "/readyz": lambda _request: _health_response(health.readiness_failures()),
    }


def metrics_page(registry: CollectorRegistry, clock: t.Callable[[], float] = time.monotonic) -> Page:
    """Return the page for scrapes of Prometheus.

    :param clock: returns monotonic seconds.
    """
    return _Metrics(registry, clock).respond


def _health_response(failures: t.Sequence[str]) -> Response:
    if failures:
        return Response(HTTPStatus.SERVICE_UNAVAILABLE, "".join(f"{failure}\n" for failure in failures).encode())
    return Response(HTTPStatus.OK, b"ok\n")


class _Metrics:
    """Metrics in the format of Prometheus, which are rendered by one thread at a time and not for each request."""

    def __init__(self, registry: CollectorRegistry, clock: t.Callable[[], float]) -> None:
        self._registry = registry
        self._clock = clock
        self._lock = threading.Lock()
        self._rendered = b""
        self._fresh_until = float("-inf")

    def respond(self, _request: Request) -> Response:
        with self._lock:
            began = self._clock()
            if began >= self._fresh_until:
                self._rendered = generate_latest(self._registry)
                ended = self._clock()
                self._fresh_until = ended + max(_METRICS_AGE, _METRICS_REST * (ended - began))
            return Response(HTTPStatus.OK, self._rendered, CONTENT_TYPE_LATEST)
