# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The collection's playbooks on the hosts of the inventory: each on its own cluster and no other."""

from __future__ import annotations

import pytest

# Only the variables of the hosts lead to the cluster.
NOWHERE = {"K8S_AUTH_KUBECONFIG": "/nonexistent/kubeconfig"}


@pytest.fixture
def fleet(make, inventory, namespace, second, two_contexts):
    """Return the inventory's file and its two hosts, of one name in two clusters."""
    make(namespace, "wikipedia")
    make(second, "wikipedia")
    path = inventory.write(
        {"kubeconfig": two_contexts, "context": "eu", "namespaces": [namespace]},
        {"kubeconfig": two_contexts, "context": "us", "namespaces": [second]},
    )
    return path, f"eu/{namespace}/wikipedia", f"us/{second}/wikipedia"


@pytest.fixture
def foreign(tmp_path):
    """Return another inventory with a group of the same name, to whose host no connection is possible."""
    path = tmp_path / "foreign.yml"
    path.write_text("mcpservers: {hosts: {theirs: {ansible_connection: ssh, ansible_host: 192.0.2.1}}}\n")
    return str(path)


def deployments(client, *namespaces):
    return [client.find("apps/v1", "Deployment", namespace, "wikipedia") is not None for namespace in namespaces]


def test_deploy_works_on_the_fleet_and_on_no_other_host(fleet, foreign, playbooks, client, namespace, second):
    path, eu, us = fleet
    run = playbooks.run("deploy", "-i", path, "-i", foreign, env=NOWHERE, mcp_wait=False)
    assert run.code == 0, run.output
    assert set(run.recap) == {"localhost", eu, us}
    assert deployments(client, namespace, second) == [True, True]
    assert playbooks.run("deploy", "-i", path, "-i", foreign, env=NOWHERE, mcp_wait=False).changed == 0


@pytest.mark.test_all
def test_a_pattern_chooses(fleet, playbooks, client, namespace, second):
    path, _eu, us = fleet
    run = playbooks.run("deploy", "-i", path, env=NOWHERE, mcp_wait=False, mcp_hosts="mcp_cluster_us")
    assert run.code == 0, run.output
    assert set(run.recap) == {"localhost", us}
    assert deployments(client, namespace, second) == [False, True]


@pytest.mark.test_all
def test_undeploy_deletes_what_was_said_and_nothing_else(fleet, playbooks, client, namespace, second):
    path, _eu, _us = fleet

    def servers():
        kind = ("mcp.mcp-operator.io/v1", "MCPServer")
        return [client.find(*kind, each, "wikipedia") is not None for each in (namespace, second)]

    silent = playbooks.run("undeploy", "-i", path, env=NOWHERE)
    assert silent.code != 0
    assert servers() == [True, True]
    run = playbooks.run("undeploy", "-i", path, env=NOWHERE, mcp_hosts="mcp_cluster_us")
    assert run.code == 0, run.output
    assert servers() == [True, False]


@pytest.mark.parametrize("playbook", ["deploy", "undeploy"])
def test_nothing_is_done_on_another_cluster_than_the_hosts_own(fleet, playbooks, client, namespace, tmp_path, playbook):
    path, eu, _us = fleet
    # A host that was found with credentials that no variable may hold: the environment leads elsewhere by now.
    moved = tmp_path / "moved.yml"
    moved.write_text(f"all: {{hosts: {{{eu!r}: {{mcp_api_server: 'https://192.0.2.1:6443'}}}}}}\n")
    run = playbooks.run(playbook, "-i", path, "-i", str(moved), env=NOWHERE, mcp_wait=False, mcp_hosts="mcp_cluster_eu")
    assert run.code != 0
    assert "[WRONG_CLUSTER]" in run.output
    assert client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    assert deployments(client, namespace) == [False]


@pytest.mark.test_all
def test_a_manifest_goes_where_it_is_sent_although_a_host_has_its_name(fleet, playbooks, client, namespace, tmp_path):
    path, _eu, _us = fleet
    names = tmp_path / "names.yml"
    names.write_text(
        f"all: {{hosts: {{'{namespace}/other': {{mcp_context: nowhere, mcp_kubeconfig: /nonexistent}}}}}}\n"
    )
    spec = {"image": "registry.example.com/none:1"}
    server = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": "other"}, "spec": spec}
    run = playbooks.run(
        "deploy", "-i", path, "-i", str(names), mcp_servers=[server], mcp_namespace=namespace, mcp_wait=False
    )
    assert run.code == 0, run.output
    assert client.find("apps/v1", "Deployment", namespace, "other")
