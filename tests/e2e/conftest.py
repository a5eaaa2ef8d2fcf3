# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
import sys

import pytest

from support import cluster, demo
from support.deployed import deploy

sys.path.insert(0, str(cluster.ROOT / "tests" / "servers"))  # for the certificates of the fake servers
MANIFESTS = cluster.ROOT / "tests" / "servers" / "manifests"


@pytest.fixture(scope="session", autouse=True)
def room(client):
    """Make room on the node where `make demo` has run before."""
    with demo.stopped(client, os.environ.get("MCP_TEST_CLUSTER", "default")):
        yield


@pytest.fixture(scope="session")
def images() -> None:
    cluster.load_images()


@pytest.fixture(scope="module")
def fleet(playbooks, client, images):
    """All published servers, deployed once for the tests of a file and deleted after them: the node is small."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield deploy(playbooks, client, name, MANIFESTS)


@pytest.fixture(scope="module")
def broken(playbooks, client, images):
    """All broken servers, in the same way."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield deploy(playbooks, client, name, MANIFESTS / "broken", mcp_wait_timeout=45)
