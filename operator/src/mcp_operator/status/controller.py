# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps the statuses of all MCPServers up to date. No other part of the operator writes them."""

from __future__ import annotations

import logging
import typing as t

from .._vendor._kube.client import Client
from .._vendor._workload.names import OPERATOR_NAMESPACE, REVALIDATE_ANNOTATION
from .._vendor._workload.observation import GATE_HELD_REASONS
from .._vendor._workload.rollout import rollout
from ..clock import SYSTEM, Clock
from ..cluster.source import Source
from ..cluster.store import Key, Object, Store
from ..gates.breaker import CircuitBreaker
from ..gates.policy import GatePolicy
from ..gates.revision_history import RevisionMarker
from ..gates.writer import GateWriter, is_running
from ..rollouts.measurements import CanaryMeasurements
from ..rollouts.policy import CanaryPolicy
from ..runs.run_request import HostResult
from ..validation.access_reader import AccessReader
from ..validation.http_probe import Answer, probe
from ..validation.job_probe import ValidationJobs
from ..validation.kept_sessions import Opener, open_session
from ..validation.network_proof import NetworkProofs
from ..validation.offer_texts import OfferTexts, shown
from ..validation.probe_scheduler import LastCheck, ProbeScheduler
from ..validation.prober import Probe, Prober
from ..validation.reachability_checks import ReachabilityChecks
from ..watches.definition import Watch
from ..workloads.comparison import is_same
from ..workloads.last_change import manifest_change, revalidation_request
from ..workloads.lister import SourceIds, WorkloadLister
from ..workloads.sources import (
    MCPSERVER,
    canaries,
    certificates,
    deployments,
    jobs,
    network_policies,
    pods,
    replica_sets,
    rollouts,
)
from ..workqueue import Workers, WorkQueue
from .diagnosis import PodDiagnoser
from .event_recorder import EventRecorder
from .events import Event, events, revalidation, warning
from .last_run import LastRuns
from .observer import Observer, RolloutParts
from .policy_diagnosis import PolicyDiagnoser
from .publisher import Status, StatusPublisher
from .validation_status import NetworkChecks, ValidationStatusComputer

_log = logging.getLogger(__name__)

# Events that are logged, too: they are about what the operator did.
_LOGGED = frozenset({"RolledBack", "RevalidationRequested", *GATE_HELD_REASONS})
# Seconds by which each server in an intermediate status delays an observation, and the longest delay: a server that
# starts changes in bursts, and each burst is observed once.
_SHARE, _LONGEST = 0.004, 0.1
# The same for changes that complete nothing: they are observed together with those that follow.
_MINOR_SHARE, _MINOR_LONGEST = 0.01, 0.5
# Seconds after which a request that the API server rejected is tried again.
_RETRY = 1.0
# Seconds that shutting down waits for the observation that is under way.
_SHUTDOWN = 5.0

# Called with the result of each probe of a Pod, and how many seconds it took.
OnResult = t.Callable[[Answer, float], None]


def _ignore(_answer: Answer, _seconds: float) -> None:
    pass


class ProbeSettings(t.NamedTuple):
    """How Pods are validated.

    :param job_image: the image of validation Jobs.
    :param on_result: is called with the result of each probe that this process makes.
    :param namespace: of the operator.
    :param probe: makes one probe.
    :param opener: makes one whose session stays open.
    """

    job_image: str = ""
    on_result: OnResult = _ignore
    namespace: str = OPERATOR_NAMESPACE
    probe: Probe = probe
    opener: Opener = open_session


