# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Waits for MCPServers, validates their Pods and writes their status; many at once, each as soon as it is ready."""

from __future__ import annotations

import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError
from ._apply_mode import OBJECT, STANDALONE
from ._cluster_snapshot import Key, Snapshot, snapshot
from ._rollout_waiter import RolloutWaiter
from ._status_waiter import StatusWaiter

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._settings import Settings

_INTERVAL = 0.5  # seconds between two snapshots of the cluster
_HEARTBEAT = 10.0  # seconds after which progress is reported although nothing changed
_THREADS = 16
_NAMED = 5  # MCPServers that one line of progress names

Results = dict[str, dict[str, t.Any]]


class Watched(t.Protocol):
    """One MCPServer that is being observed."""

    key: Key
    name: str
    spoke: float

    def step(self, seen: Snapshot, waited: float) -> dict[str, t.Any] | None:
        """Look at it once, so many seconds after the beginning, and return its result when there is one."""


def observe(client: Client, targets: t.Mapping[str, t.Mapping[str, t.Any]], settings: Settings) -> Results:
    """Observe the MCPServers of many hosts until each is validated or given up.

    :param targets: host name -> ``namespace``, ``name``, ``mode`` by :mod:`._apply_mode`, and for one that stands alone
        ``manifest``.
    :return: host name -> result with ``failed``, ``msg``, ``server``, ``reports``; a result never raises.
    """
    started = spoke = time.monotonic()
    results: Results = {}
    pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="validate")
    standalone = {_key(target): dict(target["manifest"]) for target in targets.values() if target["mode"] == STANDALONE}
    pending: dict[str, Watched] = {}
    for host, target in targets.items():
        if target["mode"] == OBJECT:
            pending[host] = StatusWaiter(_key(target), settings)
        else:
            pending[host] = RolloutWaiter(client, _key(target), settings, pool, standalone=target["mode"] == STANDALONE)
    try:
        while pending:
            seen = snapshot(client, [watched.key for watched in pending.values()], standalone)
            waited = time.monotonic() - started
            for host, watched in list(pending.items()):
                result = _guarded(watched, seen, waited)
                if result is not None:
                    results[host] = result
                    del pending[host]
            if pending:
                if time.monotonic() - max(spoke, *(watched.spoke for watched in pending.values())) > _HEARTBEAT:
                    spoke = time.monotonic()
                    settings.report(_still(pending, waited, settings.wait_timeout))
                time.sleep(_INTERVAL)
    except McpKubernetesError as exc:
        # The API server went away: what is finished stays finished.
        results.update({host: {"failed": True, "msg": str(exc)} for host in pending})
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return results


def _key(target: t.Mapping[str, t.Any]) -> Key:
    return str(target["namespace"]), str(target["name"])


def _guarded(watched: Watched, seen: Snapshot, waited: float) -> dict[str, t.Any] | None:
    try:
        return watched.step(seen, waited)
    except McpKubernetesError as exc:
        return {"failed": True, "msg": f"MCPServer {watched.name}: {exc}"}


def _still(pending: t.Mapping[str, Watched], waited: float, limit: float) -> str:
    names = sorted(watched.name for watched in pending.values())
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"Still waiting for {shown} after {waited:.0f} s; Pods have {limit:.0f} s to become ready"
