# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How often everything of a Pod is validated again, whatever a manifest says."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import server
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.validation_interval import interval


def mcpserver(given):
    return {"metadata": {"name": "a", "namespace": "n"}, "spec": {"image": "i:1", "validation": {"interval": given}}}


@pytest.mark.parametrize(
    ("given", "seconds"), [(None, 600), ("1h", 3600), (45, 45), ("30s", 30), (0, 0), ("0s", 0), ("soon", 600)]
)
def test_the_interval_of_the_manifest_counts(given, seconds):
    assert interval(mcpserver(given)) == seconds
    assert server.warnings(mcpserver(given)) == []


@pytest.mark.parametrize("given", [1, "1", "1s", "29s", "500ms", "0h1s"])
def test_a_shorter_one_means_the_minimum_and_gives_a_warning(given):
    assert interval(mcpserver(given)) == 30
    [warning] = server.warnings(mcpserver(given))
    assert "spec.validation.interval" in warning
    assert "30 seconds" in warning
    assert len(warning) <= 120, "results of a batch hold no longer warnings"
