# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The numbers that the process tells about itself. Every label has few values: never a URL, never an error's text."""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

PREFIX = "mcp_operator"


class ProcessMetrics:
    """What the parts that watch and elect tell."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        # They would double every counter's series, for a number that nobody looks at.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library left it untyped
        build = Gauge(f"{PREFIX}_build_info", "Is 1; the label says the version.", ["version"], registry=registry)
        build.labels(version).set(1)
        self._requests = Counter(
            f"{PREFIX}_api_requests_total",
            "Calls to the API server by method and status; status 0 means that there was no answer.",
            ["method", "code"],
            registry=registry,
        )
        self._watches = Counter(
            f"{PREFIX}_watch_total",
            "Lists and watches that were begun, and how often a watch expired (410) or failed, by source.",
            ["source", "what"],
            registry=registry,
        )

    def answered(self, method: str, status: int) -> None:
        """Count an answer of the API server's."""
        self._requests.labels(method, str(status)).inc()

    def watched(self, source: str, what: str) -> None:
        """Count what a watch does."""
        self._watches.labels(source, what).inc()


class CallbackGauge(Collector):
    """A gauge whose values are asked for when somebody wants to know them.

    :param values: the label's values and the numbers.
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
