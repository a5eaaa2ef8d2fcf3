# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run the controllers only while this process leads."""

from __future__ import annotations

import logging
import typing as t

from .elector import Elector

_log = logging.getLogger(__name__)


class LeaderTasks(t.Protocol):
    """What a process does only while it leads."""

    def on_elected(self) -> None:
        """Prepare to act. Called whenever this process becomes the leader, before `start` or `resume`."""

    def start(self) -> None:
        """Start to act. Called once."""

    def pause(self) -> None:
        """Stop to act until `resume`."""

    def resume(self) -> None:
        """Act again after `pause`."""


class Leadership:
    """Starts, pauses and resumes the tasks of the leader.

    A leader that cannot renew its Lease pauses; it does not end. When the API server answers again and no other process
    has acquired the Lease, it resumes within a retry period. A new process would have to wait for the duration of the
    Lease, and for the restart of its container.

    :param elector: None without leader election.
    :param is_ready: returns whether the tasks can start, for example because caches are synced.
    """

    def __init__(self, elector: Elector | None, tasks: LeaderTasks, is_ready: t.Callable[[], bool]) -> None:
        self._elector = elector
        self._tasks = tasks
        self._is_ready = is_ready
        self.started = False
        self.paused = False
        self._led = False

    @property
    def leading(self) -> bool:
        """Whether this process may act."""
        return self._elector is None or self._elector.leading

    @property
    def superseded(self) -> bool:
        """Whether this process has led, and another one holds the Lease now."""
        elector = self._elector
        return self.started and elector is not None and elector.leader not in ("", elector.identity)

    def update(self) -> None:
        """Start, pause or resume the tasks. Call it several times a second."""
        leading = self.leading
        if leading and not self._led:
            self._tasks.on_elected()
        self._led = leading
        if not self.started:
            if leading and self._is_ready():
                self.started = True
                self._tasks.start()
        elif self.paused and leading:
            _log.info("This process leads again; reconciliation resumes")
            self.paused = False
            self._tasks.resume()
        elif not self.paused and not leading:
            _log.error("This process does not lead any more; reconciliation pauses and its runs are cancelled")
            self.paused = True
            self._tasks.pause()
