# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers of a tenant turn bad, so that the circuit breaker keeps the bad Pods of another tenant in service."""

from __future__ import annotations

import pytest

from unit.operator.fake_workload import bad
from unit.operator.gates.test_policy import Fleet


@pytest.mark.parametrize("code", ["NOT_MCP", "FORBIDDEN", "TIMEOUT", "TLS_EXPECTED", "INVALID_PROTOCOL"])
@pytest.mark.parametrize("count", [3, 100])
def test_many_bad_servers_of_one_namespace_keep_no_pod_of_another_in_service(code, count):
    fleet = Fleet()
    for number in range(count):
        fleet.probe("evil", f"s{number}", bad(code))
    for wrong in ("NOT_MCP", "FORBIDDEN"):
        assert fleet.probe("good", wrong, bad(wrong)) is None
    assert fleet.writer.closed[-2:] == [("good", "NOT_MCP"), ("good", "FORBIDDEN")]


@pytest.mark.parametrize("code", ["TIMEOUT", "FORBIDDEN", "NOT_MCP"])
def test_bad_servers_of_many_namespaces_do_not_outweigh_evidence(code):
    fleet = Fleet()
    for number in range(50):
        fleet.probe(f"evil-{number}", "s", bad(code))
    assert fleet.probe("good", "s", bad("NOT_MCP")) is None
    assert fleet.writer.closed[-1] == ("good", "s")
