# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps gates open when servers of many namespaces fail at once: then the operator or its network may be the cause.

Namespaces are tenants, so failures are counted by namespace, however many servers of one fail. Only failures without
evidence against the server count, and only the gates of servers that fail without evidence are kept open.
"""

from __future__ import annotations

import threading
import time
import typing as t
from collections import Counter

from ..cluster.store import Key

# Failures are believed while this many namespaces have any at most, or this share of those with strict servers.
_SHARE = 0.2
_FEW = 2
# Seconds for which a failure counts.
_WINDOW = 600.0


class CircuitBreaker:
    """Counts the namespaces whose servers failed recently without evidence against them. Thread-safe."""

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._servers: set[Key] = set()
        # How many servers each namespace has.
        self._namespaces = Counter[str]()
        self._failed: dict[Key, float] = {}

    def remove(self, key: Key) -> None:
        """Stop counting a server that is gone or has no gates."""
        with self._lock:
            self._failed.pop(key, None)
            if key in self._servers:
                self._servers.remove(key)
                self._namespaces[key.namespace] -= 1
                if not self._namespaces[key.namespace]:
                    del self._namespaces[key.namespace]

    def record(self, key: Key, *, inconclusive: bool) -> bool:
        """Record the last result of a server; return whether the breaker is open.

        :param inconclusive: it fails, and the operator or its network may be the cause.
        """
        with self._lock:
            if key not in self._servers:
                self._servers.add(key)
                self._namespaces[key.namespace] += 1
            if not inconclusive:
                self._failed.pop(key, None)
                return False
            now = self._clock()
            self._failed.setdefault(key, now)
            for other in [other for other, since in self._failed.items() if other != key and now - since > _WINDOW]:
                del self._failed[other]
            failing = len({other.namespace for other in self._failed})
            return failing > _FEW and failing > _SHARE * len(self._namespaces)
