# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Liveness and readiness of the process, from the checks and heartbeats of its parts."""

from __future__ import annotations

import time
import typing as t

# Returns what is wrong, one sentence each; empty if nothing is wrong.
Check = t.Callable[[], t.Sequence[str]]


class Health:
    """The checks behind ``/healthz`` and ``/readyz``.

    The process is live unless a restart would help: a loop that hangs is a failure; an unreachable API server is not.
    The process is ready when all its caches are synced. Waiting for the Lease does not make it unready, because a
    rollout with two replicas would never finish then.

    :param clock: returns monotonic seconds.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._live: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}

    def add_liveness_check(self, name: str, check: Check) -> None:
        """Add a check whose failure restarts the process."""
        self._live[name] = check

    def add_readiness_check(self, name: str, check: Check) -> None:
        """Add a check whose failure makes the process unready."""
        self._ready[name] = check

    def add_heartbeat(self, name: str, last_turn: t.Callable[[], float | None], limit: float) -> None:
        """Add a liveness check of a loop, which fails while the last turn of the loop is too long ago.

        :param last_turn: returns the time of the loop's last turn in monotonic seconds; None while it does not run.
        :param limit: seconds that one turn may take, waiting included.
        """

        def check() -> t.Sequence[str]:
            last = last_turn()
            seconds = 0.0 if last is None else self._clock() - last
            return [f"the loop has not turned for {seconds:.0f} s"] if seconds > limit else []

        self.add_liveness_check(name, check)

    def liveness_failures(self) -> list[str]:
        """Return why the process should be restarted."""
        return _run(self._live)

    def readiness_failures(self) -> list[str]:
        """Return why the process is not ready. A process that is not live is not ready."""
        return _run(self._live) + _run(self._ready)


def _run(checks: t.Mapping[str, Check]) -> list[str]:
    return [f"{name}: {failure}" for name, check in list(checks.items()) for failure in check()]
