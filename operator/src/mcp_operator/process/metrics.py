# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Metrics of the process. Every label has few values: never a URL or the text of an error."""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

PREFIX = "mcp_operator"


class ProcessMetrics:
    """Metrics of API requests and watches."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        # The _created series would double the number of series of counters.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library left it untyped
        build = Gauge(f"{PREFIX}_build_info", "Always 1; the label is the version.", ["version"], registry=registry)
        build.labels(version).set(1)
        self._requests = Counter(
            f"{PREFIX}_api_requests_total",
            "Requests to the API server by method and HTTP status code; 0 means that there was no response.",
            ["method", "code"],
            registry=registry,
        )
        self._watches = Counter(
            f"{PREFIX}_watch_total",
            "Lists and watches that were started, and watches that expired (410) or failed, by source.",
            ["source", "what"],
            registry=registry,
        )

    def count_request(self, method: str, status: int) -> None:
        """Count a request to the API server."""
        self._requests.labels(method, str(status)).inc()

    def count_watch(self, source: str, activity: str) -> None:
        """Count a list, a watch, or a failure of one."""
        self._watches.labels(source, activity).inc()


class CallbackGauge(Collector):
    """A gauge whose values are computed at each scrape.

    :param values: returns the values by the value of the label.
    """

    def __init__(self, name: str, text: str, label: str, values: t.Callable[[], t.Mapping[str, float]]) -> None:
        self._name = f"{PREFIX}_{name}"
        self._text = text
        self._label = label
        self._values = values

    @t.override
    def collect(self) -> t.Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._text, labels=[self._label])
        for value, number in self._values().items():
            family.add_metric([value], number)
        yield family
