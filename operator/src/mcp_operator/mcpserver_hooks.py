# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the generic controller has to know about MCPServers."""

from __future__ import annotations

import dataclasses
import typing as t

from ._vendor._workload import canary, config, exposure, gate, managed, names, network
from ._vendor._workload.server import found_sticky
from .cluster.store import Key, Object
from .namespace_modes import NamespaceModes
from .reconcile.annotations import period_warnings
from .reconcile.hooks import DefaultHooks
from .reconcile.queue_types import Batch
from .reconcile.run_metrics import RunMetrics
from .runs.run_request import HostResult, RunResult
from .status.controller import StatusController
from .watches.definition import Watch
from .workloads.sources import MCPSERVER

_BRIDGE_IMAGES = "mcpserver_bridge_images"
_NETWORK = "mcpserver_network"


def with_bridge_images(watches: t.Iterable[Watch], images: t.Mapping[str, str]) -> list[Watch]:
    """Return the watches, with the role's variable for the images of the stdio bridge in that of MCPServers.

    As a variable of the watch it reaches every run, and a change of it reconciles every MCPServer. A value in
    ``watches.yaml`` takes precedence.

    :param images: ``inject`` and ``package``; empty for the default of the role.
    """
    return _with_variable(watches, _BRIDGE_IMAGES, {shape: image for shape, image in images.items() if image})


def with_network_settings(
    watches: t.Iterable[Watch], default: str, settings: t.Mapping[str, t.Any], namespace: str
) -> list[Watch]:
    """Return the watches, with the role's variable for network policies as :func:`with_bridge_images`.

    :param default: the mode of MCPServers that set none; empty for the default of the role.
    :param settings: further settings.
    :param namespace: of the operator.
    """
    given = dict(settings)
    if default:
        given["default"] = default
    if namespace != names.OPERATOR_NAMESPACE:
        given["operator_namespace"] = namespace
    return _with_variable(watches, _NETWORK, given)


def _with_variable(watches: t.Iterable[Watch], name: str, value: t.Mapping[str, t.Any]) -> list[Watch]:
    if not value:
        return list(watches)
    return [
        dataclasses.replace(watch, vars={name: value, **watch.vars}) if watch.gvk == MCPSERVER else watch
        for watch in watches
    ]


class McpServerHooks(DefaultHooks):
    """Hooks for MCPServers, and metrics of the runs of all kinds.

    :param status_controller: None if the operator does not write the status of MCPServers.
    :param modes: the modes of network policies of namespaces; None if there is no default.
    """

    def __init__(
        self,
        metrics: RunMetrics,
        status_controller: StatusController | None = None,
        modes: NamespaceModes | None = None,
    ) -> None:
        self._metrics = metrics
        self._status_controller = status_controller
        self._modes = modes

    @t.override
    def fingerprint_inputs(self, watch: Watch, item: Object) -> t.Any:
        """Return what a run depends on beside the spec.

        In the status, it is the template to roll back to, the session affinity, and what a route and a canary depend
        on; of the namespace, the mode of its network policies.
        """
        if watch.gvk != MCPSERVER:
            return None
        template = gate.rollback(item)
        found: t.Any = [template, "sticky"] if found_sticky(item) else template
        exposed = exposure.inputs(item)
        if exposed is not None:
            found = [found, exposed]
        tried = canary.inputs(item)
        if tried is not None:
            found = [found, tried]
        serving = managed.inputs(item)
        if serving is not None:
            found = [found, serving]
        if self._modes is None or not network.follows_default(item.get("spec") or {}):
            return found
        return [found, self._modes.of(item["metadata"]["namespace"])]

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
    def reconciliation(self, watch: Watch, item: Object) -> str:
        """Return the record in the status of an MCPServer; that in its annotation if an earlier version wrote it."""
        kept = self._status_controller is not None and watch.gvk == MCPSERVER
        found = (item.get("status") or {}).get(names.RECORD_FIELD) if kept else None
        return str(found or super().reconciliation(watch, item))

    @t.override
    def on_result(self, watch: Watch, key: Key, item: Object, result: HostResult, reconciliation: str) -> bool:
        """Pass the result of an MCPServer's run on to its status, with warnings about its annotations."""
        if self._status_controller is None or watch.gvk != MCPSERVER:
            return False
        found = period_warnings(item)
        if found:
            data = {**result.data, "warnings": [*(result.data.get("warnings") or []), *found]}
            result = dataclasses.replace(result, data=data)
        self._status_controller.record_run(key, item, result, reconciliation)
        return True

    @t.override
    def on_run_finished(self, batch: Batch, result: RunResult) -> None:
        """Update the metrics of runs."""
        self._metrics.record(batch, result)
