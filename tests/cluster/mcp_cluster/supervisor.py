# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Bring components to where they should be: keep what works, start what does not, say clearly what will not start."""

from __future__ import annotations

import time
from pathlib import Path

from .components.base import Cluster, Component
from .errors import ClusterError, tail
from .machine import mounts
from .machine.processes import Ledger, exit_status
from .progress import duration, say

POLL = 0.1
REPORT_EVERY = 10.0


class Supervisor:
    def __init__(self, cluster: Cluster, holder: int) -> None:
        self._cluster = cluster
        self._holder = holder
        self._ledger = Ledger(cluster.locations.processes)
        self.started: list[str] = []

    def ensure(self, *components: Component) -> None:
        """All of them run and work when this returns. They start together, so they may need each other."""
        idle = [component.name for component in components if self._stale(component)]
        if idle:
            say(f"Starting {', '.join(idle)} (about {duration(sum(c.seconds for c in components if c.name in idle))})")
        fresh = {component.name for component in components if self._ensure_process(component)}
        for component in components:
            # One that ran already may only be busy, but it may also hang: it gets its time, and then one new start.
            if component.name not in fresh and (trouble := self._wait(component)):
                say(f"{component.name} runs but does not work ({trouble.splitlines()[0][:200]}); starting it again")
                self._ledger.stop([component.name], grace=5)
                self._ensure_process(component)
            if trouble := self._wait(component):
                raise self._failure(component, trouble)

    def _stale(self, component: Component) -> bool:
        running = self._ledger.running(component.name)
        return running is None or self._ledger.fingerprint(component.name) != component.fingerprint

    def _ensure_process(self, component: Component) -> bool:
        if not self._stale(component):
            return False
        self._ledger.stop([component.name], grace=10)
        for path, text in component.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        argv = list(component.argv)
        if not component.outside:
            entry = [f"--net={self._cluster.namespace.path}", mounts.enter_command(self._holder)]
            argv = ["/usr/bin/nsenter", *entry, "--", *argv]
        self._ledger.start(
            component.name,
            argv,
            env=self._environment(),
            log=self._cluster.locations.logs / f"{component.name}.log",
            fingerprint=component.fingerprint,
            group=self._cluster.group.daemons,
        )
        self.started.append(component.name)
        return True

    def _environment(self) -> dict[str, str]:
        # Written out: a proxy or a language of the user's must not reach into the cluster.
        return {
            "PATH": f"{self._cluster.programs.search_path}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LC_ALL": "C.UTF-8",
        }

    def _wait(self, component: Component) -> str:
        """Why the component does not work in time; empty if it does."""
        began = said = time.monotonic()
        while True:
            process = self._ledger.running(component.name)
            if process is None:
                return self._ending(component)
            trouble = component.trouble()
            if not trouble:
                return ""
            now = time.monotonic()
            if now - began > component.timeout:
                return f"not working after {duration(component.timeout)}: {trouble}"
            if now - said > REPORT_EVERY:
                said = now
                say(f"  waiting for {component.name}, {duration(now - began)} so far: {trouble.splitlines()[0][:150]}")
            time.sleep(POLL)

    def _ending(self, component: Component) -> str:
        recorded = self._ledger.recorded(component.name)
        status = None
        if recorded is not None and Path(f"/proc/{recorded.pid}").exists():
            status = exit_status(recorded.pid)
        if status is None:
            return "it has ended"
        return f"it was ended by signal {-status}" if status < 0 else f"it has ended with exit code {status}"

    def _failure(self, component: Component, trouble: str) -> ClusterError:
        log = self._cluster.locations.logs / f"{component.name}.log"
        try:
            last = log.read_text(encoding="utf-8", errors="replace")[-20000:]
        except OSError:
            last = ""
        return ClusterError(
            f"{component.name} does not come up: {trouble}",
            details=tail(last),
            advice=f"Its whole log is {log}. "
            f"To begin anew: `python3 tests/cluster down --name {self._cluster.name}`, then `up`.",
        )
