# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses

import pytest
from mcp_operator._vendor._workload import config, names
from mcp_operator.mcpserver_hooks import McpServerHooks, with_bridge_images, with_network_settings
from mcp_operator.reconcile.fingerprint import fingerprint
from mcp_operator.reconcile.queue_types import Batch, Phase
from mcp_operator.reconcile.run_metrics import RunMetrics
from mcp_operator.runs.run_request import Ending, HostOutcome, HostResult, RunResult
from mcp_operator.runs.variables import extra_variables
from mcp_operator.watches.definition import Watch
from prometheus_client import CollectorRegistry

SERVERS = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="a.b.c", reconcile_period=36000.0)
TOYS = Watch(group="toys.example.com", version="v1", kind="Toy", role="a.b.c", reconcile_period=36000.0)
GOOD = HostResult(outcome=HostOutcome.SUCCEEDED)


class StatusController:
    def __init__(self):
        self.recorded = []

    def record_run(self, *run):
        self.recorded.append(run)


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def status():
    return StatusController()


@pytest.fixture
def hooks(registry, status):
    return McpServerHooks(RunMetrics(registry), status)


def server(**parts):
    return {"metadata": {"name": "a", "namespace": "n"}, "spec": {}, **parts}


def test_an_mcpserver_depends_on_the_template_to_roll_back_to(hooks):
    spec = {"validation": {"strictMode": True}}
    rollback = {"active": True, "to": "abc", "template": "def"}
    before, after = server(spec=spec), server(spec=spec, status={"rollback": rollback})
    assert hooks.fingerprint_inputs(SERVERS, before) != hooks.fingerprint_inputs(SERVERS, after)
    assert hooks.fingerprint_inputs(TOYS, before) is hooks.fingerprint_inputs(TOYS, after) is None


def test_an_mcpserver_depends_on_the_step_of_its_canary_and_not_on_how_it_is_described(hooks):
    spec = {"validation": {"strictMode": True}, "rollout": {"strategy": "canary"}}
    rollout = {"phase": "Paused", "canaryRevision": "new", "canaryReplicas": 1, "message": "Waiting."}

    def inputs(**changes):
        status = {"provedTemplate": "old", "rollout": {**rollout, **changes}}
        return hooks.fingerprint_inputs(SERVERS, server(spec=spec, status=status))

    assert inputs(message="Still waiting.", since="2026-01-01T00:00:00Z", phase="Progressing") == inputs()
    for change in ({"phase": "Promoting"}, {"phase": "Aborted"}, {"canaryReplicas": 2}, {"canaryRevision": "other"}):
        assert inputs(**change) != inputs()


def test_servers_that_hash_configuration_are_reconciled_periodically(hooks):
    assert hooks.resync_period(SERVERS, server()) == 36000
    hashing = server(spec={"podTemplate": {"configHash": True}})
    assert hooks.resync_period(SERVERS, hashing) == config.PERIOD
    assert hooks.resync_period(TOYS, hashing) == 36000


def test_results_of_mcpservers_reach_the_status(hooks, status):
    assert hooks.on_result(SERVERS, "key", server(), GOOD, "a.b")
    assert not hooks.on_result(TOYS, "key", server(), GOOD, "a.b")
    assert status.recorded == [("key", server(), GOOD, "a.b")]


def test_the_record_of_an_mcpserver_is_in_its_status(hooks, registry):
    annotated = {"metadata": {"annotations": {names.RECONCILED_ANNOTATION: "annotation"}}}
    both = {**annotated, "status": {names.RECORD_FIELD: "status"}}
    assert hooks.reconciliation(SERVERS, both) == "status"
    assert hooks.reconciliation(SERVERS, annotated) == "annotation"
    assert hooks.reconciliation(TOYS, both) == "annotation"
    assert McpServerHooks(RunMetrics(CollectorRegistry())).reconciliation(SERVERS, both) == "annotation"


def test_a_period_that_is_too_short_is_a_warning_of_the_run(hooks, status):
    item = server()
    item["metadata"]["annotations"] = {"ansible.sdk.operatorframework.io/reconcile-period": "1ms"}
    hooks.on_result(SERVERS, "key", item, dataclasses.replace(GOOD, data={"warnings": ["first"]}), "")
    ((_key, _item, result, _record),) = status.recorded
    first, second = result.data["warnings"]
    assert first == "first"
    assert "10 seconds are used" in second


def test_runs_of_all_kinds_are_counted(hooks, registry):
    batch = Batch(TOYS.id, Phase.RECONCILE, (), is_retry=False)
    hooks.on_run_finished(batch, RunResult(ident="x", ending=Ending.COMPLETE, hosts={"n.a": GOOD}))
    labels = {"watch": TOYS.id, "lane": "reconcile", "ending": "complete"}
    assert registry.get_sample_value("mcp_operator_runs_total", labels) == 1


def test_the_images_of_the_bridge_are_variables_of_mcpservers_alone():
    servers, toys = with_bridge_images([SERVERS, TOYS], {"inject": "bridge:1", "package": ""})
    assert extra_variables(servers, finalizing=False) == {"mcpserver_bridge_images": {"inject": "bridge:1"}}
    assert toys == TOYS


def test_other_images_of_the_bridge_reconcile_every_mcpserver():
    item = {"metadata": {"uid": "1", "generation": 1}, "spec": {}}
    found = {
        fingerprint(*with_bridge_images([SERVERS], {"package": image}), item, {}, "content")
        for image in ("", "runtimes:1", "runtimes:2")
    }
    assert len(found) == 3


def test_watches_decide_over_the_images_of_the_bridge():
    own = {"mcpserver_bridge_images": {"inject": "own:1"}}
    [watch] = with_bridge_images([dataclasses.replace(SERVERS, vars=own)], {"inject": "bridge:1"})
    assert watch.vars == own


def test_settings_of_network_policies_are_a_variable_of_mcpservers():
    usual = "mcp-operator-system"
    assert with_network_settings([SERVERS, TOYS], "", {}, usual) == [SERVERS, TOYS]
    servers, toys = with_network_settings([SERVERS, TOYS], "isolated", {"dns_ports": [5353]}, "elsewhere")
    wanted = {"dns_ports": [5353], "default": "isolated", "operator_namespace": "elsewhere"}
    assert extra_variables(servers, finalizing=False) == {"mcpserver_network": wanted}
    assert toys == TOYS
