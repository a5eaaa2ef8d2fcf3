# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All lists and watches of the process."""

from __future__ import annotations

import logging
import threading
import time
import typing as t

from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .discovery import Discovery
from .pause import Pause
from .reflector import OnWatchActivity, Reflector, ReflectorTiming
from .source import Resource, Source
from .store import Store

_log = logging.getLogger(__name__)


def _nobody(_source: str, _what: str) -> None:
    pass


class Informers:
    """Keeps a store up to date with what its sources bring.

    :param namespaces: to watch; empty for all of them.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        namespaces: t.Sequence[str] = (),
        *,
        timing: ReflectorTiming | None = None,
        observe: OnWatchActivity = _nobody,
    ) -> None:
        self.store = store
        self.discovery = Discovery(client)
        self._client = client
        self._namespaces = tuple(namespaces)
        self._timing = timing or ReflectorTiming()
        self._observe = observe
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._starting: dict[str, str] = {}
        self._reflectors: dict[str, list[Reflector]] = {}
        self._threads: list[threading.Thread] = []

    def add(self, source: Source) -> None:
        """Begin to list and watch a source; one of an id that is there already changes nothing."""
        with self._lock:
            if source.id in self._starting or source.id in self._reflectors or self._stopping.is_set():
                return
            self._starting[source.id] = "not asked for yet"
            self._start(f"find {source.id}", self._find, source)

    def unready(self) -> list[str]:
        """Return what keeps the store from being complete, a sentence each; empty when it is."""
        with self._lock:
            waiting = [f"{name} is not found: {why}" for name, why in self._starting.items()]
            for name, reflectors in self._reflectors.items():
                if not all(reflector.synced.is_set() for reflector in reflectors):
                    waiting.append(f"{name} is not listed yet")
            return waiting

    def stalled(self) -> list[str]:
        """Return the ids of the sources whose loop does not turn any more."""
        now = time.monotonic()
        with self._lock:
            return [
                name
                for name, reflectors in self._reflectors.items()
                if any(now - reflector.last_turn > reflector.stalled_after for reflector in reflectors)
            ]

    def wait(self, seconds: float) -> bool:
        """Wait until the store is complete; whether it is."""
        deadline = time.monotonic() + seconds
        while self.unready() and time.monotonic() < deadline:
            self._stopping.wait(0.02)
        return not self.unready()

    def stop(self, seconds: float = 5.0) -> None:
        """End all watches, and wait for their threads for so long at most."""
        self._stopping.set()
        with self._lock:
            for reflectors in self._reflectors.values():
                for reflector in reflectors:
                    reflector.stop()
            threads = list(self._threads)
        deadline = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _start(self, name: str, target: t.Callable[..., None], *arguments: t.Any) -> None:
        # Daemons: a call that hangs must not keep the process from ending.
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _find(self, source: Source) -> None:
        """Ask where the kind is until the API server says it: its CRD may be installed after the operator."""
        pause = Pause(self._timing.first_pause, self._timing.most_pause)
        while not self._stopping.is_set():
            try:
                resource = self.discovery.resource(source.gvk)
            except KubeError as exc:
                seconds = pause.after_failure(exc.retry_after)
                _log.warning("%s Trying again in %.1f s", exc, seconds)
                with self._lock:
                    self._starting[source.id] = str(exc)
                self._stopping.wait(seconds)
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
            del self._starting[source.id]
            self._reflectors[source.id] = reflectors
            for reflector, scope in zip(reflectors, scopes, strict=True):
                self._start(f"watch {source.id} {scope or '*'}", reflector.run)
