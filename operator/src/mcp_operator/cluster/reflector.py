# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""List and watch one kind in one namespace, or in all namespaces, into the store, like client-go's Reflector.

A list is followed by a watch from its resourceVersion, and by a new list when that has expired. The store compares a
new list with its content, so callbacks also get changes that happened between the two.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
import typing as t
from dataclasses import dataclass

from urllib3.response import BaseHTTPResponse

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiForbidden, ApiNotFound, KubeError
from ..backoff import Backoff
from .source import Resource, Source
from .store import Key, Object, Store
from .stream import Expired, PageTooLarge, WatchEvent, expired_or, read_events, read_page

_log = logging.getLogger(__name__)

_OVERLOADED = 429
# After so many consecutive failures, a new list replaces the watch. After a restore of etcd from a backup, for example,
# a resourceVersion may be in the future, and never expires.
_RELIST_AFTER = 5


_BACKOFF = Backoff(first=0.8, most=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectorTiming:
    """Timeouts of a reflector in seconds.

    :param silence: read timeout of a watch, after which it is restarted, since its connection may be lost. The API
        server sends a bookmark about every minute for kinds with changes.
    :param watch: the shortest and the longest timeout that a watch requests; a random one, so that watches that started
        together do not end together.
    :param page: limit of the time to read one page of a list.
    :param backoff: delays after failures.
    :param limit: objects in a page; reduced if a page is too large.
    """

    silence: float = 90.0
    watch: tuple[int, int] = (290, 590)
    page: float = 120.0
    backoff: Backoff = _BACKOFF
    limit: int = 500


# Called with the ID of the source and "list", "watch", "expired" or "error", for metrics.
OnWatchActivity = t.Callable[[str, str], None]


class Reflector:
    """One list and watch, run by one thread.

    :param namespace: None for all namespaces, and for cluster-scoped kinds.
    """

    def __init__(
        self,
        source: Source,
        resource: Resource,
        namespace: str | None,
        *,
        client: Client,
        store: Store,
        timing: ReflectorTiming,
        observe: OnWatchActivity,
    ) -> None:
        self._source = source
        self._path = resource.path(namespace)
        self._namespace = namespace
        self._client = client
        self._store = store
        self._timing = timing
        self._observe = observe
        self._what = f"{source.gvk.kind} objects in {namespace or 'all namespaces'}"
        self._version: str | None = None
        self._limit = timing.limit
        # An incomplete list. It is kept after failures: a list of many pages that restarted after each failure might
        # never complete on an overloaded API server.
        self._found: dict[Key, Object] = {}
        self._continue = ""
        self._failures = 0
        self._stopping = threading.Event()
        self._retry = threading.Event()
        self._lock = threading.Lock()
        self._response: BaseHTTPResponse | None = None
        self.synced = threading.Event()
        self._given_up = False
        self.last_turn = time.monotonic()

    @property
    def waited_for(self) -> bool:
        """Whether work waits for the first list."""
        return not (self.synced.is_set() or self._given_up)

    @property
    def stalled_after(self) -> float:
        """Seconds without a turn after which the loop counts as hanging."""
        timing = self._timing
        return 2 * (timing.silence + timing.page + timing.backoff.most) + 30

    def stop(self) -> None:
        """End the loop, and interrupt a watch that waits for events."""
        self._stopping.set()
        self._retry.set()
        with self._lock:
            if self._response is not None:
                _interrupt(self._response)

    def retry_now(self) -> None:
        """End a delay after a failure, and start the next delay at its shortest."""
        if self._failures:
            self._failures = 0
            self._retry.set()

    def run(self) -> None:
        """List and watch until :meth:`stop`. No failure ends the loop."""
        while not self._stopping.is_set():
            self.last_turn = time.monotonic()
            try:
                self._turn()
            except Exception as exc:
                if not self._stopping.is_set() and self._retry.wait(self._recover(exc)):
                    self._retry.clear()

    def _turn(self) -> None:
        if self._version is None:
            self._observe(self._source.id, "list")
            self._version = self._list()
            self.synced.set()
        began = time.monotonic()
        self._observe(self._source.id, "watch")
        events = self._watch(self._version)
        if not events and time.monotonic() - began < 1.0 and not self._stopping.is_set():
            raise KubeError(f"Could not watch {self._what}: the API server ended the watch at once.")

    def _recover(self, exc: Exception) -> float:
        if isinstance(exc, Expired):
            self._observe(self._source.id, "expired")
            _log.info("The watch of %s has expired; listing them again", self._what)
            self._version, self._found, self._continue = None, {}, ""
            return self._next_delay()
        self._observe(self._source.id, "error")
        if isinstance(exc, PageTooLarge):
            self._limit = max(1, self._limit // 8)
        overloaded = isinstance(exc, KubeError) and exc.status == _OVERLOADED
        many = self._failures + 1 >= _RELIST_AFTER
        if many and not overloaded:
            self._version = None
        missing = self._source.optional and isinstance(exc, ApiNotFound)
        if missing:  # the CRD was removed, and all objects with it
            self._version, self._found, self._continue = None, {}, ""
            self._store.replace(self._source.id, self._namespace, {})
        forbidden = self._source.optional and isinstance(exc, ApiForbidden)
        if missing or forbidden or (self._source.optional and many):
            self._given_up = True
        seconds = self._next_delay(exc.retry_after if isinstance(exc, KubeError) else 0.0)
        if isinstance(exc, KubeError):
            level = logging.DEBUG if missing or forbidden else logging.WARNING
            _log.log(level, "%s Retrying in %.1f s", exc, seconds)
        else:
            _log.error("Failed to watch %s; retrying in %.1f s", self._what, seconds, exc_info=exc)
        return seconds

    def _next_delay(self, retry_after: float = 0.0) -> float:
        self._failures += 1
        return self._timing.backoff.delay(self._failures, retry_after)

    def _list(self) -> str:
        """List all objects into the store, and return the resourceVersion of the list."""
        while True:
            self.last_turn = time.monotonic()
            values, metadata = self._page()
            self._found.update({self._key(value): value for value in values})
            self._continue = str(metadata.get("continue") or "")
            if not self._continue:
                break
        self._store.replace(self._source.id, self._namespace, self._found)
        self._found = {}
        self._failures = 0
        # All pages of a list have the resourceVersion of the first one.
        return str(metadata.get("resourceVersion", ""))

    def _page(self) -> tuple[list[Object], dict[str, t.Any]]:
        what = f"list {self._what}"
        query = {**self._source.query(), "limit": str(self._limit)}
        if self._continue:
            query["continue"] = self._continue
        accept = self._source.accept(listing=True)
        try:
            response = self._client.open(self._path, what=what, query=query, accept=accept, timeout=self._timing.page)
        except KubeError as exc:
            raise expired_or(exc) from None
        return read_page(response, self._keep, what=what, seconds=self._timing.page)

    def _watch(self, version: str) -> int:
        """Apply events until the watch ends, and return their number."""
        query = {
            **self._source.query(),
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(random.randint(*self._timing.watch)),  # noqa: S311 - spreads load, not security-relevant
        }
        what = f"watch {self._what}"
        accept = self._source.accept(listing=False)
        try:
            response = self._client.open(
                self._path, what=what, query=query, accept=accept, timeout=self._timing.silence
            )
        except KubeError as exc:
            raise expired_or(exc) from None
        count = 0
        try:
            with self._lock:
                self._response = response
            if self._stopping.is_set():  # stop() was called before there was a response to interrupt
                return count
            for event in read_events(response, what=what):
                self._apply(event)
                count += 1
        finally:
            with self._lock:
                self._response = None
            response.close()
        return count

    def _apply(self, event: WatchEvent) -> None:
        self.last_turn = time.monotonic()
        version = str(event.object["metadata"].get("resourceVersion", self._version))
        if event.type != "BOOKMARK" and (value := self._keep(event.object)) is not None:
            if event.type == "DELETED":
                self._store.remove(self._key(value), value)
            else:
                self._store.put(self._key(value), value)
        self._version = version
        self._failures = 0

    def _keep(self, found: t.Any) -> Object | None:
        """Return the part of an object to keep; None for invalid objects, which must not stop the watch."""
        try:
            return self._source.keep(found)
        except Exception:
            _log.exception("Failed to store an object of kind %s", self._source.gvk)
            return None

    def _key(self, value: Object) -> Key:
        metadata = value["metadata"]
        return Key(self._source.id, metadata.get("namespace", ""), metadata["name"])


def _interrupt(response: BaseHTTPResponse) -> None:
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # it has just ended
        response.shutdown()
