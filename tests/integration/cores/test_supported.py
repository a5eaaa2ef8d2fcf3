# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbooks on the older versions of ansible-core; all other tests run on the newest."""

from __future__ import annotations

import pytest

from support import cluster

SPEC = {"image": "localhost/mcp-servers/go-sdk:1.8.0"}
# Text that is a template to Ansible; which strings count as trusted is what these versions differ in most.
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'echo no') }}"


@pytest.fixture(scope="session", autouse=True)
def image(kubeconfig):
    cluster.load_images("go-sdk")


@pytest.mark.test_all
@pytest.mark.parametrize("core", ["2.19", "2.20"])
def test_a_server_comes_to_life_and_goes(core, with_core, namespace, manifests, client):
    spec = {**SPEC, "environment": [{"name": "TEMPLATE", "value": TEMPLATE}]}
    where = {"mcp_manifests": manifests(server=spec), "mcp_namespace": namespace}

    applied = with_core(core, "deploy", mcp_wait=False, **where)
    assert applied.code == 0, applied.output
    assert applied.recap[f"{namespace}/server"]["changed"] == 1
    deployment = client.get("apps/v1", "Deployment", namespace, "server")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert {"name": "TEMPLATE", "value": TEMPLATE} in container["env"]

    waited = with_core(core, "deploy", **where)
    assert waited.code == 0, waited.output
    assert waited.changed == 0
    found = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")
    assert found["status"]["validation"]["state"] == "Validated"

    gone = with_core(core, "undeploy", mcp_namespace=namespace, mcp_names="server")
    assert gone.code == 0, gone.output
    assert list(client.list("apps/v1", "Deployment", namespace)) == []

    for run in (applied, waited, gone):
        assert "[DEPRECATION WARNING]" not in run.output
        assert "does not support Ansible version" not in run.output
