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
from ._cluster import Key, snapshot
from ._track import Settings, Track

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_INTERVAL = 0.5  # seconds between two looks at the cluster
_HEARTBEAT = 10.0  # seconds after which a word is due although nothing changed
_THREADS = 16
_NAMED = 5  # MCPServers that one line of progress names

Results = dict[str, dict[str, t.Any]]


def observe(client: Client, keys: t.Mapping[str, Key], settings: Settings) -> Results:
    """Observe the MCPServers of many hosts until each is validated or given up.

    :param keys: host name -> namespace and name.
    :return: host name -> result with ``failed``, ``msg``, ``server``, ``reports``; a result never raises.
    """
    started = spoke = time.monotonic()
    results: Results = {}
    pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="validate")
    pending = {host: Track(client, key, settings, pool) for host, key in keys.items()}
    try:
        while pending:
            seen = snapshot(client, sorted({track.key[0] for track in pending.values()}))
            waited = time.monotonic() - started
            for host, track in list(pending.items()):
                result = _guarded(track, seen, waited >= settings.wait_timeout)
                if result is not None:
                    results[host] = result
                    del pending[host]
            if pending:
                if time.monotonic() - max(spoke, *(track.spoke for track in pending.values())) > _HEARTBEAT:
                    spoke = time.monotonic()
                    settings.say(_still(pending, waited, settings.wait_timeout))
                time.sleep(_INTERVAL)
    except McpKubernetesError as exc:
        # The API server went away: what is finished stays finished.
        results.update({host: {"failed": True, "msg": str(exc)} for host in pending})
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return results


def _guarded(track: Track, seen: t.Any, late: bool) -> dict[str, t.Any] | None:
    try:
        return track.step(seen, late=late)
    except McpKubernetesError as exc:
        return {"failed": True, "msg": f"MCPServer {track.name}: {exc}"}


def _still(pending: t.Mapping[str, Track], waited: float, limit: float) -> str:
    names = sorted(track.name for track in pending.values())
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"Still waiting for {shown} after {waited:.0f} s; Pods have {limit:.0f} s to become ready"
