# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whether the process lives and whether it is ready, as its parts say."""

from __future__ import annotations

import typing as t

# What is wrong, a sentence each; empty while nothing is.
Check = t.Callable[[], t.Sequence[str]]


class Health:
    """The checks behind ``/healthz`` and ``/readyz``.

    Alive is who would not be helped by a restart: an API server that is away does not make the process unhealthy, a
    loop that does not turn any more does. Ready is who has seen everything that it watches; whoever waits to become
    the leader is ready, too, or no rollout of two replicas would ever end.
    """

    def __init__(self) -> None:
        self._alive: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}

    def alive_if(self, name: str, check: Check) -> None:
        """Let a part say why the process is to be restarted."""
        self._alive[name] = check

    def ready_if(self, name: str, check: Check) -> None:
        """Let a part say why the process is not ready."""
        self._ready[name] = check

    def ailments(self) -> list[str]:
        """Return why the process is to be restarted."""
        return _ask(self._alive)

    def unready(self) -> list[str]:
        """Return why the process is not ready; who is not alive is not ready either."""
        return _ask(self._alive) + _ask(self._ready)


def _ask(checks: t.Mapping[str, Check]) -> list[str]:
    return [f"{name}: {trouble}" for name, check in list(checks.items()) for trouble in check()]
