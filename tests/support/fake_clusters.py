# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Clusters in memory, on which a rollout runs as the playbook does."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_state as states
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_plan import plan
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollout import Rollout

Result = dict[str, Any]
CLUSTERS = ("a", "b", "c", "d", "e")


def server(image: str) -> Result:
    meta = {"name": "wiki", "namespace": "team"}
    return {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": {"image": image}}


def planned(
    image: str = "wiki:2",
    clusters: Sequence[str] = CLUSTERS,
    *,
    wave_size: str = "",
    overlays: dict[str, list[Result]] | None = None,
) -> Result:
    given = {name: {"context": name, "overlays": (overlays or {}).get(name, [])} for name in clusters}
    return plan([server(image)], given, lambda _pattern: [], wave_size=wave_size).to_dict()


def key(cluster: str) -> str:
    return f"{cluster}/team/wiki"


class Fleet:
    """Simulated clusters, changed as the playbook does: what is applied serves, unless the cluster refuses."""

    def __init__(self, path: Path, images: dict[str, str] | None = None) -> None:
        self.path = str(path)
        self.images = dict.fromkeys(CLUSTERS, "wiki:1") if images is None else images
        self.unreachable: set[str] = set()
        self.refusing: set[str] = set()  # clusters that reject each change
        self.after: dict[str, Callable[[], None]] = {}  # called after a step of the playbook
        self.bad: dict[str, str] = {}  # image -> message
        self.changes = 0

    def step(self, given: Result | None = None) -> Rollout:
        return Rollout(self.path, given or planned(), lambda: "2026-11-28T22:00:00Z", dry_run=False)

    def begin(
        self,
        given: Result | None = None,
        *,
        only_waves: Sequence[str] = (),
        roll_back: bool = False,
        discard: bool = False,
    ) -> Result:
        return self.step(given).begin(only_waves=only_waves, roll_back=roll_back, discard=discard)

    def found(self, clusters: Sequence[str]) -> Result:
        return {
            name: {"error": "no answer"}
            if name in self.unreachable
            else {
                "servers": [{"namespace": "team", "name": "wiki", "manifest": server(self.images[name])}]
                if self.images[name]
                else []
            }
            for name in clusters
        }

    def apply(self, servers: Result) -> Result:
        results = {}
        for one, manifest in servers.items():
            cluster = one.split("/")[0]
            if cluster in self.unreachable:
                results[one] = {"failed": True, "msg": "no answer"}
                continue
            if cluster in self.refusing:
                results[one] = {"failed": True, "msg": "denied by a policy"}
                continue
            image = manifest["spec"]["image"]
            self.changes += self.images[cluster] != image
            results[one] = {"failed": False, "changed": self.images[cluster] != image}
            self.images[cluster] = image
        return results

    def observe(self, applied: Result) -> Result:
        return {
            one: {"failed": True, "msg": "no answer"}
            if one.split("/")[0] in self.unreachable
            else {"failed": bool(self.bad.get(self.images[one.split("/")[0]])), "msg": "bad", "server": {}}
            for one, result in applied.items()
            if not result["failed"]
        }

    def restore(self, what: Result, given: Result | None = None) -> None:
        applied = self.apply(what["servers"])
        deleted = {}
        for one in what["absent"]:
            deleted[one] = {"failed": one.split("/")[0] in self.unreachable, "msg": "no answer"}
            if not deleted[one]["failed"]:
                self.images[one.split("/")[0]] = ""
        self.step(given).restored(what["clusters"], [applied, deleted], {})

    def run(
        self, given: Result | None = None, *, max_fail: float = 0.0, restore: bool = True, **options: Any
    ) -> Result:
        """Run the playbook; an exception of a simulated step is an interruption."""
        given = given or planned()
        begun = self.begin(given, **options)
        if begun["rolling_back"]:
            self.restore(begun["restore"], given)
        left = iter(begun["clusters"])
        for size in begun["serial"] if begun["clusters"] else []:
            batch = self.step(given).wave(list(itertools.islice(left, size)))["clusters"]
            if not batch:
                continue
            kept = self.step(given).keep(batch, self.found(batch))
            self._then("keep", batch)
            applied = self.apply(kept["servers"])
            self._then("apply", batch)
            observed = self.observe(applied)
            self._then("observe", batch)
            judged = self.step(given).judge(batch, [applied, observed], max_fail, restore=restore)
            if judged["restore"]["clusters"]:
                self.restore(judged["restore"], given)
        return self.step(given).report(roll_back=options.get("roll_back", False))

    def _then(self, step: str, batch: Sequence[str]) -> None:
        """Do what a test wants after a step of the second wave."""
        if len(batch) > 1 and step in self.after:
            self.after[step]()

    def phases(self) -> dict[str, str]:
        state = states.read(self.path)
        assert state is not None
        return {name: own["phase"] for name, own in state["clusters"].items()}


def failed(report: Result) -> list[str]:
    return sorted(name for name, result in report["hosts"].items() if result["failed"])
