# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest

from support import cluster
from support.deployed import deploy

MANIFESTS = cluster.ROOT / "tests" / "servers" / "manifests"


@pytest.fixture(scope="session")
def images() -> None:
    cluster.load_images()


@pytest.fixture(scope="session")
def fleet(playbooks, client, images):
    """All published servers, deployed once for all tests that only look."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield deploy(playbooks, client, name, MANIFESTS)


@pytest.fixture(scope="session")
def broken(playbooks, client, images):
    """All broken servers, deployed once for all tests that only look."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield deploy(playbooks, client, name, MANIFESTS / "broken", mcp_wait_timeout=45)
