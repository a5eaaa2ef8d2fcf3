# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Tries periodically whether clients reach exposed MCPServers through their Gateways.

Gateways and routes are not watched: a cluster need not have the kinds, and what counts in the end is a request.
"""

from __future__ import annotations

import logging
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.reachability import Proof, check
from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._workload import exposure, reachability
from .._vendor._workload.errors import ManifestError
from .._vendor._workload.reachability import Reachability
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

# Seconds between two checks of a server that clients reach, and of one that they do not reach, at first and at most.
PERIOD = 120.0
_FIRST, _LONGEST = 2.0, 60.0
_THREADS = 4
# Seconds for which a list of all routes is used.
_ROUTES_PERIOD = 60.0

Check = t.Callable[[Client, Object, Proof], Reachability]


class _Checked(t.NamedTuple):
    """The last check.

    :param digest: what was checked.
    :param result: None before the first one.
    :param due: when the next one begins, in monotonic seconds.
    :param running: one is under way.
    :param failures: checks without success, one after the other.
    """

    digest: str
    result: Reachability | None = None
    due: float = 0.0
    running: bool = False
    failures: int = 0


class ReachabilityChecks:
    """Checks in threads of its own. `reachability` and `forget` are for one thread.

    :param on_checked: is called with the owner when a check has ended.
    """

    def __init__(
        self, client: Client, on_checked: t.Callable[[Key], None], clock: Clock = SYSTEM, *, check: Check = check
    ) -> None:
        self._client = client
        self._on_checked = on_checked
        self._clock = clock
        self._check = check
        self._lock = threading.Lock()
        self._checked: dict[Key, _Checked] = {}
        self._routes: tuple[float, tuple[Object, ...]] = (float("-inf"), ())
        self._reading = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="gateways")

    def stop(self) -> None:
        """Make no checks any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone or not exposed."""
        with self._lock:
            self._checked.pop(key, None)

    def reachability(self, key: Key, server: Object) -> tuple[Reachability | None, float | None]:
        """Return the last result, None for a server that is not exposed; and seconds until it may be another one.

        :param server: with the latest status.
        """
        if not exposure.wanted(server) or server["metadata"].get("deletionTimestamp"):
            self.forget(key)
            return None, None
        if not exposure.routed(server):
            self.forget(key)
            return reachability.not_validated(), None
        try:
            wanted = reachability.digest(server)
        except ManifestError:
            return reachability.unknown(), None  # the run says why the manifest is invalid
        now = self._clock.now()
        with self._lock:
            last = self._checked.get(key, _Checked(wanted))
            if last.digest != wanted:
                last = _Checked(wanted, running=last.running)
            due = not last.running and now >= last.due
            self._checked[key] = last._replace(running=last.running or due)
        if due:
            self._pool.submit(self._run, key, server, wanted)
        found = last.result or reachability.before(server) or reachability.unknown()
        return found, None if due or last.running else last.due - now

    def _run(self, key: Key, server: Object, wanted: str) -> None:
        try:
            result = self._check(self._client, server, Proof(routes=self._all_routes))
        except Exception:
            # Without a result, the server would never be checked again.
            _log.exception("Failed to check whether clients reach MCPServer %s/%s", key.namespace, key.name)
            result = reachability.unknown()
        with self._lock:
            last = self._checked.get(key)
            if last is not None and last.digest == wanted:
                failures = 0 if result.status == "True" else last.failures + 1
                wait = min(_FIRST * 2 ** min(failures, 10), _LONGEST) if failures else PERIOD
                self._checked[key] = _Checked(wanted, result, self._clock.now() + wait, failures=failures)
            elif last is not None:
                self._checked[key] = last._replace(running=False)
        self._on_checked(key)

    def _all_routes(self) -> tuple[Object, ...]:
        """Return the HTTPRoutes of all namespaces; none if they may not be read."""
        with self._reading:
            read, routes = self._routes
            if self._clock.now() - read >= _ROUTES_PERIOD:
                try:
                    routes = tuple(self._client.list(exposure.API_VERSION, exposure.ROUTE, None))
                except KubeError as exc:
                    _log.info("Conflicts of routes are not found, since HTTPRoutes cannot be listed: %s", exc)
                    routes = ()
                self._routes = (self._clock.now(), routes)
            return routes
