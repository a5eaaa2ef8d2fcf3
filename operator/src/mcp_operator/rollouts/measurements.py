# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Measures the tool calls of the Pods of both templates during the pauses of a canary.

A pause that this process has not seen begin is measured from now on: nothing is stored.
"""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._workload import canary_analysis, ports
from .._vendor._workload.canary_analysis import INCONCLUSIVE, Judgement, Measured
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..errors import MetricsUnreadable
from . import sidecar_metrics

_log = logging.getLogger(__name__)

# Seconds between two measurements, and after which one begins with no further Pod.
PERIOD = 10.0
_LONGEST = 10.0
_THREADS = 4
# Pods of each side that are measured.
_MOST_PODS = 20

Read = t.Callable[[str, int], Measured]


class _Window(t.NamedTuple):
    """A pause.

    :param name: identifies it.
    :param first: what each Pod had counted when it was measured first, by uid.
    :param last: the same when it was measured last.
    :param problems: why Pods could not be measured last, by uid.
    :param due: when the next measurement begins, in monotonic seconds.
    :param running: one is under way.
    """

    name: str
    first: t.Mapping[str, Measured] = {}
    last: t.Mapping[str, Measured] = {}
    problems: t.Mapping[str, str] = {}
    due: float = 0.0
    running: bool = False


class CanaryMeasurements:
    """Measures in threads of its own. `judgement` and `forget` are for one thread.

    :param on_measured: is called with the owner when its Pods were measured.
    """

    def __init__(
        self, on_measured: t.Callable[[Key], None], clock: Clock = SYSTEM, *, read: Read = sidecar_metrics.read
    ) -> None:
        self._on_measured = on_measured
        self._clock = clock
        self._read = read
        self._lock = threading.Lock()
        self._windows: dict[Key, _Window] = {}
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="analyses")

    def stop(self) -> None:
        """Measure nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone or has no analysis."""
        with self._lock:
            self._windows.pop(key, None)

    def judgement(
        self, key: Key, server: Object, stable: t.Sequence[Object], tried: t.Sequence[Object]
    ) -> tuple[Judgement | None, float | None]:
        """Return what the calls of the current pause show, and seconds until the next measurement.

        Both are None without an analysis.

        :param server: with the status that was written last.
        :param stable: the Pods of the stable template.
        :param tried: those of the canary.
        """
        name = canary_analysis.window(server)
        if not name:
            self.forget(key)
            unknown = Judgement(INCONCLUSIVE, "Nothing was measured yet.")
            return (unknown if canary_analysis.wanted(server) else None), None
        now = self._clock.now()
        sides = [pods[:_MOST_PODS] for pods in (stable, tried)]
        with self._lock:
            window = self._windows.get(key, _Window(name))
            if window.name != name:
                window = _Window(name, running=window.running)
            due = not window.running and now >= window.due
            self._windows[key] = window._replace(running=window.running or due)
        if due:
            addresses = {
                str(pod["metadata"]["uid"]): str(pod["status"].get("podIP") or "") for pod in (*sides[0], *sides[1])
            }
            self._pool.submit(self._measure, key, name, ports.metrics_port(server["spec"]), addresses)
        return _judge(server, window, *sides), None if due or window.running else max(0.0, window.due - now)

    def _measure(self, key: Key, name: str, port: int, addresses: t.Mapping[str, str]) -> None:
        found: dict[str, Measured] = {}
        problems: dict[str, str] = {}
        until = time.monotonic() + _LONGEST
        for uid, address in addresses.items():
            if not address or time.monotonic() > until:
                problems[uid] = "The Pods were not measured in time."
                continue
            try:
                found[uid] = self._read(address, port)
            except MetricsUnreadable as exc:
                problems[uid] = str(exc)
            except Exception:
                # Without a result, the server would never be measured again.
                _log.exception("Failed to measure the canary of MCPServer %s/%s", key.namespace, key.name)
                problems[uid] = "The metrics of a Pod cannot be read."
        with self._lock:
            window = self._windows.get(key)
            if window is not None and window.name == name:
                first = {uid: window.first.get(uid, measured) for uid, measured in found.items()}
                first = {**{uid: window.first[uid] for uid in problems if uid in window.first}, **first}
                due = self._clock.now() + PERIOD
                self._windows[key] = _Window(name, first, {**window.last, **found}, problems, due)
            elif window is not None:
                self._windows[key] = window._replace(running=False)
        self._on_measured(key)


def _judge(server: Object, window: _Window, stable: t.Sequence[Object], tried: t.Sequence[Object]) -> Judgement:
    """Return what a window shows; a canary is not successful if a Pod of it cannot be measured."""
    calls = [
        canary_analysis.total(
            canary_analysis.since(window.last[uid], window.first[uid])
            for uid in (str(pod["metadata"]["uid"]) for pod in pods)
            if uid in window.last and uid in window.first
        )
        for pods in (stable, tried)
    ]
    judgement = canary_analysis.judge(server, *calls)
    problems = [window.problems[uid] for pod in tried if (uid := str(pod["metadata"]["uid"])) in window.problems]
    if judgement.result != canary_analysis.FAILED and problems:
        return Judgement(INCONCLUSIVE, problems[0])
    return judgement
