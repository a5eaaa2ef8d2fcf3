# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Deploys many MCPServers in few playbook runs, and remembers what the API server had after each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from .playbooks import Playbooks, Run

KINDS = {
    "MCPServer": "mcp.mcp-operator.io/v1",
    "ServiceAccount": "v1",
    "Service": "v1",
    "Deployment": "apps/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "PodDisruptionBudget": "policy/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}

Manifests = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Round:
    """A playbook run, and the objects of the namespace after it."""

    run: Run
    namespace: str
    objects: dict[tuple[str, str], dict[str, Any]]

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        return self.objects.get((kind, name))

    def get(self, kind: str, name: str) -> dict[str, Any]:
        return self.objects[kind, name]

    def failed(self, name: str) -> bool:
        return self.run.failed(f"{self.namespace}/{name}")

    def changed(self, name: str) -> int:
        return self.run.recap[f"{self.namespace}/{name}"]["changed"]


@dataclass(frozen=True)
class Rounds:
    """Runs the playbook ``deploy`` in one namespace.

    :param folder: where the manifests are written.
    """

    client: Client
    playbooks: Playbooks
    namespace: str
    folder: Path

    def deploy(self, servers: Manifests, *options: str) -> Round:
        """Deploy these specs by name, and no others."""
        documents = [
            {"apiVersion": KINDS["MCPServer"], "kind": "MCPServer", "metadata": {"name": name}, "spec": spec}
            for name, spec in servers.items()
        ]
        (self.folder / "servers.yaml").write_text(yaml.safe_dump_all(documents, allow_unicode=True), encoding="utf-8")
        return self.play("deploy", *options, mcp_manifests=str(self.folder), mcp_wait=False)

    def play(self, playbook: str, *options: str, **variables: object) -> Round:
        """Run another playbook in the namespace."""
        run = self.playbooks.run(playbook, *options, mcp_namespace=self.namespace, **variables)
        found = {
            (kind, item["metadata"]["name"]): item
            for kind, version in KINDS.items()
            for item in self.client.list(version, kind, self.namespace)
        }
        return Round(run, self.namespace, found)
