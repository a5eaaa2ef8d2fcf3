# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Jobs count is decided once for each of them; the attacks are in tests/security/t1_tenant/test_jobs.py."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload import job
from mcp_operator.cluster.store import Key
from mcp_operator.validation.own_jobs import OwnJobs
from mcp_operator.workloads.container_ref import ContainerRef, ProbeRequest

from .conftest import SPEC

KEY = Key("MCPServer", "team", "wiki")
CONTAINER = ContainerRef("pod", "containerd://1", "sha256:1", "digest")
FOUND = {"metadata": {"uid": "job", "name": "wiki-validate-1"}}


@pytest.fixture
def compared(monkeypatch):
    """Count how often a Job of an earlier process is compared with what would be created now."""
    calls = []
    monkeypatch.setattr(job, "subjects", lambda _found: [tuple(CONTAINER)])
    monkeypatch.setattr(job, "is_ours", lambda found, *_rest: calls.append(found) or True)
    return calls


def test_a_job_of_an_earlier_process_is_compared_once(compared):
    own = OwnJobs("operator:1")
    request = ProbeRequest(CONTAINER, "wiki-1", "10.0.0.1", SPEC, True)
    assert [own.contains(KEY, {}, FOUND, [request]) for _time in range(3)] == [True, True, True]
    assert compared == [FOUND]
