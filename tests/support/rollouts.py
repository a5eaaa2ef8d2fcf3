# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rollouts with the playbook. Two hosts stand for two clusters, with an MCPServer of their own each."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .deployed import servers_in
from .playbooks import Playbooks, Run

HOSTS = ("first", "second")
_HEAD = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
_PLACEMENT = [{"servers": [name], "clusters": [name]} for name in HOSTS]


@dataclasses.dataclass(frozen=True)
class Rollout:
    """The state file, the inventory and the kubeconfigs are in a folder, the machine on which the playbook runs.

    :param variables: of the playbook.
    """

    playbooks: Playbooks
    client: Client
    namespace: str
    folder: Path
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def on(
        cls, playbooks: Playbooks, client: Client, namespace: str, folder: Path, kubeconfig: str, **variables: Any
    ) -> Rollout:
        """Write an inventory whose hosts have copies of a kubeconfig: with one file they would be one cluster."""
        folder.mkdir(exist_ok=True)
        hosts = {name: {"mcp_kubeconfig": str(shutil.copy(kubeconfig, folder / name))} for name in HOSTS}
        (folder / "clusters.yml").write_text(yaml.safe_dump({"clusters": {"hosts": hosts}}), encoding="utf-8")
        return cls(playbooks, client, namespace, folder, variables)

    def moved(self, folder: Path, kubeconfig: str) -> Rollout:
        """Return the rollout on another machine, which has the state file and other credentials."""
        other = Rollout.on(self.playbooks, self.client, self.namespace, folder, kubeconfig, **self.variables)
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
        return {
            "mcp_servers": [{**_HEAD, "metadata": {"name": name}, "spec": spec} for name, spec in specs.items()],
            "mcp_namespace": self.namespace,
            "mcp_placement": _PLACEMENT,
            "mcp_soak": soak,
            "mcp_state_file": str(self.folder / "state.json"),
            "mcp_report_file": str(self.folder / "report.json"),
            **self.variables,
        }


class Stand:
    """Says in the place of an operator what it would say of the MCPServers of a namespace, which have no Pods.

    :ivar held: names of which nothing is said yet.
    :ivar bad: names that do not pass validation.
    """

    def __init__(self, client: Client, namespace: str) -> None:
        self._client, self._namespace = client, namespace
        self.held: set[str] = set()
        self.bad: set[str] = set()

    def say(self) -> None:
        """Write the status of each MCPServer whose spec was changed."""
        for name, server in servers_in(self._client, self._namespace).items():
            generation = server["metadata"]["generation"]
            if name in self.held or (server.get("status") or {}).get("observedGeneration") == generation:
                continue
            passed = name not in self.bad
            status = {
                "observedGeneration": generation,
                "phase": "Running" if passed else "ValidationFailed",
                "message": "All Pods are ready." if passed else "NOT_MCP: It is no MCP server.",
                "validation": {"state": "Validated" if passed else "Failed"},
                "conditions": [
                    {
                        "type": "Ready",
                        "status": "True" if passed else "False",
                        "reason": "Validated" if passed else "ValidationFailed",
                        "message": "",
                        "lastTransitionTime": "2026-01-01T00:00:00Z",
                    }
                ],
            }
            meta = {"name": name, "namespace": self._namespace}
            self._client.apply(
                {**_HEAD, "metadata": meta, "status": status}, field_manager="operator", subresource="status"
            )

    @classmethod
    @contextlib.contextmanager
    def running(cls, client: Client, namespace: str) -> Iterator[Stand]:
        """Let it run while the block does."""
        made, ended = cls(client, namespace), threading.Event()

        def run() -> None:
            while not ended.wait(0.2):
                made.say()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield made
        finally:
            ended.set()
            thread.join()


def changing(rollout: Rollout, name: str) -> None:
    """Wait until a host has its change and is not validated yet."""

    def check() -> bool:
        return rollout.phases().get(name) == "Changing" and rollout.specs("replicas").get(name) == 2

    cluster.until(f"{name} is being changed", check, 180)
