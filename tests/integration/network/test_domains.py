# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.network.egress.domains``, with the schema of Cilium's policies, and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import collection_path

from support import cilium
from support.playbooks import Playbooks, Run
from support.rendered import RENDERER

pytestmark = pytest.mark.test_all

DOMAINS = {"egress": {"domains": ["api.example.com", "*.example.org"], "ports": list(range(1, 65))}}
Deploy = Callable[..., Run]


@pytest.fixture
def deploy(playbooks: Playbooks, manifests: Callable[..., str], namespace: str) -> Deploy:
    """Return a function that deploys an MCPServer without Pods."""

    def run(*options: str, network: dict[str, Any], **more: Any) -> Run:
        spec = {"image": "registry.example.com/server:0", "replicas": 0, "network": network}
        folder = manifests(server=spec)
        return playbooks.run("deploy", *options, mcp_manifests=folder, mcp_namespace=namespace, mcp_wait=False, **more)

    return run


@pytest.fixture
def served(client: Client) -> Iterator[None]:
    with cilium.served(client, cilium.crd()):
        yield


def test_the_policy_has_the_schema_of_cilium(client: Client, served: None, namespace: str) -> None:
    """With strict validation, the API server refuses unknown fields."""
    peers = [
        {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}},
        {"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}},
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
    ]
    for settings in (None, {"dns_peers": peers, "dns_ports": [53, 5353]}):
        renderer = type(RENDERER)(str(cilium.cluster.ROOT / "roles" / "mcpserver" / "templates"), None, settings)
        meta = {"name": "weather", "namespace": namespace}
        server = {
            "apiVersion": "x",
            "kind": "MCPServer",
            "metadata": meta,
            "spec": {"image": "a:1", "network": DOMAINS},
        }
        [policy] = [item for item in renderer.render(server) if item["kind"] == "CiliumNetworkPolicy"]
        query = {"dryRun": "All", "fieldValidation": "Strict"}
        path = collection_path(*cilium.KIND, namespace)
        made = client.request("POST", path, what="make the policy", body=policy, query=query)
        assert made["spec"] == policy["spec"]


def test_the_policy_comes_and_goes_with_the_domains(
    client: Client, served: None, deploy: Deploy, namespace: str
) -> None:
    planned = deploy("--check", "--diff", network=DOMAINS)
    assert planned.code == 0, planned.output
    assert "toFQDNs" in planned.output
    assert client.find(*cilium.KIND, namespace, "server") is None
    made = deploy(network=DOMAINS)
    assert made.code == 0, made.output
    found = client.get(*cilium.KIND, namespace, "server")
    assert found["metadata"]["ownerReferences"][0]["kind"] == "MCPServer"
    for options in (["--check", "--diff"], []):
        again = deploy(*options, network=DOMAINS)
        assert (again.code, again.changed) == (0, 0), again.output
    assert deploy(network={"mode": "isolated"}).code == 0
    assert client.find(*cilium.KIND, namespace, "server") is None


def test_without_cilium_deploy_warns_and_opens_nothing(client: Client, deploy: Deploy, namespace: str) -> None:
    for changed in (True, False):
        run = deploy(network=DOMAINS)
        assert run.code == 0, run.output
        assert bool(run.changed) is changed
        assert "spec.network.egress.domains allows nothing" in " ".join(run.output.split())
    again = deploy("--check", network=DOMAINS)
    assert (again.code, again.changed) == (0, 0), again.output
    policy = client.get("networking.k8s.io/v1", "NetworkPolicy", namespace, "server")
    assert {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]} == {53}


def test_a_workload_without_an_mcpserver_goes_with_its_policy(
    client: Client, served: None, deploy: Deploy, playbooks: Playbooks, namespace: str
) -> None:
    made = deploy(network=DOMAINS, mcp_mode="workload")
    assert made.code == 0, made.output
    assert client.find(*cilium.KIND, namespace, "server") is not None
    run = playbooks.run("undeploy", mcp_names="server", mcp_namespace=namespace)
    assert run.code == 0, run.output
    assert client.find("networking.k8s.io/v1", "NetworkPolicy", namespace, "server") is None
    # The garbage collector looks for new kinds every 30 s.
    cilium.cluster.until("it is gone", lambda: client.find(*cilium.KIND, namespace, "server") is None, 90)
