# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What all components have in common, and what they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..api import probe
from ..certificates import Certificates
from ..locations import Locations
from ..machine.cgroups import ControlGroup
from ..machine.netns import NetworkNamespace
from ..machine.processes import fingerprint


@dataclass(frozen=True)
class Settings:
    """What was chosen when the cluster came up, and holds until it is chosen otherwise."""

    unthrottled: bool = False
    audit: bool = False
    door_port: int = 0
    kwok: bool = False
    metrics: bool = False
    default_admission: bool = False
    network_policies: bool = False
    cert_manager: bool = False
    contour: bool = False
    argo_rollouts: bool = False
    flagger: bool = False
    kubernetes: str = ""
    """Its minor version; empty for the default one."""
    etcd: str = ""
    """The version that wrote the data, since others may not read it."""


@dataclass(frozen=True)
class Programs:
    """Folders, by where their programs come from."""

    kubernetes: Path
    etcd: Path
    coredns: Path
    packages: Path

    @property
    def search_path(self) -> str:
        return f"{self.packages}:{self.kubernetes}"


@dataclass(frozen=True)
class Cluster:
    locations: Locations
    namespace: NetworkNamespace
    group: ControlGroup
    certificates: Certificates
    programs: Programs
    settings: Settings

    @property
    def name(self) -> str:
        return self.locations.name

    def kubeconfig_of(self, user: str) -> Path:
        return self.locations.config / f"{user}.kubeconfig"

    def healthy(self, url: str) -> Callable[[], str]:
        return lambda: probe(self.namespace, url)


@dataclass(frozen=True)
class Component:
    name: str
    argv: tuple[str, ...]
    trouble: Callable[[], str]
    """Why it does not work yet, or any more; empty if it works."""
    files: Mapping[Path, str] = field(default_factory=dict)
    """Its configuration: written before it starts, and a reason to start it again when it changes."""
    seconds: float = 1
    """How long it usually takes to come up."""
    timeout: float = 60
    outside: bool = False
    """Whether it runs in the machine's own namespaces."""
    identity: tuple[str, ...] = ()
    """What makes it another one when it changes, if that is not the whole command."""

    @property
    def fingerprint(self) -> str:
        written = [part for path, text in sorted(self.files.items()) for part in (str(path), text)]
        return fingerprint(*(self.identity or self.argv), *written)
