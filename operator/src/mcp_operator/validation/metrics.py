# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the validations cost and how they end."""

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
    """Is told of each answer of a Pod's."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            f"{PREFIX}_validation_duration_seconds",
            "Time of the validation of a Pod, by how it ended.",
            ["result"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._issues = Counter(
            f"{PREFIX}_validation_issues_total",
            "Errors that validations found, by their stable codes.",
            ["code"],
            registry=registry,
        )

    def record(self, answer: Answer, seconds: float) -> None:
        """Count a validation."""
        self._seconds.labels(_RESULTS[answer["compliant"]]).observe(seconds)
        for code in {issue["code"] for issue in answer["issues"] if issue["level"] == "error"}:
            self._issues.labels(code).inc()


class LastCheckMetrics(Collector):
    """When each server was last asked for everything: no status says it of one that goes on passing.

    :param checked: of those that pass and are asked again.
    """

    def __init__(self, checked: t.Callable[[], t.Mapping[Key, LastCheck]], registry: CollectorRegistry) -> None:
        self._checked = checked
        registry.register(self)

    @t.override
    def collect(self) -> t.Iterable[Metric]:
        labels = ["namespace", "name"]
        when = GaugeMetricFamily(
            "mcpserver_last_checked_timestamp_seconds",
            "When the server was last asked for everything and passed; at the earliest, when the operator began.",
            labels=labels,
        )
        interval = GaugeMetricFamily(
            "mcpserver_revalidation_interval_seconds", "How often that is to be.", labels=labels
        )
        for key, found in self._checked().items():
            who = [key.namespace, key.name]
            when.add_metric(who, found.when)
            interval.add_metric(who, found.interval)
        yield when
        yield interval
