# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Metrics of runs. The label ``lane`` is the phase; its name is part of the metrics' interface."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from ..process.metrics import PREFIX
from ..runs.run_request import RunResult
from .queue_types import Batch

_LABELS = ("watch", "lane")
_SECONDS = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_OBJECTS = (1, 2, 5, 10, 20, 50, 100, 200)


class RunMetrics:
    """Registers and updates the metrics of runs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            f"{PREFIX}_run_duration_seconds",
            "Duration of runs, from start to result.",
            _LABELS,
            buckets=_SECONDS,
            registry=registry,
        )
        self._objects = Histogram(
            f"{PREFIX}_run_objects", "Objects in each run.", _LABELS, buckets=_OBJECTS, registry=registry
        )
        self._cpu = Counter(
            f"{PREFIX}_run_cpu_seconds_total", "CPU time of all processes of runs.", _LABELS, registry=registry
        )
        self._runs = Counter(
            f"{PREFIX}_runs_total", "Runs, by how they ended.", [*_LABELS, "ending"], registry=registry
        )
        self._results = Counter(
            f"{PREFIX}_run_results_total", "Objects in runs, by their result.", [*_LABELS, "outcome"], registry=registry
        )

    def record(self, batch: Batch, result: RunResult) -> None:
        """Record a finished run."""
        labels = (batch.watch, batch.phase.value)
        self._seconds.labels(*labels).observe(result.wall)
        self._objects.labels(*labels).observe(len(result.hosts))
        self._cpu.labels(*labels).inc(result.cpu)
        self._runs.labels(*labels, result.ending.value).inc()
        for host in result.hosts.values():
            self._results.labels(*labels, host.outcome.value).inc()
