# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official clients fail on the same fake servers as when the levels of issues were chosen."""

from __future__ import annotations

import pytest
from oracle import clients, tolerance
from zoo.fake_servers.all import FAKE_SERVERS

SHOWN = [server for server in FAKE_SERVERS if tolerance.measurable(server)]


@pytest.fixture(scope="module")
def found():
    return tolerance.measure(SHOWN)


@pytest.fixture(scope="module")
def measured():
    return tolerance.load()


def test_the_clients_are_those_that_were_measured(measured):
    assert {client.name: client.version for client in clients.catalogue()} == measured["versions"]


@pytest.mark.parametrize("name", [server.name for server in SHOWN])
def test_the_same_clients_fail(name, found, measured):
    assert tolerance.summary(found)[name] == measured["servers"][name], found[name]
