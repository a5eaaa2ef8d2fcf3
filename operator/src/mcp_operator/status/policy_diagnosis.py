# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finds out whether NetworkPolicies keep validation from Pods that it cannot connect to.

NetworkPolicies of others are not watched. They are read when validation cannot connect to a Pod that is ready.
"""

from __future__ import annotations

import logging
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.pod_probe import is_unreached
from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._workload import job, network_diagnosis
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..validation.http_probe import Answer
from ..workloads.container_ref import ContainerRef, ProbeRequest

_log = logging.getLogger(__name__)

# Seconds between two reads of the NetworkPolicies of one namespace.
_PERIOD = 15.0
# Seconds after which policies that were read may be others.
_VALID = 600.0
_READERS = 2


class Blocked(t.NamedTuple):
    """That validation cannot connect to Pods.

    :param message: which policies are the cause; empty while they are read.
    """

    message: str


class _Read(t.NamedTuple):
    """The policies of a namespace.

    :param requested: when they were requested last.
    :param policies: None before the first read.
    :param waiting: MCPServers that wait for them.
    """

    requested: float
    policies: list[Object] | None
    waiting: frozenset[Key]


class PolicyDiagnoser:
    """Diagnoses without waiting for the API server.

    :param namespace: of the operator.
    :param on_read: is called with each MCPServer that waits when the policies of its namespace were read.
    """

    def __init__(self, client: Client, namespace: str, on_read: t.Callable[[Key], None], clock: Clock = SYSTEM) -> None:
        self._client = client
        self._operator = network_diagnosis.operator(namespace)
        self._on_read = on_read
        self._clock = clock
        self._lock = threading.Lock()
        self._read: dict[str, _Read] = {}
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="policies")

    def stop(self) -> None:
        """Stop reading."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def blocked(
        self,
        key: Key,
        server: Object,
        pods: t.Iterable[Object],
        requests: t.Sequence[ProbeRequest],
        answers: t.Mapping[ContainerRef, Answer],
    ) -> Blocked | None:
        """Return why validation cannot connect to Pods that the kubelet's probes reach; None if it can, or fails.

        :param requests: of these Pods.
        """
        failed = [one for one in requests if (answers.get(one.container) or {}).get("compliant") is False]
        if not failed or not all(one.ready and is_unreached(answers[one.container]) for one in failed):
            return None
        policies = self._policies(key)
        if policies is None:
            return Blocked("")
        source = network_diagnosis.validation_job(server) if job.runner(server) == "job" else self._operator
        unreached = {one.container.pod: one.spec.port for one in failed}
        for pod in pods:
            if pod["metadata"]["uid"] in unreached:
                found = network_diagnosis.blocking(policies, pod, source, unreached[pod["metadata"]["uid"]])
                if found:
                    return Blocked(network_diagnosis.message(found, source))
        return None

    def _policies(self, key: Key) -> list[Object] | None:
        now = self._clock.now()
        with self._lock:
            # Also those of other namespaces, so that what was needed once is not kept for ever.
            self._read = {place: read for place, read in self._read.items() if now - read.requested < _VALID}
            read = self._read.get(key.namespace, _Read(float("-inf"), None, frozenset()))
            due = now - read.requested >= _PERIOD
            if due or read.policies is None:
                requested = now if due else read.requested
                self._read[key.namespace] = _Read(requested, read.policies, read.waiting | {key})
        if due:
            self._pool.submit(self._list, key.namespace)
        return read.policies

    def _list(self, namespace: str) -> None:
        policies: list[Object] = []
        try:
            policies = list(self._client.list("networking.k8s.io/v1", "NetworkPolicy", namespace))
        except KubeError as exc:
            # They only explain: without the right to read them, the failure remains.
            _log.warning("Failed to read the NetworkPolicies of namespace %s: %s", namespace, exc)
        with self._lock:
            read = self._read.get(namespace)
            self._read[namespace] = _Read(self._clock.now(), policies, frozenset())
        for key in sorted(read.waiting if read else ()):
            self._on_read(key)
