# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps the store's picture of one kind in one namespace, or in all of them, as the API server has it.

A list, and from its resourceVersion on a watch; a new list where the API server no longer knows what happened since.
The store compares a new list with what it has, so that nobody misses what came and went while nobody watched.
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
from .._vendor._kube.errors import KubeError
from .pause import Pause
from .source import Resource, Source
from .store import Key, Object, Store
from .stream import Expired, PageTooLarge, WatchEvent, expired_or, read_events, read_page

_log = logging.getLogger(__name__)

_OVERLOADED = 429
# So many failures to go on with a watch in a row, and the picture is made anew. A resourceVersion from before etcd was
# restored from a backup, for one, is never "expired": it lies in the future.
_GIVE_UP_VERSION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectorTiming:
    """The clocks of a reflector, in seconds.

    :param silence: without any byte, after which a watch is begun anew: its connection may have died. The API server
        sends a bookmark every minute or so of a kind of which anything ever happened.
    :param watch: the shortest and the longest time that a watch is asked to last; chance takes one between, so that
        watches that began together do not end together.
    :param page: that reading one page of a list may take.
    :param first_pause: after a failure.
    :param most_pause: after many.
    :param limit: objects in a page; fewer are asked for where they are too large together.
    """

    silence: float = 90.0
    watch: tuple[int, int] = (290, 590)
    page: float = 120.0
    first_pause: float = 0.8
    most_pause: float = 30.0
    limit: int = 500


# (id of the source, "list" | "watch" | "expired" | "error"): what happens, for metrics.
OnWatchActivity = t.Callable[[str, str], None]


class Reflector:
    """One list and watch, run by one thread.

    :param namespace: None for all of them, and for kinds without one.
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
        # A list that is not complete yet. It outlives failures: with an API server that refuses every other call, a
        # list of many pages that began anew each time would never end.
        self._found: dict[Key, Object] = {}
        self._continue = ""
        self._pause = Pause(timing.first_pause, timing.most_pause)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._response: BaseHTTPResponse | None = None
        self.synced = threading.Event()
        self.last_turn = time.monotonic()

    @property
    def stalled_after(self) -> float:
        """Seconds without a turn of the loop after which it must be taken for dead."""
        timing = self._timing
        return 2 * (timing.silence + timing.page + timing.most_pause) + 30

    def stop(self) -> None:
        """Ask the loop to end; a watch that waits for events is woken up."""
        self._stopping.set()
        with self._lock:
            if self._response is not None:
                _wake(self._response)

    def run(self) -> None:
        """List and watch until :meth:`stop`; no failure ends it."""
        while not self._stopping.is_set():
            self.last_turn = time.monotonic()
            try:
                self._turn()
            except Exception as exc:
                if not self._stopping.is_set():
                    self._stopping.wait(self._recover(exc))

    def _turn(self) -> None:
        if self._version is None:
            self._observe(self._source.id, "list")
            self._version = self._list()
            self.synced.set()
        began = time.monotonic()
        self._observe(self._source.id, "watch")
        events = self._watch(self._version)
        if not events and time.monotonic() - began < 1.0 and not self._stopping.is_set():
            raise KubeError(f"Could not watch {self._what}: the API server ends the watch at once.")

    def _recover(self, exc: Exception) -> float:
        if isinstance(exc, Expired):
            self._observe(self._source.id, "expired")
            _log.info("The watch of %s has expired; listing them anew", self._what)
            self._version, self._found, self._continue = None, {}, ""
            return self._pause.after_failure()
        self._observe(self._source.id, "error")
        if isinstance(exc, PageTooLarge):
            self._limit = max(1, self._limit // 8)
        overloaded = isinstance(exc, KubeError) and exc.status == _OVERLOADED
        if self._pause.failures + 1 >= _GIVE_UP_VERSION and not overloaded:
            self._version = None
        seconds = self._pause.after_failure(exc.retry_after if isinstance(exc, KubeError) else 0.0)
        if isinstance(exc, KubeError):
            _log.warning("%s Trying again in %.1f s", exc, seconds)
        else:
            _log.error("Watching %s failed; trying again in %.1f s", self._what, seconds, exc_info=exc)
        return seconds

    def _list(self) -> str:
        """Bring the store up to date and return the list's resourceVersion."""
        while True:
            self.last_turn = time.monotonic()
            page = self._page()
            for item in page.get("items") or ():
                if (value := self._take(item)) is not None:
                    self._found[self._key(value)] = value
            self._continue = str(page["metadata"].get("continue") or "")
            if not self._continue:
                break
        self._store.replace(self._source.id, self._namespace, self._found)
        self._found = {}
        self._pause.reset()
        # All pages are of the first one's moment and say its resourceVersion.
        return str(page["metadata"].get("resourceVersion", ""))

    def _page(self) -> dict[str, t.Any]:
        what = f"list {self._what}"
        query = {**self._source.query(), "limit": str(self._limit)}
        if self._continue:
            query["continue"] = self._continue
        accept = self._source.accept(listing=True)
        try:
            response = self._client.open(self._path, what=what, query=query, accept=accept, timeout=self._timing.page)
        except KubeError as exc:
            raise expired_or(exc) from None
        return read_page(response, what=what, seconds=self._timing.page)

    def _watch(self, version: str) -> int:
        """Follow events until the watch ends, and return how many came."""
        query = {
            **self._source.query(),
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(random.randint(*self._timing.watch)),  # noqa: S311 - spreads load, guards nothing
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
            if self._stopping.is_set():  # it asked before there was anything to wake up
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
        if event.type != "BOOKMARK" and (value := self._take(event.object)) is not None:
            if event.type == "DELETED":
                self._store.remove(self._key(value), value)
            else:
                self._store.put(self._key(value), value)
        self._version = version
        self._pause.reset()

    def _take(self, found: t.Any) -> Object | None:
        """Return what is kept of an object, or None where it is such that nothing can: it must not stop the others."""
        try:
            return self._source.take(found)
        except Exception:
            _log.exception("An object of kind %s cannot be taken in", self._source.gvk)
            return None

    def _key(self, value: Object) -> Key:
        metadata = value["metadata"]
        return Key(self._source.id, metadata.get("namespace", ""), metadata["name"])


def _wake(response: BaseHTTPResponse) -> None:
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # it has just ended by itself
        response.shutdown()
