# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validates Pods by Jobs. The Jobs themselves are the only record of their results.

They are ordered by the time of their creation, which the API server sets: clients choose the numbers in a manifest.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import typing as t
import zlib
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.job_probe import JobSettings, JobTarget, create_job, read_job
from .._vendor._engine.pod_probe import Ending, is_transient, may_still_start
from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._util import parse_time
from .._vendor._workload import job, probe_auth
from ..backoff import Backoff
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..workloads.container_ref import ContainerRef, ProbeRequest
from ..workloads.lister import WorkloadLister
from .http_probe import Answer
from .job_endings import JobEndings
from .own_jobs import OwnJobs
from .probe_scheduler import LastCheck

_log = logging.getLogger(__name__)

_MAKERS = 4
# Seconds from the end of a Job to the next, after a failure that may pass by itself, and after one that takes a change.
_SOON = Backoff(first=5.0, most=300.0, jitter=0.0)
_LATE = Backoff(first=60.0, most=1800.0, jitter=0.0)
# After a Job that the API server rejected.
_REFUSED = 20.0
# Between Jobs for a server that passes, even if its interval is shorter: each Job is a Pod.
_LEAST = 60.0
# Failures in a row that are enough, whatever a manifest says: of more the Jobs would be gone before they were counted.
_ENOUGH = 10
# Attempts are milliseconds, of which no two Jobs for the same containers have the same one.
_NUMBERS = 10**9


class ProbeResults(t.NamedTuple):
    """The results of some containers.

    :param tries: how often the containers were probed.
    :param running: a container that has not passed yet is being probed.
    :param problem: why no probe is possible; empty if one is.
    :param again: seconds after which the next probe is due; None for never.
    :param began: when the first probe of a Pod of the newest template began, in monotonic seconds; None if none has, or
        if that is unknown.
    """

    answers: dict[ContainerRef, Answer]
    tries: int = 0
    running: bool = False
    problem: str = ""
    again: float | None = None
    began: float | None = None


class _Record(t.NamedTuple):
    """The result of all Jobs for one container.

    :param answer: what counts; None where nothing is known, or only that it has passed once.
    :param passed: it has, whatever it did later.
    :param validated: when it passed last; None if no Job is left that passed.
    :param ended: when the last Job about it ended.
    :param tries: Jobs since it passed last, or at all, of which none passed.
    """

    answer: Answer | None
    passed: bool
    validated: dt.datetime | None
    ended: dt.datetime | None
    tries: int


class _Result(t.NamedTuple):
    """What one Job came to: answers, or problem, or neither while it runs.

    :param calls_tool: the Job calls the tool of the manifest.
    """

    order: tuple[str, int]
    containers: list[ContainerRef]
    answers: dict[ContainerRef, Answer]
    problem: str
    ended: dt.datetime | None
    calls_tool: bool


