# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.table import age, table

NOW = dt.datetime(2026, 11, 22, 10, 1, 49, tzinfo=dt.UTC)
SERVER = {
    "metadata": {"name": "customer-mcp", "namespace": "default", "creationTimestamp": "2026-11-22T10:00:00Z"},
    "status": {
        "phase": "Running",
        "replicas": 1,
        "readyReplicas": 1,
        "validation": {"protocol": "sse", "state": "Validated", "capabilities": ["tools", "resources", "prompts"]},
    },
}


def test_the_table_is_the_articles():
    assert table([SERVER], NOW).splitlines() == [
        "NAME           PHASE     REPLICAS   READY   PROTOCOL   VALIDATION   CAPABILITIES                      AGE",
        'customer-mcp   Running   1          1       sse        Validated    ["tools","resources","prompts"]   109s',
    ]


def test_a_second_namespace_adds_a_column():
    other = {**SERVER, "metadata": {**SERVER["metadata"], "namespace": "a"}}
    lines = table([SERVER, other], NOW).splitlines()
    assert lines[0].startswith("NAMESPACE   NAME")
    assert lines[1].startswith("a ")


def test_a_servers_text_cannot_paint_the_terminal():
    evil = {**SERVER, "status": {"phase": "Running\x1b[2J\nFAKE"}}
    text = table([evil], NOW)
    assert "\x1b" not in text
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (119, "119s"), (120, "2m"), (10799, "179m"), (10800, "3h"), (172800, "2d")]
)
def test_ages_are_kubectls(seconds, shown):
    created = (NOW - dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert age(created, NOW) == shown
