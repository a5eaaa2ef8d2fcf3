# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the generic controller has to know about MCPServers."""

from __future__ import annotations

import typing as t

from ._vendor._workload import config, gate
from ._vendor._workload.server import found_sticky
from .cluster.store import Key, Object
from .reconcile.hooks import DefaultHooks
from .reconcile.queue_types import Batch
from .reconcile.run_metrics import RunMetrics
from .runs.run_request import HostResult, RunResult
from .status.controller import StatusController
from .watches.definition import Watch
from .workloads.sources import MCPSERVER


class McpServerHooks(DefaultHooks):
    """Hooks for MCPServers, and metrics of the runs of all kinds.

    :param status_controller: None if the operator does not write the status of MCPServers.
    """

    def __init__(self, metrics: RunMetrics, status_controller: StatusController | None = None) -> None:
        self._metrics = metrics
        self._status_controller = status_controller

    @t.override
    def fingerprint_inputs(self, watch: Watch, item: Object) -> t.Any:
        """Return what a run depends on in the status: the template to roll back to, and the session affinity."""
        if watch.gvk != MCPSERVER:
            return None
        template = gate.rollback(item)
        return [template, "sticky"] if found_sticky(item) else template

    @t.override
    def resync_period(self, watch: Watch, item: Object) -> float:
        """Return a period of at most a minute for MCPServers that hash ConfigMaps or Secrets.

        ConfigMaps and Secrets are not watched, so servers that hash them are reconciled periodically.
        """
        period = super().resync_period(watch, item)
        if watch.gvk != MCPSERVER or not config.hashed(item):
            return period
        return min(period, config.PERIOD) if period else config.PERIOD

    @t.override
    def on_result(self, watch: Watch, key: Key, item: Object, result: HostResult) -> None:
        """Pass the result of an MCPServer's run on to its status."""
        if self._status_controller is not None and watch.gvk == MCPSERVER:
            self._status_controller.record_run(key, item, result)

    @t.override
    def on_run_finished(self, batch: Batch, result: RunResult) -> None:
        """Update the metrics of runs."""
        self._metrics.record(batch, result)
