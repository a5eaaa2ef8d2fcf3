# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Leader election by a Lease: at most one operator acts at a time.

The algorithm is that of client-go's package leaderelection. A follower acquires the Lease when it has seen no renewal
for the duration of the Lease, by its own clock. The leader stops leading when it has not renewed the Lease for a
shorter time, by its own clock. Neither wall-clock times nor clocks of other machines are compared.

There is no back-off: an attempt starts every retry period, also during and after an outage of the API server. A holder
that could not renew its Lease in time leads again with its next successful attempt, unless another candidate holds the
Lease by then.
"""

from __future__ import annotations

import logging
import random
import socket
import threading
import time
import typing as t
import uuid
from dataclasses import dataclass
from pathlib import Path

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, KubeError
from .._vendor._workload import names
from ..settings.operator_settings import OperatorSettings
from .lease import Lease, LeaseRecord

_log = logging.getLogger(__name__)

_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
# Timeout of a call, seconds. Two calls fit between the last renewal and the end of leading.
_CALL_TIMEOUT = 4.0


def boottime() -> float:
    """Return monotonic seconds that include suspension of the machine, since the Lease expires during that, too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionTiming:
    """Durations in seconds.

    :param lease: how long followers wait after the last renewal before they acquire the Lease.
    :param renew: how long the leader leads after its last renewal; less than ``lease``.
    :param retry: from the start of one attempt to the start of the next.
    """

    lease: int = 15
    renew: float = 10.0
    retry: float = 2.0

    def __post_init__(self) -> None:
        """Check that two candidates cannot lead at once.

        :raises ValueError: they could.
        """
        if not 0 < self.retry < self.renew < self.lease:
            raise ValueError("leader election needs 0 < retry < renew < lease")


class Elector:
    """One candidate.

    :param identity: unique for each process, also for restarted containers of one Pod.
    :param clock: returns monotonic seconds.
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
        self.last_turn = time.monotonic()
        self._lease = lease
        self._timing = timing or ElectionTiming()
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        # The current content of the Lease; None if unknown.
        self._record: LeaseRecord | None = None
        # The last known content, and when it changed. Kept during errors, since the Lease expires during them.
        self._observed: LeaseRecord | None = None
        self._observed_at = 0.0
        self._leads_until = float("-inf")

    @property
    def leading(self) -> bool:
        """Whether this candidate leads now. It becomes false in time even if no thread runs."""
        return self._clock() < self._leads_until

    @property
    def leader(self) -> str:
        """The last known holder of the Lease; empty for none."""
        return self._observed.holder if self._observed is not None else ""

    def run(self) -> None:
        """Try to acquire or renew the Lease every retry period, until :meth:`stop`."""
        while not self._stopping.is_set():
            self.last_turn = time.monotonic()
            began = self._clock()
            self.attempt()
            # Random, so that candidates do not all try at the same time.
            period = self._timing.retry * (0.9 + 0.2 * random.random())  # noqa: S311 - not security-relevant
            self._stopping.wait(max(0.0, period - (self._clock() - began)))

    def stop(self) -> None:
        """End :meth:`run`. The Lease is kept."""
        self._stopping.set()

    def attempt(self) -> bool:
        """Acquire or renew the Lease if possible; return whether this candidate leads."""
        with self._lock:
            began, leading_before = self._clock(), self.leading
            try:
                self._acquire_or_renew(began)
            except ApiConflict:
                # Another candidate was faster, or the response to an earlier write was lost. Read the Lease next time.
                self._record = None
            except KubeError as exc:
                _log.warning("Failed to acquire or renew %s: %s", self._lease.what, exc)
                self._record = None
            leading = self.leading
        if leading != leading_before:
            _log.info("%s leads" if leading else "%s does not lead any more", self.identity)
        return leading

    def release(self) -> None:
        """Stop leading, and release the Lease if possible, so that another candidate can acquire it at once."""
        with self._lock:
            self._stopping.set()
            led, self._leads_until = self.leading, float("-inf")
            if not led:
                return
            try:
                record = self._record or self._lease.read()
                if record.holder == self.identity:
                    self._lease.write(record.released())
                    _log.info("%s has released %s", self.identity, self._lease.what)
            except KubeError as exc:
                _log.warning("Failed to release %s, which will expire: %s", self._lease.what, exc)

    def _acquire_or_renew(self, began: float) -> None:
        record = self._record
        if record is None or record.holder != self.identity:
            # The leader knows the content of the Lease from its last write, and need not read it.
            record = self._observe()
        if record.holder == self.identity:
            self._lead(self._lease.write(record), began)
            return
        self._leads_until = float("-inf")
        if record.holder and self._clock() < self._observed_at + (record.seconds or self._timing.lease):
            return
        self._lead(self._lease.write(record.taken(self.identity, self._timing.lease)), began)

    def _observe(self) -> LeaseRecord:
        now = self._lease.read()
        if self._observed is None or self._observed.content != now.content:
            self._observed_at = self._clock()
        self._record = self._observed = now
        return now

    def _lead(self, record: LeaseRecord, began: float) -> None:
        self._record = self._observed = record
        self._observed_at = began
        # From the start of the call: followers count from a moment during the call, or later.
        self._leads_until = began + self._timing.renew


def create_elector(
    settings: OperatorSettings, options: t.Mapping[str, t.Any], observe: t.Callable[[str, int], None]
) -> Elector:
    """Return the elector of this process, with a client of its own, so that other calls cannot delay renewals.

    :param options: kubernetes.core's authentication options.
    :param observe: called with the method and the status of each response.
    """
    shard = {names.SHARD_ANNOTATION: str(settings.shard)} if settings.shard.count > 1 else {}
    lease = Lease(
        Client(options, timeout=_CALL_TIMEOUT, observe=observe),
        settings.leader_election_namespace or operator_namespace(settings),
        settings.shard.lease(settings.leader_election_id),
        # Playbooks read from them whether an operator is responsible for a namespace; empty for all namespaces.
        {names.WATCHED_ANNOTATION: ",".join(settings.watch_namespace), **shard},
    )
    # The host name is that of the Pod, also in a restarted container, which must not take itself for the former one.
    return Elector(lease, f"{socket.gethostname()}_{uuid.uuid4()}")


def operator_namespace(settings: OperatorSettings) -> str:
    """Return the namespace of the operator's Pod, which network policies let in; outside of a Pod, of its Lease."""
    try:
        return _POD_NAMESPACE.read_text(encoding="ascii").strip()
    except OSError:
        return settings.leader_election_namespace or names.OPERATOR_NAMESPACE
