# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How many Jobs that try NetworkPolicies may run at once.

A change of the platform's default isolates all MCPServers at the same time. Their Jobs must not fill the cluster, nor
those of one namespace keep others waiting.
"""

from __future__ import annotations

import threading

from ..cluster.store import Key

_TOTAL, _IN_NAMESPACE = 10, 3
# Seconds after which a Job has ended, whether or not its end was seen.
_LIFE = 180.0


class ProofSlots:
    """A slot for each Job, and the MCPServers that wait for one. Thread-safe; times are monotonic seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # When a slot is free again.
        self._taken: dict[Key, float] = {}
        self._waiting: dict[Key, None] = {}

    def take(self, key: Key, now: float) -> bool:
        """Take a slot, or wait for one."""
        with self._lock:
            self._taken = {one: until for one, until in self._taken.items() if until > now}
            if self._is_free(key.namespace):
                self._taken[key] = now + _LIFE
                self._waiting.pop(key, None)
                return True
            self._waiting[key] = None
            return False

    def release(self, key: Key) -> Key | None:
        """Give a slot back, and return an MCPServer that may take it."""
        with self._lock:
            self._waiting.pop(key, None)
            if self._taken.pop(key, None) is None:
                return None
            following = next((one for one in self._waiting if self._is_free(one.namespace)), None)
            if following is not None:
                # It does not keep others waiting if it needs none any more.
                del self._waiting[following]
            return following

    def _is_free(self, namespace: str) -> bool:
        there = sum(one.namespace == namespace for one in self._taken)
        return len(self._taken) < _TOTAL and there < _IN_NAMESPACE
