# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rollouts with the playbook. Two hosts stand for two clusters, with an MCPServer of their own each."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .deployed import servers_in
from .playbooks import Playbooks, Run

HOSTS = ("first", "second")
_PLACEMENT = [{"servers": [name], "clusters": [name]} for name in HOSTS]


@dataclasses.dataclass(frozen=True)
class Rollout:
    """The state file, the inventory and the kubeconfigs are in a folder, the machine on which the playbook runs."""

    playbooks: Playbooks
    client: Client
    namespace: str
    folder: Path

    @classmethod
    def on(cls, playbooks: Playbooks, client: Client, namespace: str, folder: Path, kubeconfig: str) -> Rollout:
        """Write an inventory whose hosts have copies of a kubeconfig: with one file they would be one cluster."""
        folder.mkdir(exist_ok=True)
        hosts = {name: {"mcp_kubeconfig": str(shutil.copy(kubeconfig, folder / name))} for name in HOSTS}
        (folder / "clusters.yml").write_text(yaml.safe_dump({"clusters": {"hosts": hosts}}), encoding="utf-8")
        return cls(playbooks, client, namespace, folder)

    def moved(self, folder: Path, kubeconfig: str) -> Rollout:
        """Return the rollout on another machine, which has the state file and other credentials."""
        other = Rollout.on(self.playbooks, self.client, self.namespace, folder, kubeconfig)
        shutil.copy(self.folder / "state.json", folder / "state.json")
        return other

    def start(self, *options: str, soak: int = 1, **specs: Any) -> subprocess.Popen[str]:
        """Start the playbook and leave it to the caller."""
        return self.playbooks.start("rollout", *self._options(options), **self._variables(soak, specs))

    def run(self, *options: str, soak: int = 1, **specs: Any) -> Run:
        """Run the playbook with the specs of the servers."""
        done = self.playbooks.run("rollout", *self._options(options), **self._variables(soak, specs))
        print(done.output)
        return done

    def report(self) -> dict[str, dict[str, Any]]:
        """Return the rows of the report by cluster."""
        rows = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))["clusters"]
        return {row["cluster"]: row for row in rows}

    def phases(self) -> dict[str, str]:
        """Return the phases of the clusters in the state file; none before there is one."""
        with contextlib.suppress(FileNotFoundError):
            state = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
            return {name: own["phase"] for name, own in state["clusters"].items()}
        return {}

    def specs(self, field: str) -> dict[str, Any]:
        """Return a field of the specs on the cluster."""
        found = servers_in(self.client, self.namespace)
        return {name: server["spec"].get(field) for name, server in found.items() if name in HOSTS}

    def _options(self, options: tuple[str, ...]) -> list[str]:
        return [f"--inventory={self.folder / 'clusters.yml'}", *options]

    def _variables(self, soak: int, specs: dict[str, Any]) -> dict[str, Any]:
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
        return {
            "mcp_servers": [{**head, "metadata": {"name": name}, "spec": spec} for name, spec in specs.items()],
            "mcp_namespace": self.namespace,
            "mcp_placement": _PLACEMENT,
            "mcp_soak": soak,
            "mcp_state_file": str(self.folder / "state.json"),
            "mcp_report_file": str(self.folder / "report.json"),
        }


def changing(rollout: Rollout, name: str) -> None:
    """Wait until a host has its change and is not validated yet."""

    def check() -> bool:
        return rollout.phases().get(name) == "Changing" and rollout.specs("replicas").get(name) == 2

    cluster.until(f"{name} is being changed", check, 180)
