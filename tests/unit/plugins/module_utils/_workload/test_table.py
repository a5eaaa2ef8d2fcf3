# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.table import age, is_healthy, table, unhealthy

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


def test_a_second_cluster_adds_a_column():
    lines = table([{**SERVER, "cluster": "us"}, {**SERVER, "cluster": "eu"}], NOW).splitlines()
    assert lines[0].startswith("CLUSTER   NAME ")
    assert [line.split()[0] for line in lines[1:]] == ["eu", "us"]
    other = {**SERVER, "cluster": "us", "metadata": {**SERVER["metadata"], "namespace": "a"}}
    assert table([{**SERVER, "cluster": "eu"}, other], NOW).startswith("CLUSTER   NAMESPACE   NAME ")


@pytest.mark.parametrize(
    ("ready", "state", "healthy"),
    [
        ("True", "Validated", True),
        ("True", "AuthRequired", True),
        ("True", "Disabled", True),
        ("True", "Failed", False),
        ("True", "Pending", False),
        ("False", "Validated", False),
    ],
)
def test_a_healthy_server_is_ready_and_its_validation_has_not_failed(ready, state, healthy):
    status = {
        "conditions": [{"type": "Available", "status": "True"}, {"type": "Ready", "status": ready}],
        "validation": {"state": state},
        "message": "One\x1b[2J\nline.",
    }
    server = {**SERVER, "status": status}
    assert is_healthy(server) is healthy
    place = {"cluster": "", "namespace": "default", "name": "customer-mcp"}
    assert unhealthy([server]) == ([] if healthy else [{**place, "message": "One [2J line."}])


def test_a_server_without_a_status_is_unhealthy():
    [found] = unhealthy([{"metadata": SERVER["metadata"]}])
    assert found["message"] == "It has no status yet."


def test_the_message_says_whether_clients_reach_a_server_that_failed():
    ready = {"type": "Ready", "status": "True", "reason": "ReadyUnvalidated"}
    failed = {"message": "Validation failed.", "conditions": [ready], "validation": {"state": "Failed"}}
    [found] = unhealthy([{"metadata": SERVER["metadata"], "spec": {}, "status": failed}])
    assert found["message"] == "Validation failed. Clients still reach it: spec.validation.strictMode is not true."


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
