# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest

from support.clock import FakeClock

from .fake_workload import Cluster


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def cluster():
    made = Cluster()
    made.start()
    yield made
    made.gate.set()
    made.controller.stop()


@pytest.fixture
def running(cluster):
    """A cluster whose one MCPServer is validated."""
    cluster.create()
    cluster.deploy(ready=1)
    cluster.ran()
    cluster.pod()
    cluster.becomes("Running", "Validated")
    cluster.rests()
    return cluster
