# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Tells which Jobs the operator created. The results of others do not count."""

from __future__ import annotations

import logging
import threading
import typing as t

from .._vendor._workload import job
from .._vendor._workload.probe_spec import ProbeSpec
from ..cluster.store import Key, Object
from ..workloads.container_ref import ProbeRequest

_log = logging.getLogger(__name__)

# The Jobs of one MCPServer that are remembered.
_REMEMBERED = 50


class OwnJobs:
    """Remembers the Jobs that this process created. Thread-safe.

    A Job of an earlier process must be exactly as this one would create it. One that was created by this process may
    have been changed on its way by an admission webhook.

    :param image: the operator's own.
    """

    def __init__(self, image: str) -> None:
        self._image = image
        self._lock = threading.Lock()
        self._created: dict[Key, list[str]] = {}
        self._ignored: dict[Key, list[str]] = {}

    def record(self, key: Key, created: Object) -> None:
        """Remember a Job that was created.

        :param created: as the API server returned it.
        """
        with self._lock:
            _remember(self._created, key, str(created["metadata"]["uid"]))

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        with self._lock:
            self._created.pop(key, None)
            self._ignored.pop(key, None)

    def contains(self, key: Key, server: Object, found: Object, requests: t.Sequence[ProbeRequest]) -> bool:
        """Tell whether a Job is the operator's.

        :param requests: for the containers that the Job may be about.
        """
        uid = str(found["metadata"]["uid"])
        with self._lock:
            if uid in self._created.get(key, ()):
                return True
        about = set(job.subjects(found))
        addresses = {tuple(request.container): request.address for request in requests}
        specs = [request.spec for request in requests if request.container in about]
        if specs and job.is_ours(found, server, _spec_of(found, specs[0]), addresses, self._image):
            self.record(key, found)  # its template cannot change, so it is not rendered and compared again
            return True
        with self._lock:
            if specs and uid not in self._ignored.get(key, ()):
                _remember(self._ignored, key, uid)
                name = f"{key.namespace}/{found['metadata'].get('name')}"
                _log.warning("Ignoring Job %s: it differs from the Jobs that this operator creates", name)
        return False


def _spec_of(found: Object, spec: ProbeSpec) -> ProbeSpec:
    """Return what a Job validates: one for containers that have passed does not call the tool."""
    return spec if job.calls_tool(found) else spec.periodic


def _remember(where: dict[Key, list[str]], key: Key, uid: str) -> None:
    where[key] = [*where.get(key, ()), uid][-_REMEMBERED:]
