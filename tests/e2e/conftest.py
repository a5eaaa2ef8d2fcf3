# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from support import cluster
from support.playbooks import Run

MANIFESTS = cluster.ROOT / "tests" / "servers" / "manifests"


@dataclasses.dataclass(frozen=True)
class Deployed:
    """What one run of deploy made."""

    run: Run
    namespace: str
    servers: dict[str, dict]
    folder: Path


@pytest.fixture(scope="session")
def images() -> None:
    cluster.load_images()


def _deployed(playbooks, client, name, folder, **variables):
    run = playbooks.run("deploy", mcp_manifests=str(folder), mcp_namespace=name, **variables)
    print(run.output)
    listed = client.list("mcp.mcp-operator.io/v1", "MCPServer", name)
    return Deployed(run, name, {server["metadata"]["name"]: server for server in listed}, folder)


@pytest.fixture(scope="session")
def fleet(playbooks, client, images):
    """All published servers, deployed once for all tests that only look."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield _deployed(playbooks, client, name, MANIFESTS)


@pytest.fixture(scope="session")
def broken(playbooks, client, images):
    """All broken servers, deployed once for all tests that only look."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield _deployed(playbooks, client, name, MANIFESTS / "broken", mcp_wait_timeout=45)
