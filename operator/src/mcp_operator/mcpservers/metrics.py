# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the validations cost and how they end."""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Histogram

from ..process.metrics import PREFIX
from .dialling import Answer

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

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count a validation."""
        self._seconds.labels(_RESULTS[answer["compliant"]]).observe(seconds)
        for code in {issue["code"] for issue in answer["issues"] if issue["level"] == "error"}:
            self._issues.labels(code).inc()
