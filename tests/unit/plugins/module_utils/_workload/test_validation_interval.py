# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How often everything of a Pod is validated again, whatever a manifest says."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import server
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.validation_interval import (
    interval,
    revalidation_interval,
    ttl_of,
)


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


@pytest.mark.parametrize(
    ("given", "ttl", "seconds"),
    [
        (None, 120, 120),
        (None, 7200, 600),
        ("1h", 300, 300),
        (None, 1, 30),
        ("30s", 29, 30),
        (0, 60, 0),  # never remains never
        (None, 0, 600),  # says nothing about freshness
        (None, None, 600),
        (None, -5, 600),
        (None, "60", 600),
        (None, True, 600),
    ],
)
def test_what_is_no_longer_fresh_is_validated_again_but_not_more_often_than_the_minimum(given, ttl, seconds):
    target = {**mcpserver(given), "status": {"validation": {"ttlSeconds": ttl}}}
    assert revalidation_interval(target) == seconds
    assert interval(target) == interval(mcpserver(given)), "Jobs are made of the manifest only"


@pytest.mark.parametrize("status", [None, {}, {"validation": None}])
def test_a_status_without_a_time(status):
    assert revalidation_interval({**mcpserver("2m"), "status": status}) == 120


@pytest.mark.parametrize(
    ("ttl", "seconds"),
    [(None, None), (0, 0), (0.2, 1), (90.5, 90.5), (-1, None), ("9", None), (True, None), (1e300, None), ([], None)],
)
def test_the_time_in_a_report(ttl, seconds):
    assert ttl_of({"ttl": ttl}) == seconds
    assert ttl_of({}) is None