class StatusController:
    """Observes MCPServers and their workloads, from `start` to `stop`.

    :param watch: the watch of the MCPServers.
    :param may_write: whether this process may still write.
    """

    def __init__(
        self,
        watch: Watch,
        store: Store,
        client: Client,
        *,
        may_write: t.Callable[[], bool],
        probes: ProbeSettings | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        probes = probes or ProbeSettings()
        self._servers = watch.id
        self._store = store
        self._may_write = may_write
        self._on_result = probes.on_result
        sources = {
            "deployments": deployments(watch),
            "replica_sets": replica_sets(),
            "pods": pods(),
            "jobs": jobs(),
            "network_policies": network_policies(watch),
            "certificates": certificates(watch),
            "rollouts": rollouts(watch),
            "canaries": canaries(watch),
        }
        self.sources: tuple[Source, ...] = tuple(sources.values())
        self._pods, self._deployments = sources["pods"].id, sources["deployments"].id
        self._validation_jobs = sources["jobs"].id
        ids = SourceIds(servers=watch.id, **{name: source.id for name, source in sources.items()})
        self._lister = WorkloadLister(store, ids)
        self._last_runs = LastRuns()
        self._recorder = EventRecorder(client, clock)
        self._publisher = StatusPublisher(client, may_write, self._handle_written, clock)
        prober = Prober(probes.probe, probes.opener, clock=clock)
        self._scheduler = ProbeScheduler(prober, self._handle_result, clock=clock)
        self._diagnoser = PodDiagnoser(client, self._enqueue, clock)
        self._jobs = ValidationJobs(client, self._lister, probes.job_image, self._enqueue, clock)
        self._gate_writer = GateWriter(client, may_write, lambda key: self.queue.add_after(key, _RETRY), clock)
        self._gate_policy = GatePolicy(self._gate_writer, CircuitBreaker(clock.now))
        self._revision_marker = RevisionMarker(client)
        self._texts = OfferTexts()
        self._credentials = AccessReader(client, self._enqueue, self._texts, clock)
        self._policies = PolicyDiagnoser(client, probes.namespace, self._enqueue, clock)
        self._proofs = NetworkProofs(client, self._lister, probes.job_image, self._enqueue, clock)
        self._gateways = ReachabilityChecks(client, self._enqueue, clock)
        network = NetworkChecks(self._policies, self._proofs, self._gateways)
        verdicts = ValidationStatusComputer(
            self._scheduler, prober, self._jobs, self._credentials, self._texts, network
        )
        self._measurements = CanaryMeasurements(self._enqueue, clock)
        parts = RolloutParts(self._revision_marker, CanaryPolicy(self._measurements))
        self._observer = Observer(
            self._lister, self._last_runs, verdicts, self._diagnoser, self._gate_policy, parts, clock
        )
        self.queue = WorkQueue[Key](flow=lambda key: key.namespace, clock=clock)
        # One thread: the parts that it calls are not thread-safe.
        self._workers = Workers("status-controller", self.queue, self._update_status, clock=clock)
        self._unsubscribe: t.Callable[[], None] | None = None

    @staticmethod
    def watch_of(watches: t.Iterable[Watch]) -> Watch | None:
        """Return the watch of MCPServers; None if there is none, or if the playbook writes their status."""
        return next((watch for watch in watches if watch.gvk == MCPSERVER and not watch.manage_status), None)

    @property
    def last_turn(self) -> float:
        """When the loop that has been stuck for the longest time last turned, in monotonic seconds."""
        parts = (
            self._workers,
            self._recorder,
            self._publisher,
            self._scheduler,
            self._credentials,
            self._gate_writer,
        )
        return min(part.last_turn for part in parts)

    def start(self) -> None:
        """Start with all MCPServers in the store."""
        self._unsubscribe = self._store.subscribe(self._handle_change)
        self.resync()
        parts = (self._recorder, self._publisher, self._gate_writer, self._credentials, self._scheduler, self._workers)
        for part in parts:
            part.start()

    def resync(self) -> None:
        """Observe all MCPServers now, for example when this process leads again."""
        for key in self._lister.servers():
            self.queue.add(key)

    def stop(self) -> None:
        """Write what is known of the last runs, and stop observing, probing and writing."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        unwritten = self._last_runs.unwritten() if self._may_write() else []
        for key in unwritten:
            self.queue.add(key)
        self.queue.shut_down(drain=bool(unwritten))
        self._workers.join(_SHUTDOWN)
        self.queue.shut_down()
        readers = (self._credentials, self._diagnoser, self._policies)
        for part in (self._scheduler, *readers, self._jobs, self._proofs, self._gateways, self._measurements):
            part.stop()
        for writer in (self._revision_marker, self._gate_writer, self._publisher, self._recorder):
            writer.stop()

    def record_run(self, key: Key, item: Object, result: HostResult, reconciliation: str = "") -> None:
        """Record how a run ended for an MCPServer.

        :param item: the MCPServer as it was when the run began.
        :param reconciliation: the record for its status; empty if it did not change.
        """
        self._last_runs.record(key, item, result, reconciliation)
        for text in self._last_runs.new_warnings(key, item, result):
            self._recorder.record(item, warning(text))
        self._enqueue(key)

    def checked(self) -> dict[Key, LastCheck]:
        """Return when each server that passes, and is validated periodically, was last validated completely."""
        return {**self._scheduler.checked(), **self._jobs.checked()}

    def _handle_change(self, key: Key, before: Object | None, after: Object | None) -> None:
        concerned = self._lister.concerned(key, t.cast("Object", after or before))
        if concerned is None:
            return
        if after is not None and key.watch == self._pods:
            self._gate_policy.close_stale_gate(concerned, after)
        if before is not None and after is not None and key == concerned and self._may_write():
            request = _request(after)
            if request and request != _request(before):
                self._record(after, revalidation(revalidation_request(after)))
        # Otherwise it is what is left of an MCPServer that is gone, and was forgotten when it went.
        is_left = key != concerned and self._lister.server(concerned) is None
        if not is_left and not (before and after and is_same(before, after)):
            self._enqueue(concerned, minor=self._is_minor(key, before, after))

    def _handle_result(self, key: Key, answer: Answer, seconds: float) -> None:
        self._on_result(answer, seconds)
        self._enqueue(key)

    def _handle_written(self, server: Object, before: Status, after: Status) -> None:
        key = Key(self._servers, server["metadata"]["namespace"], server["metadata"]["name"])
        self._last_runs.written(key, server, after)
        for event in events(
            before, after, manifest_change(server), lambda old, new: shown(self._texts.changes(key, old, new))
        ):
            self._record(server, event)

    def _record(self, server: Object, event: Event) -> None:
        self._recorder.record(server, event)
        if event.reason in _LOGGED:
            meta = server["metadata"]
            _log.info("MCPServer %s/%s: %s: %s", meta["namespace"], meta["name"], event.reason, event.note)

    def _enqueue(self, key: Key, *, minor: bool = False) -> None:
        share, longest = (_MINOR_SHARE, _MINOR_LONGEST) if minor else (_SHARE, _LONGEST)
        self.queue.add_after(key, min(longest, share * (self._publisher.unsettled - 1)))

    def _is_minor(self, key: Key, before: Object | None, after: Object | None) -> bool:
        """Tell whether a change neither starts a validation nor completes a rollout, and is not the end of a server."""
        if after is None:
            return key.watch != self._servers
        if key.watch == self._pods:
            return not is_running(after)
        if key.watch == self._deployments:
            return before is not None and rollout(before).available == rollout(after).available
        return key.watch != self._validation_jobs

    def _update_status(self, key: Key) -> None:
        try:
            self._observe(key)
        except Exception:
            # The next validation and the deadlines of a server are scheduled by its observations.
            self.queue.add_rate_limited(key)
            raise
        self.queue.forget(key)

    def _observe(self, key: Key) -> None:
        # This observation tells when the next one is needed. It includes the changes that wait to be collected.
        self.queue.cancel_delay(key)
        found = self._lister.server(key)
        if found is None:
            self._observer.forget(key)
            self._publisher.remove(key)
            return
        server = self._publisher.with_latest_status(key, found)
        observed = self._observer.observe(key, server)
        if observed.status is not None:
            self._publisher.request_update(key, server, observed.status, settled=observed.settled)
        if observed.again is not None:
            self.queue.add_after(key, observed.again)


def _request(server: Object) -> str:
    return str((server["metadata"].get("annotations") or {}).get(REVALIDATE_ANNOTATION) or "")
