# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A playbook that was given a namespace reaches no other one, whatever manifests and inventories name."""

from __future__ import annotations

import pytest
import yaml

from support.playbooks import Playbooks

MANIFEST = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "a", "namespace": "kube-system"},
    "spec": {"image": "a:1"},
}


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a playbook without a cluster; what it refuses, it refuses before it connects."""

    def start(playbook, *options, **variables):
        return Playbooks(str(tmp_path / "none")).run(playbook, *options, mcp_namespace="team", **variables)

    return start


def test_deploy_refuses_a_manifest_that_names_another_namespace(run):
    done = run("deploy", mcp_servers=[MANIFEST])
    assert done.code
    assert "names the namespace kube-system, but only team was selected" in done.output


@pytest.mark.parametrize("playbook", ["undeploy", "validate"])
def test_hosts_of_another_namespace_are_refused(run, playbook, tmp_path):
    host = {"mcpserver_manifest": MANIFEST, "ansible_connection": "local"}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"mcpservers": {"hosts": {"c/kube-system/a": host}}}))
    done = run(playbook, "-i", str(inventory), mcp_hosts="mcpservers")
    assert done.code
    assert "but c/kube-system/a has another namespace" in " ".join(done.output.split())
