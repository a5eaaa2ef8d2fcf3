# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps the credentials of probes, and reads them again periodically: Secrets are not watched."""

from __future__ import annotations

import dataclasses
import logging
import threading
import typing as t
from dataclasses import dataclass

from .._vendor._engine import probe_access
from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._workload.probe_access import NO_ACCESS, ProbeAccess
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..workqueue import Workers, WorkQueue
from .offer_texts import OfferTexts

_log = logging.getLogger(__name__)

# Seconds until another try if the API server did not answer.
_RETRY = 5.0
_WORKERS = 2
# Seconds that one read may take at most.
_LONGEST = 120.0


@dataclass(slots=True)
class _Entry:
    """What was read for an MCPServer.

    :param wanted: digest of the settings to read for.
    :param found: digest of the settings that `access` is of; empty before the first read.
    """

    server: Object
    wanted: str
    found: str = ""
    access: ProbeAccess = NO_ACCESS


class AccessReader:
    """Reads credentials, from `start` to `stop`. Thread-safe.

    :param on_change: is called with the MCPServer whose credentials were read for the first time, or changed.
    :param texts: keeps the offers of lock files.
    """

    def __init__(
        self, client: Client, on_change: t.Callable[[Key], None], texts: OfferTexts, clock: Clock = SYSTEM
    ) -> None:
        self._client = client
        self._on_change = on_change
        self._texts = texts
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry] = {}
        self.queue = WorkQueue[Key](flow=lambda key: key.namespace, places=_WORKERS, clock=clock)
        self._workers = Workers("credentials", self.queue, self._read, count=_WORKERS, longest=_LONGEST, clock=clock)

    @property
    def last_turn(self) -> float:
        """When the workers last turned, in monotonic seconds."""
        return self._workers.last_turn

    def start(self) -> None:
        """Start reading."""
        self._workers.start()

    def stop(self) -> None:
        """Stop reading."""
        self.queue.shut_down()

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone or needs no credentials."""
        with self._lock:
            if self._entries.pop(key, None) is not None:
                self.queue.discard(key)

    def access(self, key: Key, server: Object) -> ProbeAccess | None:
        """Return the credentials of an MCPServer without waiting; None until they are read."""
        if not probe_access.is_needed(server):
            self.forget(key)
            return NO_ACCESS
        wanted = probe_access.wanted(server)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.wanted != wanted or entry.server["metadata"]["uid"] != server["metadata"]["uid"]:
                self._entries[key] = _Entry(server, wanted)
                self.queue.discard(key)
                self.queue.add(key)
                return None
            return entry.access if entry.found == wanted else None

    def _read(self, key: Key) -> None:
        with self._lock:
            entry = self._entries.get(key)
        if entry is None:
            return
        try:
            access = probe_access.read_access(self._client, entry.server)
        except KubeError as exc:
            _log.warning("MCPServer %s/%s: the credentials were not read: %s", key.namespace, key.name, exc)
            self.queue.add_after(key, _RETRY)
            return
        except Exception:
            # Without another read, the server would never be validated, or changes of its Secret would not be noticed.
            self.queue.add_after(key, _RETRY)
            raise
        if access.pin is not None:
            self._texts.put(key, access.pin.approved, access.approved_offers)
            access = dataclasses.replace(access, approved_offers=b"")
        with self._lock:
            if self._entries.get(key) is not entry:
                return
            changed = entry.found != entry.wanted or entry.access.version != access.version
            if changed:  # otherwise the tokens that were issued remain
                entry.found, entry.access = entry.wanted, access
            self.queue.add_after(key, probe_access.PERIOD)
        if changed:
            self._on_change(key)
