# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Schedules the probes of Pods and keeps their results.

Every container is probed once, again after a failure, and periodically where its manifest says so. First probes go
before repeated ones, and repeated ones never use more than half of the workers: servers that accept every request and
never answer delay each other, but not the servers that are new. Probes of containers that are not ready yet count as
repeated ones. Only their success counts. Namespaces share the workers fairly, see :mod:`mcp_operator.fair_queue`.
"""

from __future__ import annotations

import logging
import random
import threading
import typing as t

from .._vendor._engine.pod_probe import (
    ends_with_session,
    has_new_issue,
    is_transient,
    may_still_start,
    says_list_changed,
)
from .._vendor._workload.validation_interval import SHORTEST
from ..backoff import Backoff
from ..clock import SYSTEM, Clock
from ..cluster.store import Key
from ..workloads.container_ref import ContainerRef, ProbeRequest
from ..workqueue import Workers, WorkQueue
from .http_probe import Answer
from .probe_entry import ProbeEntry, ProbeKey
from .prober import Prober

_log = logging.getLogger(__name__)

# A probe mostly waits for the network, so that many run on few CPUs. The servers of one namespace get 32 at most.
WORKERS = 40
# Delays after a failure that may pass by itself, and after one that takes a change of the server or its manifest.
_TRANSIENT = Backoff(first=1.0, most=60.0)
_PERMANENT = Backoff(first=30.0, most=600.0)
# Delays between probes of a container that is not ready yet.
_NOT_READY = Backoff(first=0.1, most=5.0)
# Seconds after which a server that has passed before is probed again after a failure, if its manifest says nothing.
_RETRY = 10.0
# Seconds that one probe may take at most: no manifest allows more for the start of a process and a validation.
_LONGEST = 180.0
# Priorities in the queue.
_FIRST, _REPEATED = 1, 0

# Called with the owner of the Pod, the result, and how many seconds it took.
OnResult = t.Callable[[Key, Answer, float], None]


class LastCheck(t.NamedTuple):
    """When a server that passes was last validated completely.

    :param when: seconds since the epoch; of several Pods, of the one for which it is longest ago.
    :param interval: how often it is to be validated, in seconds.
    """

    when: float
    interval: float


class ProbeScheduler:
    """Probes containers, from `start` to `stop`. Thread-safe.

    :param on_result: is called in a worker thread.
    :param workers: how many probes run at the same time.
    """

    def __init__(self, prober: Prober, on_result: OnResult, *, workers: int = WORKERS, clock: Clock = SYSTEM) -> None:
        self._prober = prober
        self._on_result = on_result
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[ContainerRef, ProbeEntry] = {}
        self._owned: dict[Key, dict[ContainerRef, None]] = {}
        self._running = 0
        self.queue = WorkQueue[ProbeKey](
            limits={_REPEATED: workers // 2}, flow=lambda key: key.namespace, places=workers, clock=clock
        )
        self._workers = Workers("probes", self.queue, self._run_probe, count=workers, longest=_LONGEST, clock=clock)

    @property
    def last_turn(self) -> float:
        """When the workers last turned, in monotonic seconds."""
        return self._workers.last_turn

    def start(self) -> None:
        """Start probing."""
        self._workers.start()

    def stop(self) -> None:
        """Stop scheduling probes, and close all sessions. Running probes are not awaited."""
        self.queue.shut_down()
        self._prober.stop()

    def forget(self, owner: Key) -> None:
        """Probe nothing for an owner any more, and forget what is known of it."""
        self.set_requests(owner, ())
        self._prober.forget(owner)

    def set_requests(self, owner: Key, requests: t.Iterable[ProbeRequest], *, known: bool = False) -> None:
        """Set what is probed for an owner: new containers are probed, and others are dropped.

        :param known: new containers that are not unproven have passed already: they are only probed periodically.
        """
        wanted = {request.container: request for request in requests}
        with self._lock:
            owned = self._owned.setdefault(owner, {})
            dropped = [container for container in owned if container not in wanted]
            for container in dropped:
                del owned[container]
                del self._entries[container]
                self.queue.discard(ProbeKey(owner.namespace, container))
            for container, request in wanted.items():
                if container not in owned:
                    owned[container] = None
                    self._add(owner, request, known=known)
                else:
                    self._update(self._entries[container], request)
            if not owned:
                del self._owned[owner]
        self._prober.release({container.pod for container in dropped} - {container.pod for container in wanted})

    def answers(self, owner: Key) -> dict[ContainerRef, Answer]:
        """Return the results for an owner's containers."""
        with self._lock:
            entries = [self._entries[container] for container in self._owned.get(owner, ())]
            found = [(entry.request, entry.answer) for entry in entries if entry.answer is not None]
        return {request.container: self._prober.complete(owner, request, answer) for request, answer in found}

    def attempts(self, owner: Key) -> int:
        """Return how often the container of an owner was probed that was probed most often."""
        with self._lock:
            return max((self._entries[container].attempts for container in self._owned.get(owner, ())), default=0)

    def has_unanswered(self, owner: Key) -> bool:
        """Tell whether a container of an owner that is ready has no result yet."""
        with self._lock:
            entries = [self._entries[container] for container in self._owned.get(owner, ())]
            return any(entry.answer is None and not entry.passed and not entry.request.early for entry in entries)

    def first_began(self, owner: Key, containers: t.Iterable[ContainerRef]) -> float | None:
        """Return when the first probe of some containers of an owner began, in monotonic seconds; None if none has."""
        with self._lock:
            owned = self._owned.get(owner, {})
            moments = [self._entries[container].began for container in containers if container in owned]
        return min((moment for moment in moments if moment is not None), default=None)

    def checked(self) -> dict[Key, LastCheck]:
        """Return when each owner that passes, and is validated periodically, was last validated completely."""
        found: dict[Key, LastCheck] = {}
        with self._lock:
            for entry in self._entries.values():
                if entry.passed and (entry.answer is None or entry.passes) and entry.request.schedule.full:
                    one = LastCheck(entry.checked, entry.request.schedule.full)
                    found[entry.owner] = min(found.get(entry.owner, one), one)
        return found

    def depth(self) -> dict[str, int]:
        """Return how many containers wait for their first result, and how many probes are running."""
        with self._lock:
            entries = [entry for entry in self._entries.values() if not entry.request.early]
            waiting = sum(entry.answer is None and not entry.running for entry in entries)
            return {"waiting": waiting, "running": self._running}

    def _add(self, owner: Key, request: ProbeRequest, *, known: bool) -> None:
        """Add a container."""
        passed = known and not request.early and not request.unproven
        entry = ProbeEntry(owner, request, self._clock.epoch(), passed=passed)
        self._entries[request.container] = entry
        if entry.passed:
            self._schedule_periodic(entry, spread=True)
        else:
            self.queue.add(entry.key, _REPEATED if request.early else _FIRST)

    def _update(self, entry: ProbeEntry, request: ProbeRequest) -> None:
        """Take over a changed request. A container that has become ready and has no result yet is probed at once."""
        before = entry.request
        if request.early and not before.early:
            # One that was ready stays so here: its failures go on to count.
            request = request._replace(early=False, timeouts=before.timeouts)
        entry.request = request
        if before.early and not request.early and not entry.running and entry.answer is None:
            self._entries[request.container] = ProbeEntry(entry.owner, request, self._clock.epoch(), began=entry.began)
            self.queue.discard(entry.key)
            self.queue.add(entry.key, _FIRST)
        elif before.schedule != request.schedule and entry.passed and not entry.running:
            entry.full_due = 0.0
            self.queue.discard(entry.key)
            self._schedule_periodic(entry)

    def _run_probe(self, key: ProbeKey) -> None:
        began = self._clock.now()
        with self._lock:
            entry = self._entries.get(key.container)
            if entry is None:
                return
            entry.running = True
            entry.began = began if entry.began is None else entry.began
            self._running += 1
            request, light = entry.request, self._is_light(entry, began)
            if entry.passed:
                request = request._replace(spec=request.spec.periodic)
        answer, made, passed = None, False, entry.passed
        try:
            answer, made = self._prober.probe(entry.owner, request._replace(light=light), passed=passed)
        except Exception:
            _log.exception("Failed to probe Pod %s of MCPServer %s", request.pod, entry.owner.name)
        with self._lock:
            entry.running = False
            self._running -= 1
            if request.early and (answer is None or answer["compliant"] is False):
                answer = None
                self._retry_early(entry)
            else:
                entry.attempts += 1
                self._record(entry, answer, light=light, made=made)
        if answer is not None:
            self._on_result(entry.owner, answer, self._clock.now() - began)

    @staticmethod
    def _is_light(entry: ProbeEntry, now: float) -> bool:
        return entry.passes and not entry.failures and bool(entry.request.schedule.light) and now < entry.full_due

    def _record(self, entry: ProbeEntry, answer: Answer | None, *, light: bool, made: bool) -> None:
        """Record a result and schedule the next probe.

        A server that has passed only fails by evidence: that it could not be reached proves nothing. An error that it
        answers with is evidence, so it is validated completely after a light probe with an issue that the last complete
        validation did not have, and after a validation that found that it fails after the end of its session.
        """
        if answer is not None and answer["compliant"] is not False:
            entry.failures, entry.passed = 0, True
            if not light:
                entry.answer, entry.full_due = answer, 0.0
                entry.checked = self._clock.epoch() if made else entry.checked
            elif says_list_changed(answer) or (entry.answer is not None and has_new_issue(answer, entry.answer)):
                # Not more often than a manifest may request: some servers cause this in each session.
                wait = entry.checked + SHORTEST - self._clock.epoch()
                entry.full_due = min(entry.full_due, self._clock.now() + max(0.0, wait))
            if made and ends_with_session(answer):
                self._schedule(entry, entry.request.schedule.light or _RETRY)
            else:
                self._schedule_periodic(entry)
            return
        if not entry.passed:
            entry.failures += 1
            entry.answer = answer or entry.answer
            soon = answer is None or may_still_start(answer)
            self._schedule(entry, (_TRANSIENT if soon else _PERMANENT).delay(entry.failures))
            return
        transient = answer is None or is_transient(answer)
        entry.failures += not transient
        if not transient and entry.failures >= entry.request.schedule.threshold:
            entry.answer = answer
        self._schedule(entry, entry.request.schedule.light or _RETRY)

    def _retry_early(self, entry: ProbeEntry) -> None:
        if entry.request.early:
            entry.early_attempts += 1
            self._schedule(entry, _NOT_READY.delay(entry.early_attempts))
        elif self._is_current(entry):  # it became ready meanwhile
            self.queue.add(entry.key, _FIRST)

    def _schedule_periodic(self, entry: ProbeEntry, *, spread: bool = False) -> None:
        """Schedule the next probe of a container that has passed; after a start, spread over the whole period."""
        schedule, now = entry.request.schedule, self._clock.now()
        share = random.random() if spread else 0.9 + random.random() / 5  # noqa: S311 - it only spreads
        if schedule.full and not entry.full_due:
            entry.full_due = now + schedule.full * share
        waits = [schedule.light * (0.9 + share / 10)] if schedule.light else []
        waits += [entry.full_due - now] if schedule.full else []
        if waits:
            self._schedule(entry, min(waits))

    def _schedule(self, entry: ProbeEntry, seconds: float) -> None:
        if self._is_current(entry):
            self.queue.add_after(entry.key, seconds, _REPEATED)

    def _is_current(self, entry: ProbeEntry) -> bool:
        """Tell whether an entry was neither dropped nor replaced while its probe was running."""
        return self._entries.get(entry.request.container) is entry
