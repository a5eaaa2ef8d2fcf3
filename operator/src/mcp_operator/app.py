# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator: everything that runs, put together, from its first list to its last run."""

from __future__ import annotations

import dataclasses
import logging
import os
import threading
import time
import typing as t

from prometheus_client import CollectorRegistry

from . import __version__
from ._vendor._kube.client import Client
from .cluster.election import elector_of
from .cluster.informers import Informers
from .cluster.source import Source
from .cluster.store import Store
from .mcpserver_hooks import McpServerHooks
from .process import capacity
from .process.endpoints import Endpoints, Page, health_pages, metrics_page
from .process.health import Health
from .process.metrics import CallbackGauge, ProcessMetrics
from .process.shutdown import Shutdown
from .reconcile.controller import Controller, ControllerSettings
from .reconcile.object_writer import ObjectWriter
from .reconcile.queue_types import QueueLimits
from .reconcile.run_metrics import RunMetrics
from .runs.run import RunSettings
from .settings.operator_settings import ListenAddress, OperatorSettings
from .status.controller import ProbeSettings, StatusController
from .status.fleet_metrics import FleetMetrics
from .validation.metrics import LastCheckMetrics, ValidationMetrics
from .watches.definition import Watch

_log = logging.getLogger(__name__)

# How often the main thread looks whether it leads and is to go on, seconds.
_TURN = 0.2
# A controller that has not turned for so many seconds hangs.
_HANGS = 120.0

LOST = 1


class Operator:
    """One process of the operator.

    :param content_version: what the playbooks and roles are.
    :param environment: that runs get on top of the operator's own.
    """

    def __init__(
        self,
        settings: OperatorSettings,
        watches: t.Sequence[Watch],
        *,
        content_version: str,
        environment: t.Mapping[str, str],
        stopping: Shutdown,
    ) -> None:
        self._settings = settings
        self._stopping = stopping
        self._health = Health()
        self._registry = CollectorRegistry()
        metrics = ProcessMetrics(self._registry, __version__)
        options = {"kubeconfig": settings.kubeconfig, "context": settings.context}
        client = Client(options, observe=metrics.answered)
        self._store = Store()
        self._informers = Informers(client, self._store, settings.watch_namespace, observe=metrics.watched)
        self._sources = [Source.of(watch) for watch in watches]
        dependents: dict[str, Watch] = {}
        for watch in watches:
            for child in watch.children:
                source = Source.of_child(watch, child)
                self._sources.append(source)
                dependents[source.id] = watch
        self._status_controller = self._observing(watches, client)
        self._controller = Controller(
            watches,
            self._store,
            ObjectWriter(client, self._informers.discovery),
            dependents=dependents,
            settings=ControllerSettings(
                limits=QueueLimits(max_runs=settings.max_concurrent_runs or capacity.slots(capacity.cpus())),
                runs=RunSettings(root=settings.run_directory, timeout=settings.run_timeout, environment=environment),
                content_version=content_version,
                preload=settings.preload,
            ),
            hooks=McpServerHooks(RunMetrics(self._registry), self._status_controller),
        )
        self._elector = elector_of(settings, options, metrics.answered) if settings.leader_elect else None
        self._started = False
        self._tell()

    def run(self) -> int:
        """Work until the end is asked for, or leading is lost; the process's exit code."""
        endpoints = self._listen()
        election = None
        if self._elector is not None:
            election = threading.Thread(target=self._elector.run, name="election", daemon=True)
            election.start()
        for source in self._sources:
            self._informers.add(dataclasses.replace(source, owns=self._settings.shard.owns))
        code = self._work()
        self._end(code)
        for one in endpoints:
            one.close()
        _log.info("The operator has ended")
        return code

    @property
    def leading(self) -> bool:
        """Whether this process may act."""
        return self._elector is None or self._elector.leading

    def _observing(self, watches: t.Sequence[Watch], client: Client) -> StatusController | None:
        """Return what observes MCPServers, where they are watched, and let it see what it needs to."""
        watch = StatusController.watch_of(watches)
        if watch is None:
            return None
        metrics = ValidationMetrics(self._registry)
        FleetMetrics(self._store, watch.id, lambda: self.leading, self._registry)
        controller = StatusController(
            watch,
            self._store,
            client,
            may_write=lambda: self.leading,
            probes=ProbeSettings(self._settings.validation_image, metrics.record),
        )
        LastCheckMetrics(controller.checked, self._registry)
        self._sources += controller.sources
        return controller

    def _listen(self) -> list[Endpoints]:
        health, metrics = self._settings.health_probe_bind_address, self._settings.metrics_bind_address
        pages: dict[ListenAddress, dict[str, Page]] = {}
        if health is not None:
            pages[health] = health_pages(self._health)
        if metrics is not None:  # it may be the same address
            pages[metrics] = {**pages.get(metrics, {}), **metrics_page(self._registry)}
        return [Endpoints(address, page) for address, page in pages.items()]

    def _work(self) -> int:
        began = time.monotonic()
        while not self._stopping.wait(_TURN):
            if self._started:
                if not self.leading:
                    _log.error("This operator does not lead any more: it ends, and its runs with it")
                    return LOST
            elif self.leading and not self._informers.unready():
                self._started = True
                self._controller.start()
                if self._status_controller is not None:
                    self._status_controller.start()
                _log.info(
                    "Reconciling begins", extra={"objects": len(self._store), "seconds": time.monotonic() - began}
                )
        return os.EX_OK

    def _end(self, code: int) -> None:
        """Let runs end, hand the Lease over, and only then stop to watch."""
        grace = 0.0 if code == LOST else self._settings.graceful_shutdown_timeout
        if self._started:
            _log.info("Ending", extra={"runs": self._controller.running(), "grace": grace})
            draining = threading.Thread(target=self._controller.stop, args=(grace,), name="drain", daemon=True)
            draining.start()
            while draining.is_alive():
                draining.join(_TURN)
                if not self.leading:
                    self._controller.stop(0.0)
        if self._started and self._status_controller is not None:
            self._status_controller.stop()
        if self._elector is not None:
            self._elector.release()
        self._informers.stop()

    def _tell(self) -> None:
        self._health.alive_if("watches", lambda: [f"{name} does not turn" for name in self._informers.stalled()])
        self._health.alive_if("controller", self._hanging)
        self._health.ready_if("store", self._informers.unready)
        ids = [source.id for source in self._sources]
        for measured in (
            CallbackGauge(
                "store_objects",
                "Objects that are watched, by source.",
                "source",
                lambda: {name: len(self._store.keys(name)) for name in ids},
            ),
            CallbackGauge(
                "queue_depth",
                "Objects that wait for a run, by lane.",
                "lane",
                lambda: {phase.value: depth for phase, depth in self._controller.queue.depth().items()},
            ),
            CallbackGauge(
                "leading", "Is 1 while this process may act.", "identity", lambda: {self._name(): float(self.leading)}
            ),
        ):
            self._registry.register(measured)

    def _name(self) -> str:
        return self._elector.identity if self._elector is not None else ""

    def _hanging(self) -> list[str]:
        if self._started and not self._stopping.asked and time.monotonic() - self._controller.last_turn > _HANGS:
            return ["does not turn"]
        return []
