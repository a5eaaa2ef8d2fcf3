# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant sets the shortest periods that an MCPServer takes, so that the operator is always busy with it."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.validation_interval import interval
from mcp_operator.mcpserver_hooks import McpServerHooks
from mcp_operator.reconcile.run_metrics import RunMetrics
from mcp_operator.watches.definition import Watch
from prometheus_client import CollectorRegistry

from unit.operator.fake_workload import Cluster

PERIOD = "ansible.sdk.operatorframework.io/reconcile-period"
SERVERS = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="a.b.c", reconcile_period=36000.0)


@pytest.mark.parametrize("period", ["1ms", "1us", "0.000001s"])
def test_a_reconcile_period_of_a_millisecond_does_not_run_endlessly(operator, period):
    key = operator.api.create("toy")
    item = copy.deepcopy(operator.api.objects[key])
    item["metadata"]["annotations"] = {PERIOD: period}
    operator.api.put(key, item)
    operator.start()
    operator.settle()
    for _ in range(600):
        operator.step(0.1)
    assert 5 <= len(operator.ansible.requests) <= 7, "one run in ten seconds"


def test_an_mcpserver_that_hashes_configuration_has_the_same_minimum():
    hooks = McpServerHooks(RunMetrics(CollectorRegistry()))
    env_from = [{"configMapRef": {"name": "c"}}]
    item = {
        "metadata": {"name": "a", "namespace": "n", "annotations": {PERIOD: "1ms"}},
        "spec": {"image": "i:1", "envFrom": env_from},
    }
    assert hooks.resync_period(SERVERS, item) == 10


@pytest.mark.parametrize("given", [1, "1", "1s", "1ms"])
def test_an_interval_of_a_second_validates_each_half_minute(given):
    assert interval({"metadata": {"name": "a", "namespace": "n"}, "spec": {"validation": {"interval": given}}}) == 30


def test_a_server_with_an_interval_of_a_second_is_probed_each_half_minute():
    cluster = Cluster()
    cluster.start()
    try:
        cluster.create(validation={"interval": 1})
        cluster.deploy(ready=1)
        cluster.ran()
        cluster.pod()
        cluster.becomes("Running", "Validated")
        cluster.settle()
        end = cluster.clock.now() + 600
        while cluster.clock.now() < end:
            cluster.step(end - cluster.clock.now())
            cluster.settle()
        assert 18 <= len(cluster.asked) <= 24, "in ten minutes"
    finally:
        cluster.controller.stop()
