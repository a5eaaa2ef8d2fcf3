# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The informers: discover, list and watch all sources of the process."""

from __future__ import annotations

import logging
import threading
import time
import typing as t

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiForbidden, ApiNotFound, KubeError
from .discovery import Discovery
from .reflector import OnWatchActivity, Reflector, ReflectorTiming
from .source import Resource, Source
from .store import Key, Object, Store

_log = logging.getLogger(__name__)


# Seconds without a turn after which a discovery counts as hanging. A delay and a request take less.
_DISCOVERY_HANGING = 300.0
# Failed discoveries of an optional kind after which nothing waits for it any more. They count once another kind is
# found: while the API server is away, they say nothing about the kind.
_PATIENCE = 5


class _Discovering(t.NamedTuple):
    """A source whose kind is not found yet.

    :param reason: why.
    :param last_turn: when it was last looked for in monotonic seconds.
    :param waited_for: work waits for it.
    """

    reason: str
    last_turn: float
    waited_for: bool = True


def _observe_nothing(_source: str, _activity: str) -> None:
    pass


class Informers:
    """Keeps a store up to date with the objects of sources.

    :param namespaces: the namespaces to watch; empty for all namespaces.
    :param observe: called for each list and watch.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        namespaces: t.Sequence[str] = (),
        *,
        timing: ReflectorTiming | None = None,
        observe: OnWatchActivity = _observe_nothing,
    ) -> None:
        self.store = store
        self.discovery = Discovery(client)
        self._client = client
        self._namespaces = tuple(namespaces)
        self._timing = timing or ReflectorTiming()
        self._observe = observe
        self._stopping = threading.Event()
        self._retry = threading.Event()
        self._lock = threading.Lock()
        self._dormant: dict[str, Source] = {}
        self._discovering: dict[str, _Discovering] = {}
        self._reflectors: dict[str, list[Reflector]] = {}
        self._threads: list[threading.Thread] = []
        store.subscribe(self._wake)

    def add(self, source: Source) -> None:
        """Start to list and watch a source, at once or when it is wanted.

        Ignored if there is a source with the same ID.
        """
        if source.wanted_by is None:
            self._begin(source)
            return
        with self._lock:
            self._dormant[source.id] = source
        stored = self.store.keys()
        for key in stored:
            self._wake(key, None, self.store.get(key))

    def unready(self) -> list[str]:
        """Return why the store is not complete, one sentence each.

        It is complete without the kinds that the cluster does not serve, or does not permit to list, if their sources
        are optional.
        """
        with self._lock:
            waiting = [
                f"{name} is not found: {entry.reason}" for name, entry in self._discovering.items() if entry.waited_for
            ]
            for name, reflectors in self._reflectors.items():
                if any(reflector.waited_for for reflector in reflectors):
                    waiting.append(f"{name} is not listed yet")
            return waiting

    def stalled(self) -> list[str]:
        """Return the IDs of the sources whose thread hangs."""
        now = time.monotonic()
        with self._lock:
            stalled = [
                name
                for name, reflectors in self._reflectors.items()
                if any(now - reflector.last_turn > reflector.stalled_after for reflector in reflectors)
            ]
            discoveries = self._discovering.items()
            return stalled + [name for name, entry in discoveries if now - entry.last_turn > _DISCOVERY_HANGING]

    def retry_now(self) -> None:
        """End delays after failures, for example because the API server is reachable again."""
        with self._lock:
            if self._discovering:
                self._retry.set()
            for reflectors in self._reflectors.values():
                for reflector in reflectors:
                    reflector.retry_now()

    def wait(self, seconds: float) -> bool:
        """Wait until the store is complete; return whether it is."""
        deadline = time.monotonic() + seconds
        while self.unready() and time.monotonic() < deadline:
            self._stopping.wait(0.02)
        return not self.unready()

    def stop(self, seconds: float = 5.0) -> None:
        """End all watches, and wait for their threads.

        :param seconds: limit of the time to wait.
        """
        self._stopping.set()
        self._retry.set()
        with self._lock:
            for reflectors in self._reflectors.values():
                for reflector in reflectors:
                    reflector.stop()
            threads = list(self._threads)
        deadline = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _wake(self, key: Key, _before: Object | None, after: Object | None) -> None:
        """Start the sources that an object wants. The object is stored before its list counts as complete."""
        if after is None:
            return
        for source in list(self._dormant.values()):
            if source.wanted_by is not None and source.wanted_by(key, after):
                self._begin(source)

    def _begin(self, source: Source) -> None:
        with self._lock:
            self._dormant.pop(source.id, None)
            if source.id in self._discovering or source.id in self._reflectors or self._stopping.is_set():
                return
            self._discovering[source.id] = _Discovering("not requested yet", time.monotonic())
            self._start(f"discover {source.id}", self._discover, source)

    def _start(self, name: str, target: t.Callable[..., None], *arguments: t.Any) -> None:
        # Daemon threads, so that a call that hangs does not keep the process from ending.
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _discover(self, source: Source) -> None:
        """Discover the kind until the API server serves it: its CRD may be installed after the operator."""
        failures = counted = 0
        waited_for = True
        while not self._stopping.is_set():
            try:
                resource = self.discovery.resource(source.gvk)
            except KubeError as exc:
                failures += 1
                seconds = self._timing.backoff.delay(failures, exc.retry_after)
                level = logging.DEBUG if source.optional else logging.WARNING
                _log.log(level, "%s Retrying in %.1f s", exc, seconds)
                with self._lock:
                    counted += bool(self._reflectors)
                    answered = isinstance(exc, (ApiNotFound, ApiForbidden)) or counted >= _PATIENCE
                    waited_for = waited_for and not (source.optional and answered)
                    self._discovering[source.id] = _Discovering(str(exc), time.monotonic(), waited_for)
                if self._retry.wait(seconds) and not self._stopping.is_set():
                    self._retry.clear()
                    failures = 0
                continue
            self._reflect(source, resource)
            return

    def _reflect(self, source: Source, resource: Resource) -> None:
        scopes: t.Sequence[str | None] = self._namespaces if resource.namespaced and self._namespaces else (None,)
        reflectors = [
            Reflector(
                source,
                resource,
                scope,
                client=self._client,
                store=self.store,
                timing=self._timing,
                observe=self._observe,
            )
            for scope in scopes
        ]
        with self._lock:
            if self._stopping.is_set():
                return
            del self._discovering[source.id]
            self._reflectors[source.id] = reflectors
            for reflector, scope in zip(reflectors, scopes, strict=True):
                self._start(f"watch {source.id} {scope or '*'}", reflector.run)
