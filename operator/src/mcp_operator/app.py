# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The composition root of the operator: creates its parts, and starts and stops them."""

from __future__ import annotations

import dataclasses
import functools
import logging
import os
import threading
import time
import typing as t

from prometheus_client import CollectorRegistry

from . import __version__
from ._vendor._kube.client import Client
from .cluster.elector import create_elector, operator_namespace
from .cluster.informers import Informers
from .cluster.leadership import Leadership
from .cluster.source import Source
from .cluster.store import Store
from .errors import SettingsInvalid
from .mcpserver_hooks import McpServerHooks, with_bridge_images, with_network_settings
from .namespace_modes import NamespaceModes
from .process import capacity
from .process.access_review import AccessReviewer
from .process.certificate import CertificateFiles, SelfSigned
from .process.endpoints import health_pages, metrics_page
from .process.health import Health
from .process.http_server import TLS_LIMITS, HttpServer, Page
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
from .workloads.sources import MCPSERVER, watched

_log = logging.getLogger(__name__)

# Seconds between two checks of the main thread whether to start, pause or end.
_TURN = 0.2
# Seconds that one turn of a loop may take before the process counts as hanging.
_HANGING = 120.0
# Seconds that the API server may take to review the token of a scrape.
_REVIEW_TIMEOUT = 4.0

# Exit code after another process has acquired the Lease.
LOST = 1


