# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Lets validation Jobs ask Pods, where a manifest says so. All that is known is in the Jobs themselves."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._workload import compact, job, names
from .._vendor._workload import pods as rules
from ..cluster.store import Key, Object
from ..queue.backoff import Backoff
from .dialling import Answer, is_transient
from .family import Family
from .subject import Order, Subject

_log = logging.getLogger(__name__)

_MAKERS = 4
# Seconds from the end of a Job to the next: where it may pass then, and where somebody must mend something.
_SOON = Backoff(first=5.0, most=300.0, jitter=0.0)
_LATE = Backoff(first=60.0, most=1800.0, jitter=0.0)
# And from one that the API server did not take.
_REFUSED = 20.0


class Asked(t.NamedTuple):
    """What is known of some subjects.

    :param tries: how often they were asked.
    :param running: they are being asked.
    :param trouble: why they cannot be; empty where nothing speaks against it.
    :param again: seconds after which they are to be asked again; None for never.
    """

    answers: dict[Subject, Answer]
    tries: int = 0
    running: bool = False
    trouble: str = ""
    again: float | None = None


class _Result(t.NamedTuple):
    """What one Job came to: answers, or trouble, or neither while it runs."""

    number: int
    subjects: list[Subject]
    answers: dict[Subject, Answer]
    trouble: str
    ended: dt.datetime | None


class ValidationJobs:
    """Makes Jobs and reads what they say.

    :param image: the operator's own; without it no Job can be made.
    :param told: is told whose Job could not be made.
    """

    def __init__(self, client: Client, family: Family, image: str, told: t.Callable[[Key], None]) -> None:
        self._client = client
        self._family = family
        self._image = image
        self._told = told
        self._lock = threading.Lock()
        self._making: set[Key] = set()
        self._refused: dict[Key, tuple[float, str]] = {}
        self._pool = ThreadPoolExecutor(_MAKERS, thread_name_prefix="jobs")

    def stop(self) -> None:
        """Make none any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        with self._lock:
            self._refused.pop(key, None)

    def ask(self, key: Key, server: Object, orders: t.Sequence[Order], now: dt.datetime) -> Asked:
        """Return what is known of the subjects of some orders, and let a Job ask those of which too little is."""
        results = sorted((_result(*found) for found in self._family.jobs(server)), key=lambda result: result.number)
        answers: dict[Subject, Answer] = {}
        for result in results:
            answers.update(result.answers)
        wanted = {order.subject for order in orders}
        about = [result for result in results if wanted.intersection(result.subjects)]
        answers = {subject: answer for subject, answer in answers.items() if subject in wanted}
        running = any(result.ended is None for result in about)
        trouble = about[-1].trouble if about else ""
        open_orders = [
            order for order in orders if order.ready and answers.get(order.subject, {}).get("compliant", False) is False
        ]
        with self._lock:
            until, refused = self._refused.get(key, (0.0, ""))
            making = key in self._making
        again = None
        if open_orders and not running and not making and self._image:
            again = max(_pause(about, open_orders, answers, now), until - time.monotonic())
            if again <= 0:
                again = None
                number = 1 + max((result.number for result in results), default=0)
                self._make(key, server, open_orders[: job.MOST], number=number)
        if not self._image:
            trouble = "The operator was not told its own image, by which Jobs validate: set --validation-image."
        return Asked(answers, len(about), running or making, refused or trouble, again)

    def _make(self, key: Key, server: Object, orders: t.Sequence[Order], *, number: int) -> None:
        with self._lock:
            self._making.add(key)
        self._pool.submit(self._send, key, server, orders, number)

    def _send(self, key: Key, server: Object, orders: t.Sequence[Order], number: int) -> None:
        pods = [(list(order.subject), order.address) for order in orders]
        manifest = job.job(server, orders[0].question, pods, image=self._image, attempt=number)
        refused = ""
        try:
            self._client.apply(job.account(server), field_manager=names.FIELD_MANAGER)
            self._client.apply(manifest, field_manager=names.FIELD_MANAGER)
        except KubeError as exc:
            refused = str(exc)
            _log.warning("MCPServer %s/%s: %s", key.namespace, key.name, exc)
        except Exception:
            _log.exception("A validation Job of MCPServer %s/%s cannot be made", key.namespace, key.name)
        with self._lock:
            self._making.discard(key)
            if refused:
                self._refused[key] = (time.monotonic() + _REFUSED, refused)
            else:
                self._refused.pop(key, None)
        self._told(key)


def _pause(
    about: t.Sequence[_Result], orders: t.Sequence[Order], answers: t.Mapping[Subject, Answer], now: dt.datetime
) -> float:
    """Return the seconds until the subjects of some orders are to be asked; none where one never was."""
    never = [order for order in orders if not any(order.subject in result.subjects for result in about)]
    ended = [result.ended for result in about if result.ended is not None]
    if never or not ended:
        return 0.0
    failed = [answers[order.subject] for order in orders if order.subject in answers]
    pause = _LATE if failed and not all(is_transient(answer) for answer in failed) else _SOON
    return pause.delay(len(about)) - (now - max(ended)).total_seconds()


def _result(found: Object, pods: t.Sequence[Object]) -> _Result:
    subjects = [Subject(*subject) for subject in job.subjects(found) if len(subject) == len(Subject._fields)]
    number = job.attempt(found)
    for pod in pods:
        for container in pod["status"].get("containerStatuses") or []:
            ended = (container.get("state") or {}).get("terminated")
            if ended:
                reports = compact.expand(str(ended.get("message") or ""))
                answers = dict(zip(subjects, reports or [], strict=False))
                trouble = "" if answers else f"The validation Job ended with exit code {ended.get('exitCode')}."
                return _Result(number, subjects, answers, trouble, _moment(ended.get("finishedAt")))
    for condition in (found.get("status") or {}).get("conditions") or []:
        if condition.get("type") in ("Failed", "Complete") and condition.get("status") == "True":
            trouble = f"The validation Job has failed: {condition.get('message')}"
            return _Result(number, subjects, {}, trouble, _moment(condition.get("lastTransitionTime")))
    causes = [cause for pod in pods if (cause := rules.cause(pod)) is not None]
    trouble = f"The validation Job does not start: {causes[0]}" if causes else ""
    return _Result(number, subjects, {}, trouble, None)


def _moment(text: t.Any) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(str(text))
    except ValueError:
        return dt.datetime.now(dt.UTC)
