# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates: the controllers of cert-manager for self-signed and CA issuers, as a process on the node.

Its webhook and its CA injector are not needed for that.
"""

from __future__ import annotations

import time
from pathlib import Path

from ..api import Api, NotFoundError
from ..errors import ClusterError
from ..machine import go_build
from ..machine.shell import run
from .base import Cluster, Component

NAME = "cert-manager"
_PORT = 10252
_SECONDS = 30.0


def cert_manager(cluster: Cluster) -> Component:
    """Return the component; its kinds come first, see :func:`install_kinds`."""
    return Component(
        NAME,
        (
            str(go_build.CERT_MANAGER.output / NAME),
            f"--kubeconfig={cluster.kubeconfig_of(NAME)}",
            f"--health-address=127.0.0.1:{_PORT}",
        ),
        cluster.healthy(f"http://127.0.0.1:{_PORT}/healthz"),
        seconds=3,
    )


def kinds() -> dict[str, str]:
    """Return the CustomResourceDefinitions of cert-manager's own module, as YAML by name."""
    folder = run(
        [go_build.find_go(), "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", go_build.CERT_MANAGER.requires],
        cwd=go_build.CERT_MANAGER.path,
    ).stdout.strip()
    files = sorted((Path(folder) / "deploy" / "crds").glob("*.yaml"))
    if not files:
        raise ClusterError(f"cert-manager's module in {folder} has no CustomResourceDefinitions.")
    return {".".join(reversed(file.stem.split("_"))): file.read_text(encoding="utf-8") for file in files}


def install_kinds(api: Api) -> None:
    """Create the CustomResourceDefinitions, and wait until the API server serves them."""
    for name, text in kinds().items():
        api.apply_definition(name, text)
    deadline = time.monotonic() + _SECONDS
    while not _served(api):
        if time.monotonic() > deadline:
            raise ClusterError(f"The API server does not serve cert-manager's kinds after {_SECONDS:.0f} s.")
        time.sleep(0.2)


def _served(api: Api) -> bool:
    try:
        found = api.get("/apis/cert-manager.io/v1")
    except NotFoundError:
        return False
    return {"certificates", "certificaterequests", "issuers", "clusterissuers"} <= {
        resource["name"] for resource in found["resources"]
    }
