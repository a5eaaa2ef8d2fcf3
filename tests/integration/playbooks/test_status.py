# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook ``status``: a table, the messages of unhealthy MCPServers, the exit code, and no change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support.inventory import Inventory

SERVERS = "/apis/mcp.mcp-operator.io/v1/namespaces"
STATUSES = {
    "wiki": {
        "observedGeneration": 1,
        "phase": "Running",
        "validation": {"state": "Validated"},
        "message": "MCPServer is running.",
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "reason": "DeploymentReady",
                "message": "",
                "lastTransitionTime": "2026-11-22T10:00:00Z",
            }
        ],
    },
    "web": {
        "observedGeneration": 1,
        "phase": "ValidationFailed",
        "validation": {"state": "Failed"},
        "message": "It answers {{ 6 * 7 }}.",
    },
    # The spec has changed since this status was written.
    "old": {"observedGeneration": 0, "message": "It was good."},
}


def make(client, namespace) -> None:
    for name, status in STATUSES.items():
        body = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": name},
            "spec": {"image": "localhost/none:1"},
        }
        client.request("POST", f"{SERVERS}/{namespace}/mcpservers", what="make an MCPServer", body=body)
        client.request(
            "PATCH",
            f"{SERVERS}/{namespace}/mcpservers/{name}/status",
            what="write its status",
            body=MergePatch({"status": status}),
        )


def rows_of(run) -> dict[str, list[str]]:
    return {
        line.split()[0]: line.split()[1:]
        for line in run.output.splitlines()
        if line.startswith(("wiki ", "web ", "old "))
    }


@pytest.mark.parametrize("by_inventory", [False, True])
def test_the_table_and_the_messages_of_unhealthy_servers(by_inventory, playbooks, client, namespace, tmp_path) -> None:
    make(client, namespace)
    path = Inventory(tmp_path).write({"namespaces": [namespace]})
    # A survey that is not answered sets an empty text.
    options, variables = (("-i", path), {"mcp_namespace": ""}) if by_inventory else ((), {"mcp_namespace": namespace})
    run = playbooks.run("status", *options, **variables)
    assert (run.code, run.changed) == (2, 0), run.output
    rows = rows_of(run)
    assert (rows["wiki"][0], rows["wiki"][3]) == ("Running", "Validated")
    assert (rows["web"][0], rows["web"][3]) == ("ValidationFailed", "Failed")
    assert re.fullmatch(r"\d+[sm]", rows["wiki"][-1])
    assert f"{namespace}/web: It answers {{{{ 6 * 7 }}}}." in run.output
    assert f"{namespace}/wiki:" not in run.output
    unmanaged = f"{namespace}/old: It was good. No operator in the namespace mcp-operator-system manages the namespace"
    # Hosts of the inventory can be in other clusters, whose Leases are not read.
    assert (unmanaged in run.output) is not by_inventory
    assert "2 of 3 MCPServers are not healthy." in run.output
    tolerant = playbooks.run("status", *options, mcp_fail_on_unhealthy=False, **variables)
    assert (tolerant.code, tolerant.changed) == (0, 0), tolerant.output


def test_validate_fails_and_undeploy_reports_if_an_mcpserver_does_not_exist(playbooks, client, namespace, crd) -> None:
    validate = playbooks.run("validate", mcp_namespace=namespace)
    assert validate.code != 0
    assert f"The namespace {namespace} has no MCPServer." in validate.output
    named = playbooks.run("validate", mcp_namespace=namespace, mcp_names="wiki,web")
    assert f"The namespace {namespace} has no MCPServer wiki, web." in named.output
    undeploy = playbooks.run("undeploy", mcp_namespace=namespace, mcp_names="wiki")
    assert undeploy.code == 0, undeploy.output
    assert f"The namespace {namespace} has no MCPServer wiki." in undeploy.output
    for nothing in ({"mcp_names": ""}, {"mcp_hosts": ""}, {}):
        unnamed = playbooks.run("undeploy", mcp_namespace=namespace, **nothing)
        assert unnamed.code != 0
        assert "No MCPServer to delete is named." in unnamed.output
    everything = playbooks.run("undeploy", mcp_namespace=namespace, mcp_names="*")
    assert everything.code == 0, everything.output
    assert f"The namespace {namespace} has no MCPServer." in everything.output


def test_an_unknown_variable_is_an_error_and_one_of_another_playbook_a_warning(playbooks, namespace) -> None:
    run = playbooks.run("status", mcp_namespce=namespace)
    assert run.code != 0
    assert (
        "The playbook status has no variable mcp_namespce. Did you mean mcp_namespace? [UNKNOWN_VARIABLE]" in run.output
    )
    run = playbooks.run("status", mcp_namespace=namespace, mcp_names="a")
    assert run.code == 0, run.output
    assert "mcp_names has no effect in the playbook status. It is a variable of pin, undeploy, validate." in run.output
    assert f"There are no MCPServers in the namespace {namespace}." in run.output


def test_a_cluster_that_does_not_answer_is_not_shown_as_an_empty_one(playbooks, tmp_path, kubeconfig) -> None:
    config = tmp_path / "kubeconfig"
    text = Path(kubeconfig).read_text(encoding="utf-8")
    config.write_text(re.sub(r"server: \S+", "server: https://127.0.0.1:1", text), encoding="utf-8")
    run = playbooks.run("status", env={"K8S_AUTH_KUBECONFIG": str(config)})
    assert run.code != 0
    assert "[API_UNREACHABLE]" in run.output
    assert "There are no MCPServers" not in run.output


def test_a_namespace_alone_selects_nothing_to_deploy(playbooks, namespace) -> None:
    run = playbooks.run("deploy", mcp_namespace=namespace)
    assert run.code != 0
    assert "mcp_namespace is only the namespace of manifests." in run.output


def test_a_namespace_that_does_not_exist_is_not_shown_as_an_empty_one(playbooks, crd) -> None:
    run = playbooks.run("status", mcp_namespace="does-not-exist")
    assert run.code == 2, run.output
    assert "There is no namespace does-not-exist." in run.output
