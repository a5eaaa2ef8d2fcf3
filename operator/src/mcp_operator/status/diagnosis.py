# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reads Events of Pods in threads of its own, for the diagnosis of MCPServers."""

from __future__ import annotations

import datetime as dt
import logging
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine import diagnosis
from .._vendor._engine.diagnosis import Diagnosis, PodEvents, seconds_since
from .._vendor._kube.client import Client
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

# Seconds between two reads of the Events of one Pod.
_EVENTS_PERIOD = 15.0
_READERS = 4


class PodDiagnoser:
    """Diagnoses Pods without waiting for their Events.

    :param on_events: is called with the owner of a Pod whose Events have been read.
    """

    def __init__(self, client: Client, on_events: t.Callable[[Key], None], clock: Clock = SYSTEM) -> None:
        self._on_events = on_events
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="events")
        events = PodEvents(
            client,
            _EVENTS_PERIOD,
            clock.now,
            submit=self._submit,
            on_error=lambda exc: _log.warning("Failed to read the Events of a Pod: %s", exc),
        )
        self._diagnoser = diagnosis.PodDiagnoser(events)

    def _submit(self, read: t.Callable[[], None]) -> None:
        self._pool.submit(read)

    def stop(self) -> None:
        """Stop reading Events."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def diagnose(
        self, key: Key, server: Object, deployment: Object, pods: t.Sequence[Object], now: dt.datetime
    ) -> Diagnosis:
        """Return the worst cause that keeps the Pods of an MCPServer from being ready."""
        return self._diagnoser.diagnose(
            server,
            deployment,
            pods,
            since=lambda item, condition: seconds_since(item, condition, now),
            on_events=lambda: self._on_events(key),
        )

    def forget(self, pods: t.Iterable[str]) -> None:
        """Forget the Events of Pods, by their uids."""
        self._diagnoser.forget(pods)
