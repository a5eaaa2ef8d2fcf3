# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The collection under Operator SDK's ansible-operator: `watches.yaml` as it is, and runs as it makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp_operator.watches.parser import Defaults, load

from support import ansible_operator, cluster
from support.mcpservers import KEY, KINDS, Servers

COLLECTIONS = cluster.ROOT / ".cache" / "collections"
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'echo no') }}"


@pytest.fixture(scope="session")
def watch():
    """Return the watch of the file that we ship; it names a path, which is all that ansible-operator takes."""
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}
    [found] = load(cluster.ROOT / "watches.yaml", environment=environment, defaults=Defaults()).watches
    assert Path(found.playbook or "").is_file()
    return found


@pytest.fixture
def run(watch, kubeconfig, client, crd, namespace, tmp_path):
    def run(core: str, name: str = "wikipedia"):
        item = client.get(*KEY, namespace, name)
        programs = Path(cluster.tool("tests/tools/cores.py", core)[-1])
        folder = tmp_path / f"run-{len(list(tmp_path.iterdir()))}"
        return ansible_operator.run(folder, watch, item, programs=programs, kubeconfig=kubeconfig, home=COLLECTIONS)

    return run


@pytest.mark.parametrize(
    "core", [pytest.param("2.19", marks=pytest.mark.test_all), pytest.param("2.20", marks=pytest.mark.test_all), "2.21"]
)
def test_what_is_wanted_is_made_and_the_status_says_so(core, run, client, namespace):
    servers = Servers(client, namespace)
    servers.apply("wikipedia", environment=[{"name": "TEMPLATE", "value": TEMPLATE}])
    first = run(core)
    assert first.successful, first.output
    assert servers.wrong() == []
    assert client.get(*KEY, namespace, "wikipedia")["status"]["conditions"]
    deployment = client.get("apps/v1", "Deployment", namespace, "wikipedia")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert {"name": "TEMPLATE", "value": TEMPLATE} in container["env"]

    before = servers.versions()
    again = run(core)
    assert again.successful, again.output
    assert servers.versions() == before

    servers.apply("wikipedia", image="registry.example.com/server:1")
    client.delete(*KINDS[1], namespace, "wikipedia")
    third = run(core)
    assert third.successful, third.output
    assert servers.wrong() == []


def test_a_failure_is_a_failed_task_with_the_reason(run, client, namespace):
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "wikipedia", "namespace": namespace}}
    service = {**body, "spec": {"ports": [{"port": 1}]}}
    client.request("POST", f"/api/v1/namespaces/{namespace}/services", what="be in the way", body=service)
    Servers(client, namespace).apply("wikipedia")
    found = run("2.21")
    assert not found.successful
    assert "[FOREIGN_OBJECT]" in found.failures[0]


@pytest.mark.test_all
def test_on_a_core_that_is_too_old_the_first_task_says_so(run, client, namespace):
    Servers(client, namespace).apply("wikipedia")
    found = run("2.18")
    (message,) = found.failures
    assert message.startswith("The collection mcp.kubernetes needs ansible-core 2.19 or later, and this is 2.18.")
    assert client.find("apps/v1", "Deployment", namespace, "wikipedia") is None
