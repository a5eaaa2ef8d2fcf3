# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A cluster that somebody named on purpose. It is used; it is neither made nor taken down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import ClusterError
from ..progress import say
from .base import Line, Provider, UpOptions, api_server_trouble, become


class GivenCluster(Provider):
    kind = "kubeconfig"

    def __init__(self, path: Path) -> None:
        self._path = path

    def up(self, options: UpOptions) -> None:
        if options.any:
            raise ClusterError(
                "A cluster that is not ours is used as it is.", advice="Choose the testbed with --provider testbed."
            )
        if trouble := api_server_trouble(self.kubeconfig()):
            raise ClusterError(
                f"The cluster of {self._path} does not answer: {trouble}",
                advice="Correct MCP_TEST_KUBECONFIG, or unset it to have a cluster made here.",
            )
        say(f"The cluster of {self._path} answers")

    def down(self) -> None:
        say(f"The cluster of {self._path} is not ours to take down: left as it is")

    def status(self) -> list[Line]:
        return [Line("API server", None, api_server_trouble(self.kubeconfig()))]

    def kubeconfig(self) -> Path:
        if not self._path.is_file():
            raise ClusterError(
                f"There is no kubeconfig {self._path}.",
                advice="Correct MCP_TEST_KUBECONFIG, or unset it to have a cluster made here.",
            )
        return self._path

    def load(self, archives: Sequence[Path]) -> None:
        raise ClusterError(
            "Images cannot be loaded into a cluster that is not ours.",
            advice="Push them to a registry that the cluster reads from: " + ", ".join(map(str, archives)),
        )

    def enter(self, command: list[str]) -> None:
        become(command, self.kubeconfig())
