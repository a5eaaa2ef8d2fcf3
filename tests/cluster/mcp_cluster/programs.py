# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of a testbed: those of one version of Kubernetes, and those that all versions share."""

from __future__ import annotations

import shutil

from .components.base import Programs, Settings
from .errors import ClusterError
from .machine import go_build, packages
from .machine.shell import search_path

DEFAULT = next(reversed(go_build.KUBERNETES_VERSIONS))


def kubernetes(version: str) -> go_build.Module:
    """What is built for a minor version; for "", the default one."""
    module = go_build.KUBERNETES_VERSIONS.get(version or DEFAULT)
    if module is None:
        raise ClusterError(
            f"Kubernetes {version} is not among the versions that are built here.",
            advice=f"There are {', '.join(go_build.KUBERNETES_VERSIONS)}. Take the cluster down, and bring it up anew.",
        )
    return module


def etcd_version() -> str:
    """Return the minor version of etcd, which tells who can read its data: `v3.6`."""
    return go_build.ETCD.version.rpartition(".")[0]


def require_same(name: str, kept: Settings, chosen: Settings) -> None:
    """Refuse other versions than those that wrote a testbed's data.

    :raises ClusterError: they are others.
    """
    now, wanted = (each.kubernetes or DEFAULT for each in (kept, chosen))
    if now != wanted:
        raise ClusterError(
            f"{name} runs Kubernetes {now}, and its data cannot be given to {wanted}.",
            advice="Take it down first, or use another --name.",
        )
    if kept.etcd != chosen.etcd:
        raise ClusterError(
            f"{name} has data of another etcd than {chosen.etcd}.",
            advice="Take it down first (make cluster-down), or use another --name.",
        )


def of(version: str) -> Programs:
    """Where the programs are."""
    return Programs(
        kubernetes(version).output, go_build.ETCD.output, go_build.COREDNS.output, packages.daemons_folder()
    )


def ensure(version: str) -> None:
    """Build and fetch what is missing."""
    packages.ensure_daemons()
    module = kubernetes(version)
    go_build.ensure(module, *(program.name for program in module.programs if program.name != "kubectl"))
    if not shutil.which("kubectl", path=search_path()):
        # The default one works with all versions, and is found without knowing the cluster's.
        go_build.ensure(go_build.KUBERNETES, "kubectl")
    go_build.ensure(go_build.ETCD)
    go_build.ensure(go_build.COREDNS)
    go_build.ensure(go_build.PAUSE)
