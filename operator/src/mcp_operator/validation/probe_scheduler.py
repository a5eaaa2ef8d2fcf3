# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Who is asked when, and what they answered: every subject that is wanted is asked once, and again after a failure.

Those never asked before go first, and of the places for those that failed before some are always free: servers that
take every request and never answer delay each other, and nobody else. The same places are for those that are not ready
yet: they are tried now and then, and only if they pass, that counts.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import random
import threading
import time
import typing as t
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..backoff import Backoff
from ..cluster.store import Key
from ..workloads.container_ref import ProbeRequest, Subject
from .http_probe import Answer, is_transient

_log = logging.getLogger(__name__)

# A validation mostly waits, so many fit on few CPUs.
PLACES = 32
# Seconds between two tries of a server that may pass the next time anyway, and of one that somebody must mend.
_SOON = Backoff(first=1.0, most=60.0)
_LATE = Backoff(first=30.0, most=600.0)
# Of one that is not ready yet, and may not listen.
_EARLY = Backoff(first=0.1, most=5.0)
# And of one that has passed before, where no period is given.
_RETRY = 10.0
_TURN = 5.0
# A server whose end is so close to ours, in seconds, ended for it; the kubelet's clock has no fractions.
_SOONER, _LATER = -2.0, 10.0

Ask = t.Callable[[ProbeRequest], Answer]
# Is told whose Pod has answered, what, and after how many seconds.
Told = t.Callable[[Key, Answer, float], None]


@dataclass(slots=True)
class _Entry:
    owner: Key
    order: ProbeRequest
    failures: int = 0
    tries: int = 0
    running: bool = False
    answer: Answer | None = None
    answered: float = 0.0
    passed: bool = False
    # How often it was asked before it was ready.
    early_tries: int = 0
    full_due: float = 0.0
    # When all of it passed last, or this process took it over as one that has: seconds since the epoch.
    checked: float = field(default_factory=time.time)


class LastCheck(t.NamedTuple):
    """When a server that passes was asked for everything last, and how often that is to be.

    :param when: seconds since the epoch, of the one of its Pods for which that is longest ago.
    :param interval: seconds.
    """

    when: float
    interval: float


