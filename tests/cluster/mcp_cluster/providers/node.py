# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The testbed as a provider."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..api import Api
from ..errors import ClusterError
from ..machine.mounts import HOLDER
from ..progress import say
from ..readiness import node_trouble
from ..testbed import SingleNode
from .base import Line, Provider, UpOptions


class NodeTestbed(Provider):
    kind = "testbed"

    def __init__(self, name: str) -> None:
        self.testbed = SingleNode(name)

    def up(self, options: UpOptions) -> None:
        self.testbed.up(**vars(options))

    def down(self) -> None:
        name = self.testbed.locations.name
        say(f"{name} is gone" if self.testbed.down() else f"There is no {name}")

    def status(self) -> list[Line]:
        testbed = self.testbed
        cluster, ledger = testbed.cluster(), testbed.ledger
        holder = ledger.running(HOLDER)
        if holder is None:
            return [Line("testbed", None, "it is not up")]
        lines = []
        for component in testbed.components(cluster, holder.pid):
            process = ledger.running(component.name)
            trouble = component.trouble() if process else "its process has ended"
            lines.append(Line(component.name, process.pid if process else None, trouble))
        try:
            trouble = node_trouble(Api(cluster.namespace, cluster.certificates), cluster.name)
        except ClusterError as error:
            trouble = error.message
        return [*lines, Line(f"Node {cluster.name}", None, trouble)]

    def kubeconfig(self) -> Path:
        if not self.testbed.locations.kubeconfig.exists():
            raise ClusterError(
                f"{self.testbed.locations.name} is not up.", advice="Bring it up with: python3 tests/cluster up"
            )
        return self.testbed.locations.kubeconfig

    def load(self, archives: Sequence[Path]) -> None:
        store = self.testbed.images(self.testbed.cluster(), self.testbed.holder())
        for archive in archives:
            store.load(archive)

    def enter(self, command: list[str]) -> None:
        self.testbed.enter(command)
