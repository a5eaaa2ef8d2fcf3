# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that exits when its session ends is not restarted by its validations, except to find that out."""

from __future__ import annotations

import time

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster

ENDS = "localhost/mcp-servers/everything-sse-2025-3-19:2025.3.19"
PERIOD = 5
PERIODS = 12


def restarts(server):
    return sum(status["restartCount"] for pod in server.pods() for status in pod["status"]["containerStatuses"])


def codes(server):
    return [issue["code"] for issue in (server.status.get("validation") or {}).get("issues") or []]


@pytest.mark.test_all
@pytest.mark.parametrize("strict", [True, False])
def test_periodic_validation_does_not_restart_it(make, strict):
    validation = {"strictMode": strict, "interval": "30s", "probe": {"periodSeconds": PERIOD}}
    server = make(image=ENDS, validation=validation)
    cluster.until("it is known that it ends with its session", lambda: "ENDS_WITH_SESSION" in codes(server), 180)
    server.becomes("Running", "Validated")
    before = restarts(server)
    assert before == 2, "one ending may be a coincidence"
    end = time.monotonic() + PERIOD * PERIODS
    while time.monotonic() < end:
        assert restarts(server) == before
        time.sleep(1)
    asked = {"metadata": {"annotations": {"mcp.mcp-operator.io/revalidate": "now"}}}
    server.client.request("PATCH", server.path, what="ask for a validation", body=MergePatch(asked))
    server.records("RevalidationRequested")
    time.sleep(PERIOD)
    server.becomes("Running", "Validated")
    assert restarts(server) == before
    assert "ENDS_WITH_SESSION" in codes(server)