class ValidationJobs:
    """Creates validation Jobs and reads their results.

    :param image: the operator's own; without it no Job can be made.
    :param on_created: is called with the owner when a Job was created, or rejected.
    """

    def __init__(
        self,
        client: Client,
        lister: WorkloadLister,
        image: str,
        on_created: t.Callable[[Key], None],
        clock: Clock = SYSTEM,
    ) -> None:
        self._clock = clock
        self._client = client
        self._lister = lister
        self._image = image
        self._own = OwnJobs(image)
        self._endings = JobEndings()
        self._on_created = on_created
        self._lock = threading.Lock()
        self._making: set[Key] = set()
        self._refused: dict[Key, tuple[float, str]] = {}
        self._checked: dict[Key, LastCheck] = {}
        # When this process first saw each, in seconds since the epoch: of one that has passed Jobs may tell no more.
        self._met: dict[Key, float] = {}
        self._pool = ThreadPoolExecutor(_MAKERS, thread_name_prefix="jobs")

    def stop(self) -> None:
        """Make none any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._own.forget(key)
        self._endings.forget(key)
        with self._lock:
            self._refused.pop(key, None)
            self._checked.pop(key, None)
            self._met.pop(key, None)

    def checked(self) -> dict[Key, LastCheck]:
        """Return when each MCPServer that passes, and is validated periodically, passed last."""
        with self._lock:
            return dict(self._checked)

    def probe(
        self,
        key: Key,
        server: Object,
        requests: t.Sequence[ProbeRequest],
        now: dt.datetime,
        *,
        known: bool,
        reported: Ending | None,
    ) -> ProbeResults:
        """Return the results of containers, and create a Job for those that are due.

        :param known: all that are not unproven have passed, so that only periodic probes are due.
        :param reported: how these servers end with a session, as an earlier process of the operator found.
        """
        own = [found for found in self._lister.jobs(server) if self._own.contains(key, server, found[0], requests)]
        results = sorted((_result(*found) for found in own), key=lambda result: result.order)
        wanted = {request.container for request in requests}
        about = [result for result in results if wanted.intersection(result.containers)]
        records = {request: _record(request, about, known=known) for request in requests}
        settled = self._endings.answers(key, requests, results, known=known, reported=reported)
        records.update({one: records[one]._replace(answer=answer, passed=True) for one, answer in settled.items()})
        running = any(result.ended is None for result in about)
        problem = about[-1].problem if about else ""
        with self._lock:
            until, refused = self._refused.get(key, (0.0, ""))
            making = key in self._making
            met = self._met.setdefault(key, self._clock.epoch())
            self._record_check(key, records, met)
        again = None
        if not running and not making and self._image:
            waits = {
                request: self._wait(server, request, record, met, now)
                for request, record in records.items()
                if request not in settled
            }
            again = min((wait for wait in waits.values() if wait is not None), default=None)
            if again is not None:
                again = max(again, until - self._clock.now())
            if again is not None and again <= 0:
                again = None
                due = [
                    request._replace(spec=request.spec.periodic) if records[request].passed else request
                    for request, wait in waits.items()
                    if wait is not None and wait <= 0
                ]
                # Pods of an earlier template can have another probe spec.
                alike = [request for request in due if request.spec == due[0].spec]
                self._make(key, server, alike[: job.MAX_PODS])
                making = True
        if not self._image:
            problem = "Validation Jobs need the image of the operator: set --validation-image."
        answers = {request.container: record.answer for request, record in records.items() if record.answer is not None}
        first = any(request.ready and not record.passed for request, record in records.items())
        return ProbeResults(answers, len(about), first and (running or making), refused or problem, again)

    def _record_check(self, key: Key, records: t.Mapping[ProbeRequest, _Record], met: float) -> None:
        """Record when all containers passed last; a failure is recorded in the status."""
        self._checked.pop(key, None)
        interval = min((request.schedule.full for request in records), default=0.0)
        if not interval or not all(map(_is_well, records.values())):
            return
        moments = [met if record.validated is None else record.validated.timestamp() for record in records.values()]
        self._checked[key] = LastCheck(min(moments), max(interval, _LEAST))

    @staticmethod
    def _wait(server: Object, request: ProbeRequest, record: _Record, met: float, now: dt.datetime) -> float | None:
        """Return the seconds until the next probe of a container; None for never.

        The uid of the MCPServer spreads the probes of a fleet, so that a restart of the operator does not move them.
        """
        if not request.ready:
            return None
        interval = max(request.schedule.full, _LEAST)
        if not record.tries and record.passed:
            if not request.schedule.full:
                return None
            chance = zlib.crc32(str(server["metadata"]["uid"]).encode()) / 2**32
            if record.ended is None:
                return interval * chance - (now.timestamp() - met)
            return interval * (0.9 + chance / 5) - (now - record.ended).total_seconds()
        if record.ended is None:
            return 0.0
        failed = record.answer is not None and record.answer["compliant"] is False
        refuted = failed and not may_still_start(t.cast("Answer", record.answer))
        pause = (_LATE if refuted else _SOON).delay(record.tries)
        if record.passed and request.schedule.full:
            pause = min(pause, interval)
        return pause - (now - record.ended).total_seconds()

    def _make(self, key: Key, server: Object, requests: t.Sequence[ProbeRequest]) -> None:
        with self._lock:
            self._making.add(key)
        self._pool.submit(self._send, key, server, requests)

    def _send(self, key: Key, server: Object, requests: t.Sequence[ProbeRequest]) -> None:
        targets = [JobTarget(request.container, request.address) for request in requests]
        settings = JobSettings(self._image, int(self._clock.epoch() * 1000) % _NUMBERS)
        refused = ""
        try:
            self._own.record(key, create_job(self._client, server, requests[0].spec, targets, settings))
        except KubeError as exc:
            refused = str(exc)
            _log.warning("MCPServer %s/%s: %s", key.namespace, key.name, exc)
        except Exception as exc:
            refused = f"A validation Job cannot be made: {type(exc).__name__}."
            _log.exception("A validation Job of MCPServer %s/%s cannot be made", key.namespace, key.name)
        with self._lock:
            self._making.discard(key)
            if refused:
                self._refused[key] = (self._clock.now() + _REFUSED, refused)
            else:
                self._refused.pop(key, None)
        self._on_created(key)


def _record(request: ProbeRequest, results: t.Sequence[_Result], *, known: bool) -> _Record:
    """Return the result of all Jobs for a container. One that passed fails after `threshold` conclusive failures."""
    passing: Answer | None = None
    bad: Answer | None = None
    passed, validated, ended = known and not request.unproven, None, None
    tries = failures = 0
    for result in results:
        if result.ended is None or request.container not in result.containers:
            continue
        if request.spec.tool_call is not None and not (passed or result.calls_tool):
            continue  # a periodic Job for a container of which it is not known that it has passed
        answer, ended = result.answers.get(request.container), result.ended
        if answer is not None:
            answer = probe_auth.judge(answer, request.spec.auth, strict=request.spec.strict)
        if answer is not None and answer["compliant"] is not False:
            passing, passed, validated = answer, True, ended
            tries = failures = 0
            continue
        tries += 1
        if answer is not None and not (passed and is_transient(answer)):
            bad, failures = answer, failures + 1
    refuted = failures >= min(request.schedule.threshold, _ENOUGH) if passed else True
    return _Record(bad if refuted else passing, passed, validated, ended, tries)


def _is_well(record: _Record) -> bool:
    return record.passed and (record.answer is None or record.answer["compliant"] is not False)


def _result(found: Object, pods: t.Sequence[Object]) -> _Result:
    containers = [ContainerRef(*ref) for ref in job.subjects(found) if len(ref) == len(ContainerRef._fields)]
    result = read_job(found, pods)
    answers = dict(zip(containers, result.reports or [], strict=False))
    ended = None if result.ended is None else parse_time(result.ended) or dt.datetime.now(dt.UTC)
    order = (str(found["metadata"].get("creationTimestamp")), job.attempt(found))
    return _Result(order, containers, answers, result.problem, ended, job.calls_tool(found))
