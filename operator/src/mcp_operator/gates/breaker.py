# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps gates open when many servers fail at once: the operator or its network is then the likelier cause."""

from __future__ import annotations

import threading
import time
import typing as t

from ..cluster.store import Key

# Failures are believed while this many servers fail at most, or this share of the fleet.
_SHARE = 0.2
_FEW = 2
# Seconds for which a failure counts.
_WINDOW = 600.0


class CircuitBreaker:
    """Counts the servers that failed recently. Thread-safe."""

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._servers: set[Key] = set()
        self._failed: dict[Key, float] = {}

    def remove(self, key: Key) -> None:
        """Stop counting a server that is gone or has no gates."""
        with self._lock:
            self._servers.discard(key)
            self._failed.pop(key, None)

    def record_success(self, key: Key) -> None:
        """Count a server as one that passes."""
        with self._lock:
            self._servers.add(key)
            self._failed.pop(key, None)

    def record_failure(self, key: Key) -> bool:
        """Count a server as failed; return whether its gates may be closed."""
        with self._lock:
            now = self._clock()
            self._servers.add(key)
            self._failed.setdefault(key, now)
            for other in [other for other, since in self._failed.items() if other != key and now - since > _WINDOW]:
                del self._failed[other]
            return len(self._failed) <= _FEW or len(self._failed) <= _SHARE * len(self._servers)