class ProbeScheduler:
    """Thread-safe, from `start` to `stop`.

    :param told: is called in a thread of the pool.
    """

    def __init__(self, ask: Ask, told: Told, *, places: int = PLACES) -> None:
        self._ask = ask
        self._told = told
        self._places = places
        self._lock = threading.Lock()
        self._entries: dict[Subject, _Entry] = {}
        self._owned: dict[Key, dict[Subject, None]] = {}
        # Waiting for their time; then, those that never failed apart from those that did, for a place.
        self._later: list[tuple[float, int, _Entry]] = []
        self._due: dict[bool, deque[_Entry]] = {False: deque(), True: deque()}
        self._running = {False: 0, True: 0}
        self._numbers = itertools.count()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="validate")
        self._thread = threading.Thread(target=self._loop, name="validations", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask nobody any more; nobody waits for who is being asked."""
        self._stopping.set()
        self._wake.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def set_requests(self, owner: Key, orders: t.Iterable[ProbeRequest], *, known: bool = False) -> None:
        """Say which subjects of an owner are of interest from now on: new ones are asked, others forgotten.

        :param known: new ones have passed already, so that they are asked only when it is time to do so again.
        """
        wanted = {order.subject: order for order in orders}
        with self._lock:
            owned = self._owned.setdefault(owner, {})
            gone = {}
            for subject in [subject for subject in owned if subject not in wanted]:
                del owned[subject]
                gone[subject._replace(container="")] = self._entries.pop(subject)
            news = [subject for subject in wanted if subject not in owned]
            for subject in news:
                owned[subject] = None
                early = wanted[subject].early
                entry = self._entries[subject] = _Entry(owner, wanted[subject], passed=known and not early)
                before = gone.get(subject._replace(container=""))
                if before is not None and _ended_with_us(before, wanted[subject]):
                    # Nor is it asked again later.
                    entry.answer, entry.answered, entry.tries = before.answer, before.answered, before.tries
                    entry.passed, entry.checked = True, before.checked
                elif entry.passed:
                    self._again(entry, spread=True)
                else:
                    self._due[early].append(entry)
            news += [subject for subject, order in wanted.items() if self._made_ready(subject, order)]
            if not owned:
                del self._owned[owner]
        if news:
            self._wake.set()

    def _made_ready(self, subject: Subject, order: ProbeRequest) -> bool:
        """Ask one that is ready by now like all others; whether that is news."""
        entry = self._entries[subject]
        if not entry.order.early or order.early:
            return False
        if entry.running or entry.answer is not None:
            entry.order = order
            return False
        # What waits for its time, or for a place, is not this one any more.
        entry = self._entries[subject] = _Entry(entry.owner, order)
        self._due[False].append(entry)
        return True

    def answers(self, owner: Key) -> dict[Subject, Answer]:
        """Return what is known of an owner's subjects."""
        with self._lock:
            entries = [self._entries[subject] for subject in self._owned.get(owner, ())]
            return {entry.order.subject: entry.answer for entry in entries if entry.answer is not None}

    def attempts(self, owner: Key) -> int:
        """Return how often one subject of an owner was asked: the one that was asked most often."""
        with self._lock:
            return max((self._entries[subject].tries for subject in self._owned.get(owner, ())), default=0)

    def has_unanswered(self, owner: Key) -> bool:
        """Tell whether an owner's subject still has to answer for the first time."""
        with self._lock:
            entries = [self._entries[subject] for subject in self._owned.get(owner, ())]
            return any(entry.answer is None and not entry.passed and not entry.order.early for entry in entries)

    def checked(self) -> dict[Key, LastCheck]:
        """Return of each owner that passes, and is asked again, when that was last the case."""
        found: dict[Key, LastCheck] = {}
        with self._lock:
            for entry in self._entries.values():
                well = entry.passed and (entry.answer is None or entry.answer["compliant"] is not False)
                if well and entry.order.schedule.full:
                    one = LastCheck(entry.checked, entry.order.schedule.full)
                    found[entry.owner] = min(found.get(entry.owner, one), one)
        return found

    def depth(self) -> dict[str, int]:
        """Return how many wait for their first answer and how many are being asked."""
        with self._lock:
            entries = [entry for entry in self._entries.values() if not entry.order.early]
            waiting = sum(entry.answer is None and not entry.running for entry in entries)
            return {"waiting": waiting, "running": sum(self._running.values())}

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._wake.wait(self._hand_out())

    def _hand_out(self) -> float:
        """Start what is due and has a place; return the seconds until more may be."""
        with self._lock:
            now = time.monotonic()
            while self._later and self._later[0][0] <= now:
                self._due[True].append(heapq.heappop(self._later)[2])
            for again, most in ((False, self._places), (True, self._places // 2)):
                while self._due[again] and self._running[again] < most and sum(self._running.values()) < self._places:
                    entry = self._due[again].popleft()
                    if self._entries.get(entry.order.subject) is entry:
                        entry.running = True
                        self._running[again] += 1
                        self._pool.submit(self._work, entry, again=again)
            return min(_TURN, self._later[0][0] - now) if self._later else _TURN

    def _work(self, entry: _Entry, *, again: bool) -> None:
        began = time.monotonic()
        answer: Answer | None = None
        order, light = entry.order, self._is_light(entry, began)
        try:
            answer = self._ask(order._replace(light=True) if light else order)
        except Exception:
            _log.exception("Asking Pod %s of %s failed", order.pod, entry.owner.name)
        with self._lock:
            entry.running = False
            self._running[again] -= 1
            if order.early and (answer is None or answer["compliant"] is False):
                answer = None
                self._too_early(entry)
            else:
                entry.tries += 1
                self._take(entry, answer, light=light)
        self._wake.set()
        if answer is not None:
            self._told(entry.owner, answer, time.monotonic() - began)

    def _is_light(self, entry: _Entry, now: float) -> bool:
        well = entry.answer is not None and entry.answer["compliant"] is not False
        return well and not entry.failures and bool(entry.order.schedule.light) and now < entry.full_due

    def _take(self, entry: _Entry, answer: Answer | None, *, light: bool) -> None:
        """Take in an answer, and see to it that it is asked again.

        One that has passed fails by evidence alone: that it could not be reached proves nothing.
        """
        if answer is not None and answer["compliant"] is not False:
            entry.failures, entry.passed = 0, True
            if not light:
                entry.answer, entry.answered = answer, time.time()
                entry.checked, entry.full_due = entry.answered, 0.0
            self._again(entry)
            return
        transient = answer is None or is_transient(answer)
        if not entry.passed:
            entry.failures += 1
            entry.answer, entry.answered = answer or entry.answer, time.time()
            self._later_in(entry, (_SOON if transient else _LATE).delay(entry.failures))
            return
        entry.failures += not transient
        if not transient and entry.failures >= entry.order.schedule.threshold:
            entry.answer = answer
        self._later_in(entry, entry.order.schedule.light or _RETRY)

    def _too_early(self, entry: _Entry) -> None:
        if entry.order.early:
            entry.early_tries += 1
            self._later_in(entry, _EARLY.delay(entry.early_tries))
        else:
            self._due[False].append(entry)

    def _again(self, entry: _Entry, *, spread: bool = False) -> None:
        """Ask one that has passed when it is time; those that are found at a start, not all at once."""
        pace, now = entry.order.schedule, time.monotonic()
        share = random.random() if spread else 0.9 + random.random() / 5  # noqa: S311 - it only spreads
        if pace.full and not entry.full_due:
            entry.full_due = now + pace.full * share
        waits = [pace.light * (0.9 + share / 10)] if pace.light else []
        waits += [entry.full_due - now] if pace.full else []
        if waits:
            self._later_in(entry, max(0.0, min(waits)))

    def _later_in(self, entry: _Entry, seconds: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._numbers), entry))


def _ended_with_us(before: _Entry, now: ProbeRequest) -> bool:
    """Tell whether a server ended because we had left: some do, and asked again they would end again, for ever."""
    passed = before.answer is not None and before.answer["compliant"] is not False
    return passed and _SOONER <= now.ended - before.answered <= _LATER
