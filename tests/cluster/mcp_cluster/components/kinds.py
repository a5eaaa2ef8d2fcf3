# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""CustomResourceDefinitions from the Go modules of the components that need them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from ..errors import ClusterError
from ..machine import go_build
from ..machine.shell import run, search_path
from .base import Cluster

# Seconds until the API server has given a new definition its first conditions.
_CONDITIONS = 10.0


def folder(built: go_build.Module, module: str) -> Path:
    """Return the folder of a module that a program is built from."""
    command = [go_build.find_go(), "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module]
    found = run(command, cwd=built.path).stdout.strip()
    if not found:
        raise ClusterError(f"The Go module {module} is not on this machine.")
    return Path(found)


def install(cluster: Cluster, files: Sequence[Path], names: Sequence[str]) -> None:
    """Apply definitions, and wait until the API server serves those with these names."""
    kubectl(cluster, "apply", "--server-side", "--force-conflicts", *(f"--filename={path}" for path in files))
    wait = ("wait", "--for=condition=Established", "--timeout=60s", *(f"crd/{name}" for name in names))
    deadline = time.monotonic() + _CONDITIONS
    while True:
        try:
            return kubectl(cluster, *wait)
        except ClusterError:  # kubectl fails at once for a definition that has no conditions yet
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def delete(cluster: Cluster, files: Sequence[Path]) -> None:
    """Delete definitions with all their objects."""
    kubectl(cluster, "delete", "--ignore-not-found", "--timeout=60s", *(f"--filename={path}" for path in files))


def kubectl(cluster: Cluster, *arguments: str, stdin: str | None = None) -> None:
    """Run kubectl as the administrator."""
    program = shutil.which("kubectl", path=f"{search_path()}:{go_build.KUBERNETES.output}") or "kubectl"
    run([program, f"--kubeconfig={cluster.locations.kubeconfig}", *arguments], timeout=120, stdin=stdin)
