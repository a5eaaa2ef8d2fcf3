# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Metrics about validations: how long they take, how they end, and when each server was last validated."""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..cluster.store import Key
from ..process.metrics import PREFIX
from .http_probe import Answer
from .probe_scheduler import LastCheck

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_RESULTS: dict[t.Any, str] = {True: "passed", False: "failed", None: "auth_required"}


class ValidationMetrics:
    """Counts the probes that this process makes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            f"{PREFIX}_validation_duration_seconds",
            "Duration of the validation of a Pod in seconds, by result.",
            ["result"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._issues = Counter(
            f"{PREFIX}_validation_issues_total",
            "Number of validations that found an error, by the code of the error.",
            ["code"],
            registry=registry,
        )

    def record(self, answer: Answer, seconds: float) -> None:
        """Record a validation.

        :param seconds: how long it took.
        """
        self._seconds.labels(_RESULTS[answer["compliant"]]).observe(seconds)
        for code in {issue["code"] for issue in answer["issues"] if issue["level"] == "error"}:
            self._issues.labels(code).inc()


class LastCheckMetrics(Collector):
    """Exports when each server was last validated completely, which its status does not show while it passes.

    :param checked: returns the servers that pass and are validated periodically.
    """

    def __init__(self, checked: t.Callable[[], t.Mapping[Key, LastCheck]], registry: CollectorRegistry) -> None:
        self._checked = checked
        registry.register(self)

    @t.override
    def collect(self) -> t.Iterable[Metric]:
        labels = ["namespace", "name"]
        when = GaugeMetricFamily(
            "mcpserver_last_checked_timestamp_seconds",
            "When the server last passed a complete validation, or when the operator started, in epoch seconds.",
            labels=labels,
        )
        interval = GaugeMetricFamily(
            "mcpserver_revalidation_interval_seconds",
            "Interval between complete validations of the server in seconds.",
            labels=labels,
        )
        for key, found in self._checked().items():
            labels_of = [key.namespace, key.name]
            when.add_metric(labels_of, found.when)
            interval.add_metric(labels_of, found.interval)
        yield when
        yield interval
