# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The collection's playbooks on the hosts of the inventory: each on its own cluster, and nobody else's."""

from __future__ import annotations

import pytest

# Whoever does not go by the hosts' own way does not arrive.
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
    """Return somebody's inventory with a group of the same name; to connect to its host fails."""
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


def test_a_pattern_chooses(fleet, playbooks, client, namespace, second):
    path, _eu, us = fleet
    run = playbooks.run("deploy", "-i", path, env=NOWHERE, mcp_wait=False, mcp_hosts="mcp_cluster_us")
    assert run.code == 0, run.output
    assert set(run.recap) == {"localhost", us}
    assert deployments(client, namespace, second) == [False, True]


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
