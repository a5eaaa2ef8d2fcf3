# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A ServiceAccount with the operator's permissions and policies, which attacks the API server.

Almost all requests are dry runs: admission judges them, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster
from support.policies import fenced_account


@pytest.fixture(scope="session")
def home(client: Client) -> Iterator[str]:
    """Return the namespace of the operator."""
    with cluster.namespace(client) as name:
        yield name


@pytest.fixture(scope="session")
def operator(client: Client, crd: None, home: str) -> Iterator[Client]:
    """Return a client of the compromised operator."""
    with fenced_account(client, home) as made:
        yield made
