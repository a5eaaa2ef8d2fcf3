# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Watches a fleet of MCPServers and their Pods while an operator is replaced by another one."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import KubeError

from support import calls, cluster

from .servers import STATES, UNCALLED

KEY = ("mcp.mcp-operator.io/v1", "MCPServer")
# Of versions before the status had it.
RECONCILED = "mcp.mcp-operator.io/reconciled"
# Seconds for which nothing must change before an upgrade counts as over.
QUIET = 15.0


@dataclasses.dataclass(frozen=True)
class Row:
    """What clients and users notice of an upgrade."""

    step: str
    seconds: float
    calls: int
    failures: list[str]
    rolled: list[str]
    worse: list[str]
    changed: list[str]

    def __str__(self) -> str:
        said = [f"{self.step}: {self.seconds:.0f} s, {self.calls} calls"]
        for what in ("failures", "rolled", "worse", "changed"):
            found = getattr(self, what)
            said.append(f"{what} {len(found)}{': ' + '; '.join(found[:5]) if found else ''}")
        return ", ".join(said)

    @property
    def unnoticed(self) -> bool:
        return bool(self.calls) and not (self.failures or self.rolled or self.worse or self.changed)


class Fleet:
    """The MCPServers of one namespace."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    def servers(self) -> dict[str, dict[str, Any]]:
        """Return the MCPServers by name."""
        return {item["metadata"]["name"]: item for item in self._client.list(*KEY, self._namespace)}

    def pods(self) -> dict[str, int]:
        """Return the Pods of MCPServers, those of Jobs excepted, each with its number of restarts."""
        found = self._client.list("v1", "Pod", self._namespace)
        return {
            f"{pod['metadata']['name']}/{pod['metadata']['uid']}": sum(
                state["restartCount"] for state in pod["status"].get("containerStatuses") or []
            )
            for pod in found
            if any(owner["kind"] == "ReplicaSet" for owner in pod["metadata"].get("ownerReferences") or [])
        }

    def states(self) -> dict[str, tuple[str, str, str]]:
        """Return phase, state of validation and condition Ready of each MCPServer."""
        return {name: _state(item.get("status") or {}) for name, item in self.servers().items()}

    def settle(self, names: list[str], timeout: float = 400) -> None:
        """Wait until each MCPServer is in its final state, and the operator has nothing more to write.

        An operator also reconciles those that were in that state before it came, and a change must not begin earlier.
        """

        def missing() -> list[str]:
            found, scaling = self.states(), self._scaling()
            return [
                f"{name} {found.get(name)}" for name in names if name in scaling or not _is_final(name, found.get(name))
            ]

        try:
            cluster.until("all MCPServers are settled", lambda: not missing(), timeout)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {missing()}") from None
        self._quiet()

    def _scaling(self) -> set[str]:
        """Return the MCPServers whose autoscaler, which begins seconds later, has not made the fewest Pods yet."""
        return {
            name
            for name, item in self.servers().items()
            if (item.get("status") or {}).get("readyReplicas", 0) < item["spec"].get("hpa", {}).get("minReplicas", 1)
        }

    def urls(self) -> dict[str, str]:
        """Return the URLs of the servers that clients call."""
        found = self._client.list("v1", "Service", self._namespace)
        return {
            item["metadata"]["name"]: f"http://{item['spec']['clusterIP']}:{item['spec']['ports'][0]['port']}"
            for item in found
            if item["metadata"]["name"] not in UNCALLED
        }

    def watch(self, step: str, change: Callable[[], None], *, reconciles: bool = True) -> Row:
        """Change the operator while clients call; return what was noticed.

        :param reconciles: whether the change of the operator reconciles every MCPServer.
        """
        before, states, pods = self.servers(), self.states(), self.pods()
        worse: set[str] = set()
        seen: dict[str, int] = {}
        started = time.monotonic()
        with calls.steadily(self.urls()) as met, self._sampled(states, worse, seen):
            change()
            if reconciles:
                cluster.until(
                    "all MCPServers are reconciled",
                    lambda: all(_note(item) != _note(before[name]) for name, item in self.servers().items()),
                    180,
                )
            self._quiet()
        after = self.servers()
        return Row(
            step,
            time.monotonic() - started,
            sum(one["calls"] for one in met.values()),
            [f"{name} {failure}" for name, one in met.items() for failure in one["failures"]],
            sorted(
                pod
                for pod in {**seen, **pods}
                if pod not in pods or seen.get(pod, -1) != pods[pod] or pod not in self.pods()
            ),
            sorted(worse),
            sorted(
                name
                for name, item in after.items()
                if (item["spec"], item["metadata"]["generation"])
                != (before[name]["spec"], before[name]["metadata"]["generation"])
            ),
        )

    def _quiet(self) -> None:
        """Wait until no MCPServer has been written for some time."""
        last: list[Any] = [None, time.monotonic()]

        def check() -> bool:
            now = {name: item["metadata"]["resourceVersion"] for name, item in self.servers().items()}
            if now != last[0]:
                last[:] = [now, time.monotonic()]
            return time.monotonic() - last[1] > QUIET

        cluster.until("nothing changes any more", check, 240)

    @contextmanager
    def _sampled(
        self, states: dict[str, tuple[str, str, str]], worse: set[str], seen: dict[str, int]
    ) -> Iterator[None]:
        """Record all Pods, and each status that is worse than before, several times a second."""
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(0.3):
                try:
                    found, now = self.pods(), self.states()
                except KubeError:  # the API server reloads the CustomResourceDefinition
                    continue
                seen.update(found)
                worse.update(
                    f"{name} {' '.join(states[name])} -> {' '.join(state)}"
                    for name, state in now.items()
                    if state != states[name]
                )

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _state(status: dict[str, Any]) -> tuple[str, str, str]:
    ready = next((one["status"] for one in status.get("conditions") or [] if one["type"] == "Ready"), "")
    return str(status.get("phase")), str((status.get("validation") or {}).get("state")), ready


def _is_final(name: str, found: tuple[str, str, str] | None) -> bool:
    return found is not None and found[:2] == ("Running", STATES.get(name, "Validated"))


def _note(item: dict[str, Any]) -> str:
    annotation = (item["metadata"].get("annotations") or {}).get(RECONCILED)
    return str((item.get("status") or {}).get("reconciliationRecord") or annotation)
