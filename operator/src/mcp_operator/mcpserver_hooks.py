# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the generic controller has to know about MCPServers."""

from __future__ import annotations

import dataclasses
import typing as t

from ._vendor._workload import config, gate
from ._vendor._workload.server import found_sticky
from .cluster.store import Key, Object
from .reconcile.annotations import period_warnings
from .reconcile.hooks import DefaultHooks
from .reconcile.queue_types import Batch
from .reconcile.run_metrics import RunMetrics
from .runs.run_request import HostResult, RunResult
from .status.controller import StatusController
from .watches.definition import Watch
from .workloads.sources import MCPSERVER

_BRIDGE_IMAGES = "mcpserver_bridge_images"


def with_bridge_images(watches: t.Iterable[Watch], images: t.Mapping[str, str]) -> list[Watch]:
    """Return the watches, with the role's variable for the images of the stdio bridge in that of MCPServers.

    As a variable of the watch it reaches every run, and a change of it reconciles every MCPServer. A value in
    ``watches.yaml`` takes precedence.

    :param images: ``inject`` and ``package``; empty for the default of the role.
    """
    given = {shape: image for shape, image in images.items() if image}
    if not given:
        return list(watches)
    variables = {_BRIDGE_IMAGES: given}
    return [
        dataclasses.replace(watch, vars={**variables, **watch.vars}) if watch.gvk == MCPSERVER else watch
        for watch in watches
    ]


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
        """Pass the result of an MCPServer's run on to its status, with warnings about its annotations."""
        if self._status_controller is None or watch.gvk != MCPSERVER:
            return
        found = period_warnings(item)
        if found:
            data = {**result.data, "warnings": [*(result.data.get("warnings") or []), *found]}
            result = dataclasses.replace(result, data=data)
        self._status_controller.record_run(key, item, result)

    @t.override
    def on_run_finished(self, batch: Batch, result: RunResult) -> None:
        """Update the metrics of runs."""
        self._metrics.record(batch, result)