class Operator:
    """One process of the operator.

    :param content_version: the digest of the playbooks and roles.
    :param environment: additional environment variables of runs.
    """

    def __init__(
        self,
        settings: OperatorSettings,
        watches: t.Sequence[Watch],
        *,
        content_version: str,
        environment: t.Mapping[str, str],
        shutdown: Shutdown,
    ) -> None:
        self._settings = settings
        self._shutdown = shutdown
        self._registry = CollectorRegistry()
        metrics = ProcessMetrics(self._registry, __version__)
        options = {"kubeconfig": settings.kubeconfig, "context": settings.context}
        client = Client(options, observe=metrics.count_request)
        # A client of its own, so that reviews wait for no other requests.
        self._review_client = functools.partial(Client, options, timeout=_REVIEW_TIMEOUT, observe=metrics.count_request)
        watches = with_bridge_images(
            watches, {"inject": settings.bridge_inject_image, "package": settings.bridge_package_image}
        )
        network = settings.network_default
        watches = with_network_settings(watches, network, settings.network_settings, operator_namespace(settings))
        self._store = Store()
        self._informers = Informers(client, self._store, settings.watch_namespace, observe=metrics.count_watch)
        self._sources = [watched(watch) for watch in watches]
        dependents: dict[str, Watch] = {}
        for watch in watches:
            for child in watch.children:
                source = Source.of_child(watch, child)
                self._sources.append(source)
                dependents[source.id] = watch
        self._elector = create_elector(settings, options, metrics.count_request) if settings.leader_elect else None
        self._leadership = Leadership(self._elector, self, lambda: not self._informers.unready())
        self._status_controller = self._create_status_controller(watches, client)
        modes = NamespaceModes(self._store, network, str(MCPSERVER)) if network else None
        self._sources += [modes.SOURCE] if modes else []
        self._controller = Controller(
            watches,
            self._store,
            ObjectWriter(client, self._informers.discovery),
            dependents=dependents,
            settings=ControllerSettings(
                limits=QueueLimits(max_runs=settings.max_concurrent_runs or capacity.max_runs(capacity.cpus())),
                runs=RunSettings(root=settings.run_directory, timeout=settings.run_timeout, environment=environment),
                content_version=content_version,
                preload=settings.preload,
            ),
            hooks=McpServerHooks(RunMetrics(self._registry), self._status_controller, modes),
        )
        if modes is not None:
            modes.start(self._controller.enqueue)
        self._began = self._last_turn = time.monotonic()
        self._health = self._create_health()
        self._register_gauges()

    def run(self) -> int:
        """Run until shutdown is requested or another process leads; return the exit code of the process."""
        servers = self._listen()
        if self._elector is not None:
            threading.Thread(target=self._elector.run, name="election", daemon=True).start()
        for source in self._sources:
            self._informers.add(dataclasses.replace(source, owns=self._settings.shard.owns))
        code = self._loop()
        self._stop(code)
        for server in servers:
            server.close()
        _log.info("The operator has ended")
        return code

    # --- tasks of the leader, see LeaderTasks ---

    def on_elected(self) -> None:
        """Let the informers reconnect without a delay, since the API server is reachable."""
        self._informers.retry_now()

    def start(self) -> None:
        """Start the controllers."""
        self._controller.start()
        if self._status_controller is not None:
            self._status_controller.start()
        seconds = time.monotonic() - self._began
        _log.info("Reconciliation starts", extra={"objects": len(self._store), "seconds": seconds})

    def pause(self) -> None:
        """Cancel all runs. The status controller checks by itself whether it may write."""
        self._controller.pause()

    def resume(self) -> None:
        """Start runs again, and write the statuses that were dropped meanwhile."""
        self._controller.resume()
        if self._status_controller is not None:
            self._status_controller.resync()

    # --- parts ---

    def _create_status_controller(self, watches: t.Sequence[Watch], client: Client) -> StatusController | None:
        """Return the controller of MCPServers' statuses; None if they are not watched."""
        watch = StatusController.watch_of(watches)
        if watch is None:
            return None
        metrics = ValidationMetrics(self._registry)
        FleetMetrics(self._store, watch.id, lambda: self._leadership.leading, self._registry)
        controller = StatusController(
            watch,
            self._store,
            client,
            may_write=lambda: self._leadership.leading,
            probes=ProbeSettings(
                self._settings.validation_image, metrics.record, namespace=operator_namespace(self._settings)
            ),
        )
        LastCheckMetrics(controller.checked, self._registry)
        self._sources += controller.sources
        return controller

    def _create_health(self) -> Health:
        health = Health()
        health.add_readiness_check("informers", self._informers.unready)
        health.add_liveness_check("informers", lambda: [f"{name} hangs" for name in self._informers.stalled()])
        health.add_heartbeat("main", lambda: self._last_turn, _HANGING)
        elector, status_controller = self._elector, self._status_controller
        if elector is not None:
            health.add_heartbeat("election", lambda: elector.last_turn, _HANGING)
        health.add_heartbeat("controller", self._while_started(lambda: self._controller.last_turn), _HANGING)
        if status_controller is not None:
            last_turn = self._while_started(lambda: status_controller.last_turn)
            health.add_heartbeat("status controller", last_turn, _HANGING)
        return health

    def _while_started(self, last_turn: t.Callable[[], float]) -> t.Callable[[], float | None]:
        """Return the heartbeat of a loop that runs from the start of the controllers to the shutdown."""
        return lambda: last_turn() if self._leadership.started and not self._shutdown.requested else None

    def _register_gauges(self) -> None:
        ids = [source.id for source in self._sources]
        identity = self._elector.identity if self._elector is not None else ""
        for gauge in (
            CallbackGauge(
                "store_objects",
                "Objects in the watch cache, by source.",
                "source",
                lambda: {name: len(self._store.keys(name)) for name in ids},
            ),
            CallbackGauge(
                "queue_depth",
                "Objects that are due and wait for a run, by lane (reconcile or finalize).",
                "lane",
                lambda: {phase.value: depth for phase, depth in self._controller.queue.depth().items()},
            ),
            CallbackGauge(
                "leading",
                "Whether this process leads (1) or not (0).",
                "identity",
                lambda: {identity: float(self._leadership.leading)},
            ),
        ):
            self._registry.register(gauge)

    def _listen(self) -> list[HttpServer]:
        health, metrics = self._settings.health_probe_bind_address, self._settings.metrics_bind_address
        pages: dict[ListenAddress, dict[str, Page]] = {}
        servers = []
        if health is not None:
            pages[health] = health_pages(self._health)
        if metrics is not None and self._settings.metrics_secure:
            servers.append(self._secure_metrics(metrics))
        elif metrics is not None:  # may be the same address
            pages[metrics] = {**pages.get(metrics, {}), "/metrics": metrics_page(self._registry)}
        return [*servers, *(HttpServer(address, page) for address, page in pages.items())]

    def _secure_metrics(self, address: ListenAddress) -> HttpServer:
        folder = self._settings.metrics_cert_path
        try:
            certificate = SelfSigned() if folder is None else CertificateFiles(folder)
        except OSError as exc:
            raise SettingsInvalid(f"--metrics-cert-path: {folder} has no usable tls.crt and tls.key: {exc}.") from None
        page = AccessReviewer(self._review_client()).protect(metrics_page(self._registry))
        return HttpServer(address, {"/metrics": page}, tls=certificate.context, limits=TLS_LIMITS)

    def _loop(self) -> int:
        while not self._shutdown.wait(_TURN):
            self._last_turn = time.monotonic()
            if self._leadership.superseded:
                _log.error("Another process has acquired the Lease; this process ends")
                return LOST
            self._leadership.update()
        return os.EX_OK

    def _stop(self, code: int) -> None:
        """Wait for running runs, release the Lease, and then stop the watches."""
        grace = 0.0 if code == LOST else self._settings.graceful_shutdown_timeout
        if self._leadership.started:
            _log.info("Ending", extra={"runs": self._controller.running(), "grace": grace})
            draining = threading.Thread(target=self._controller.stop, args=(grace,), name="drain", daemon=True)
            draining.start()
            while draining.is_alive():
                self._last_turn = time.monotonic()
                draining.join(_TURN)
                if not self._leadership.leading:
                    self._controller.stop(0.0)
            if self._status_controller is not None:
                self._status_controller.stop()
        if self._elector is not None:
            self._elector.release()
        self._informers.stop()
