# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Where things are kept: what may be thrown away with a cluster, and what is worth keeping between clusters."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import ClusterError

SOURCES = Path(__file__).resolve().parent.parent

# The name becomes a folder, a network namespace, a control group and the Node's name.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


def _base(variable: str, fallback: str) -> Path:
    # The XDG specification says that a relative path is to be ignored.
    value = os.environ.get(variable, "")
    base = Path(value) if value.startswith("/") else Path.home() / fallback
    return base / "mcp-kubernetes"


def cache_home() -> Path:
    return _base("XDG_CACHE_HOME", ".cache")


def state_home() -> Path:
    return _base("XDG_STATE_HOME", ".local/state")


@dataclass(frozen=True)
class Locations:
    """The files of one cluster; deleting `root` deletes the cluster."""

    name: str
    root: Path

    @classmethod
    def of(cls, name: str) -> Locations:
        if not NAME.fullmatch(name):
            raise ClusterError(
                f"{name!r} cannot name a cluster.",
                advice="Use up to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
            )
        return cls(name, state_home() / name)

    @property
    def lock(self) -> Path:
        # Beside the cluster's folder, because `down` deletes that while it holds the lock.
        return self.root.with_name(self.root.name + ".lock")

    @property
    def processes(self) -> Path:
        return self.root / "processes"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def pki(self) -> Path:
        return self.root / "pki"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def etcd(self) -> Path:
        return self.root / "etcd"

    @property
    def node(self) -> Path:
        """What containerd and kubelet keep; seen at the usual paths from inside the cluster's mount namespace."""
        return self.root / "node"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def kubeconfig(self) -> Path:
        """For use on this machine: by way of the door."""
        return self.root / "kubeconfig"

    @property
    def inner_kubeconfig(self) -> Path:
        """For use inside the cluster's network namespace: the API server's own address."""
        return self.root / "kubeconfig.inner"
