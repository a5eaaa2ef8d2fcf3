# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What every cluster that can be used for tests can do."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ClusterError
from ..machine.shell import run, search_path


@dataclass(frozen=True)
class UpOptions:
    """None leaves a choice as an earlier `up` made it."""

    unthrottled: bool | None = None
    audit: bool | None = None
    metrics: bool | None = None
    default_admission: bool | None = None
    network_policies: bool | None = None
    cert_manager: bool | None = None
    contour: bool | None = None
    argo_rollouts: bool | None = None
    flagger: bool | None = None
    kubernetes: str | None = None

    @property
    def any(self) -> bool:
        """Whether something was asked for that only the testbed has."""
        return any(vars(self).values())


@dataclass(frozen=True)
class Line:
    """A line of `status`: a part of the cluster, its process if there is one, and what is wrong with it."""

    part: str
    pid: int | None
    trouble: str


class Provider(ABC):
    kind: str

    @abstractmethod
    def up(self, options: UpOptions) -> None:
        """Return when the cluster works; do nothing if it does already."""

    @abstractmethod
    def down(self) -> None:
        """Return when nothing is left of it; do nothing if nothing is there."""

    @abstractmethod
    def status(self) -> list[Line]: ...

    @abstractmethod
    def kubeconfig(self) -> Path: ...

    @abstractmethod
    def load(self, archives: Sequence[Path]) -> None:
        """Make images known to the cluster's nodes."""

    @abstractmethod
    def enter(self, command: list[str]) -> None:
        """Become a command from which the cluster's addresses can be reached, with KUBECONFIG set."""


def become(command: list[str], kubeconfig: Path) -> None:
    if shutil.which(command[0]) is None:
        raise ClusterError(f"{command[0]} is not installed.")
    os.execvpe(command[0], command, {**os.environ, "KUBECONFIG": str(kubeconfig)})


def api_server_trouble(kubeconfig: Path) -> str:
    """Why the API server behind a kubeconfig does not answer; empty if it does."""
    if shutil.which("kubectl", path=search_path()) is None:
        raise ClusterError("kubectl is not installed.", advice="It is needed to look at a cluster by its kubeconfig.")
    answer = run(
        ["kubectl", f"--kubeconfig={kubeconfig}", "--request-timeout=10s", "get", "--raw", "/readyz"],
        check=False,
        timeout=30,
    )
    return "" if answer.returncode == 0 else answer.stderr.strip()[-400:] or "it does not answer"
