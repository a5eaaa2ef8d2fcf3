# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Shows by Jobs whether the NetworkPolicies of MCPServers are enforced."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.job_probe import ensure_account, read_job
from .._vendor._engine.pod_probe import is_unreached
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, KubeError
from .._vendor._util import parse_time
from .._vendor._workload import gate, job, network_proof
from .._vendor._workload.names import FIELD_MANAGER
from .._vendor._workload.network_proof import Isolation
from .._vendor._workload.objects import state_of
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..workloads.lister import WorkloadLister
from .proof_slots import ProofSlots

_log = logging.getLogger(__name__)

_NOT_PROVED = Isolation("Unknown", "NotProved", "It has not been tried yet whether the NetworkPolicy is enforced.")
_NO_IMAGE = Isolation("Unknown", "ProbeDisabled", "Trying the NetworkPolicy needs the image of the operator.")
_FAILED = "It could not be tried whether the NetworkPolicy is enforced"
# Seconds after a Job that was rejected, or that ended without a result.
_RETRY = 600.0
# Seconds after which an MCPServer looks for a free slot if it was not called.
_BUSY = 60.0
_NUMBERS = 10**9


class NetworkProofs:
    """Creates the Jobs and reads their results. For one thread; Jobs are created in another one.

    :param image: of the operator; without it no Job can be made.
    :param on_created: is called with the owner when a Job was created, or rejected, or may be created now.
    """

    def __init__(
        self,
        client: Client,
        lister: WorkloadLister,
        image: str,
        on_created: t.Callable[[Key], None],
        clock: Clock = SYSTEM,
    ) -> None:
        self._client = client
        self._lister = lister
        self._image = image
        self._on_created = on_created
        self._clock = clock
        self._lock = threading.Lock()
        # Until when no Job is created, in monotonic seconds, and why.
        self._waits: dict[Key, tuple[float, str]] = {}
        self._slots = ProofSlots()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="proofs")

    def stop(self) -> None:
        """Make no Jobs any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        with self._lock:
            self._waits.pop(key, None)
        self._release(key)

    def prove(
        self, key: Key, server: Object, pods: t.Sequence[Object], now: dt.datetime, *, validated: bool
    ) -> tuple[Isolation | None, float | None]:
        """Return whether the NetworkPolicy is enforced, None without one; and seconds until it is to be tried again.

        :param pods: of the newest template.
        :param validated: the validator reaches these Pods, so that one that is refused is not just unreachable.
        """
        policy = self._lister.network_policy(key, server)
        if policy is None:
            self.forget(key)
            return None, None
        if not self._image:
            return _NO_IMAGE, None
        wanted = network_proof.digest(state_of(policy), pods)
        before = _before(server)
        if before is not None and before.digest == wanted:
            proved = parse_time(before.time)
            left = network_proof.PERIOD - (now - proved).total_seconds() if proved else 0.0
            if left > 0:
                return before, left
        known = before if before is not None and before.digest == wanted else _NOT_PROVED
        running, found, failure = self._results(server, pods, wanted, after=known.time)
        with self._lock:
            until, problem = self._waits.get(key, (0.0, ""))
            problem = "" if found is not None else failure or problem
            if key in self._waits:
                self._waits[key] = (until, problem)
        if found is not None:
            self._release(key)
            return found._replace(digest=wanted), network_proof.PERIOD
        if problem:
            known = known if known.digest else Isolation("Unknown", "ProbeFailed", f"{_FAILED}: {problem}")
        left = until - self._clock.now()
        address = str(pods[0]["status"].get("podIP") or "") if pods else ""
        # The Pods of an earlier template may not listen on the port of the manifest, which would look like a refusal.
        if not running and left <= 0 and validated and address and gate.rollback(server) is None:
            if not self._slots.take(key, self._clock.now()):
                return known, _BUSY
            with self._lock:
                self._waits[key] = (self._clock.now() + _RETRY, problem)
            self._pool.submit(self._create, key, server, address, wanted)
            left = _RETRY
        return known, left if left > 0 else None

    def _results(
        self, server: Object, pods: t.Sequence[Object], wanted: str, *, after: str
    ) -> tuple[bool, Isolation | None, str]:
        """Return whether a Job runs, the result of one that has ended since the last proof, and why one has none."""
        addresses = [str(pod["status"].get("podIP")) for pod in pods]
        running, failure = False, ""
        for found, pods_of in self._lister.jobs(server):
            if network_proof.proof_of(found) != wanted:
                continue
            if not any(network_proof.is_ours(found, server, address, self._image) for address in addresses):
                continue
            result = read_job(found, pods_of)
            ended = result.ended or ""
            if result.reports is not None and ended > after:
                target, network = result.reports
                reached, has_network = not is_unreached(target), not is_unreached(network)
                proof = network_proof.isolation(server, reached=reached, has_network=has_network)
                return False, proof._replace(time=ended), ""
            running = running or result.ended is None
            failure = result.problem or failure
        return running, None, failure

    def _create(self, key: Key, server: Object, address: str, proof: str) -> None:
        attempt = int(self._clock.epoch() * 1000) % _NUMBERS
        made = network_proof.probe_job(server, address, proof, image=self._image, attempt=attempt)
        problem = ""
        try:
            ensure_account(self._client, server, job.account(server))
            self._client.create(made, field_manager=FIELD_MANAGER)
        except ApiConflict:
            pass  # it exists
        except KubeError as exc:
            problem = str(exc)
            _log.warning("MCPServer %s/%s: %s: %s", key.namespace, key.name, _FAILED, problem)
            self._release(key)
        with self._lock:
            if problem and key in self._waits:
                self._waits[key] = (self._waits[key][0], problem)
        self._on_created(key)

    def _release(self, key: Key) -> None:
        following = self._slots.release(key)
        if following is not None:
            self._on_created(following)


def _before(server: Object) -> Isolation | None:
    """Return the last proof, from the status."""
    status = server.get("status") or {}
    proof = status.get("networkIsolation") or {}
    for condition in status.get("conditions") or []:
        if condition.get("type") == network_proof.CONDITION and proof.get("digest"):
            return Isolation(
                str(condition.get("status")),
                str(condition.get("reason")),
                str(condition.get("message")),
                str(proof["digest"]),
                str(proof.get("time")),
            )
    return None
