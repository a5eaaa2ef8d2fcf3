# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Finds out why the Pods of an MCPServer are not ready: status first, then Events."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._kube.errors import KubeError
from ..module_utils._workload import pods
from ._cluster_snapshot import pod_events

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# A Pod's Events are asked for at most this often, seconds: a look at the cluster must stay three calls.
_EVENTS_INTERVAL = 3.0
# Seconds in which a server may start before its failing probe is news: until then every server refuses connections.
_START = 10.0


class Diagnosis:
    """The causes of one MCPServer's trouble; remembers what it asked for."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._events: list[dict[str, t.Any]] = []
        self._restarts: dict[str, int] = {}
        self._first = True
        self._asked = time.monotonic() + _START - _EVENTS_INTERVAL

    def cause(
        self, deployment: t.Mapping[str, t.Any] | None, found: t.Sequence[t.Mapping[str, t.Any]]
    ) -> pods.Cause | None:
        """Return the worst cause, or None while nothing speaks against the Pods."""
        causes = []
        for pod in found:
            before = self._restarts.setdefault(pod["metadata"]["uid"], pods.restarts(pod) if self._first else 0)
            if not pods.is_ready(pod):
                causes.append(pods.cause(pod, self._events_of(pod), restarts_before=before))
        self._first = False
        if deployment is not None:
            causes.append(pods.created_none(deployment))
        return max((cause for cause in causes if cause), key=lambda cause: cause.unrecoverable, default=None)

    def _events_of(self, pod: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
        if (pod.get("status") or {}).get("phase") != "Running":
            return []
        if time.monotonic() - self._asked >= _EVENTS_INTERVAL:
            self._asked = time.monotonic()
            try:
                self._events = pod_events(self._client, pod)
            except KubeError:
                # Events only explain; who may not read them still gets the Pod's status.
                self._events = []
        return [event for event in self._events if event["involvedObject"].get("uid") == pod["metadata"]["uid"]]
