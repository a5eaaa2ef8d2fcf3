# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Leader election by a Lease: at most one operator acts at a time.

The rules are those of client-go. A follower takes the Lease when it has seen no renewal for as long as the Lease says,
by its own clock. The leader stops to be one when it has not renewed for a shorter time than that, by its own clock.
No time of day and no clock of another machine is looked at.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import typing as t
from dataclasses import dataclass

from .._vendor._kube.errors import ApiConflict, KubeError
from .lease import Lease, LeaseRecord

_log = logging.getLogger(__name__)


def boottime() -> float:
    """Return seconds that no one can set, and that go on while the machine sleeps: its Lease goes on, too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionTiming:
    """In seconds.

    :param lease: how long followers wait for a renewal before they take over.
    :param renew: how long the leader stays one without a renewal; less than ``lease``.
    :param retry: between two attempts.
    """

    lease: int = 15
    renew: float = 10.0
    retry: float = 2.0

    def __post_init__(self) -> None:
        """Check that two leaders at once are impossible.

        :raises ValueError: they are not.
        """
        if not 0 < self.retry < self.renew < self.lease:
            raise ValueError("leader election needs 0 < retry < renew < lease")


class Elector:
    """One candidate.

    :param identity: unlike that of any other candidate, an earlier process of the same Pod included.
    :param clock: monotonic seconds.
    """

    def __init__(
        self,
        lease: Lease,
        identity: str,
        *,
        timing: ElectionTiming | None = None,
        clock: t.Callable[[], float] = boottime,
    ) -> None:
        self.identity = identity
        self._lease = lease
        self._timing = timing or ElectionTiming()
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        # What the Lease says, None while nobody knows.
        self._record: LeaseRecord | None = None
        # What was seen of it last and when that was news. It outlives errors: the Lease goes on running out.
        self._seen: LeaseRecord | None = None
        self._seen_at = 0.0
        self._leads_until = float("-inf")

    @property
    def leading(self) -> bool:
        """Whether this one leads at this moment. True never outlives the right to it, even if no thread runs."""
        return self._clock() < self._leads_until

    @property
    def leader(self) -> str:
        """Who leads, as far as is known; empty for nobody."""
        return self._seen.holder if self._seen is not None else ""

    def run(self) -> None:
        """Try to lead, and then to go on leading, until :meth:`stop`."""
        while not self._stopping.is_set():
            self.attempt()
            # Spread, so that followers do not all try in the same instant.
            self._stopping.wait(self._timing.retry * (0.9 + 0.2 * random.random()))  # noqa: S311 - guards nothing

    def stop(self) -> None:
        """End :meth:`run`; the Lease stays."""
        self._stopping.set()

    def attempt(self) -> bool:
        """Take or renew the Lease, if that is possible now; whether this one leads then."""
        with self._lock:
            began, leading_before = self._clock(), self.leading
            try:
                self._try(began)
            except ApiConflict:
                # Somebody was faster, or an answer to ourselves was lost. What it says now is read next time.
                self._record = None
            except KubeError as exc:
                _log.warning("The election goes on without news of %s: %s", self._lease.what, exc)
                self._record = None
            leading = self.leading
        if leading != leading_before:
            _log.info("%s leads now" if leading else "%s does not lead any more", self.identity)
        return leading

    def release(self) -> None:
        """Hand the Lease over to whoever takes it first. This one does not lead any more, whatever comes of it."""
        with self._lock:
            self._stopping.set()
            led, self._leads_until = self.leading, float("-inf")
            if not led:
                return
            try:
                record = self._record or self._lease.read()
                if record.holder == self.identity:
                    self._lease.write(record.released())
                    _log.info("%s has handed over %s", self.identity, self._lease.what)
            except KubeError as exc:
                _log.warning("%s could not be handed over and will run out: %s", self._lease.what, exc)

    def _try(self, began: float) -> None:
        record = self._record
        if record is None or record.holder != self.identity:
            # The leader knows what the Lease says, it wrote it: it need not read it each time.
            record = self._look()
        if record.holder == self.identity:
            self._hold(self._lease.write(record), began)
            return
        self._leads_until = float("-inf")
        if record.holder and self._clock() < self._seen_at + (record.seconds or self._timing.lease):
            return
        self._hold(self._lease.write(record.taken(self.identity, self._timing.lease)), began)

    def _look(self) -> LeaseRecord:
        now = self._lease.read()
        if self._seen is None or self._seen.content != now.content:
            self._seen_at = self._clock()
        self._record = self._seen = now
        return now

    def _hold(self, record: LeaseRecord, began: float) -> None:
        self._record = self._seen = record
        self._seen_at = began
        # From before the call on: followers count from some moment within it, or later.
        self._leads_until = began + self._timing.renew
