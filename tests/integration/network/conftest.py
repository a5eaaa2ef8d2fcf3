# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed of the tests' own that enforces NetworkPolicies, with Pods in several namespaces."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cluster"))

from mcp_cluster import addresses
from mcp_cluster.images.single import write_archive
from mcp_cluster.machine import go_build

from support.own_testbed import OwnTestbed, own_testbed, used_by_tools
from support.playbooks import Playbooks

NAME = "mcp-network-test"
# It serves its Pod's name on port 8080, and connects where it is told.
PROBE = "localhost/probe:1"
SERVERS = "servers"
# The peer of each kind of client: its namespace, the labels of the namespace and those of the Pod.
CLIENTS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "neighbour": (SERVERS, {}, {}),
    "agent": ("agents", {"team": "agents"}, {}),
    "gateway": ("gateways", {"mcp.mcp-operator.io/gateway": "true"}, {}),
    "operator": ("mcp-operator-system", {}, {"app.kubernetes.io/name": "mcp-operator"}),
    "stranger": ("strangers", {}, {}),
}
# CoreDNS is a process of the node here.
SETTINGS = {"dns_peers": [{"ipBlock": {"cidr": f"{addresses.NODE}/32"}}]}


class EnforcingTestbed(OwnTestbed):
    """The testbed by its API, by kubectl, and by the playbooks."""

    def __init__(self, kubeconfig: str) -> None:
        super().__init__(kubeconfig)
        self._playbooks = Playbooks(kubeconfig)

    def deploy(self, servers: dict[str, dict[str, Any]]) -> None:
        """Deploy MCPServers that answer with the name of their Pod."""
        items = [
            {
                "apiVersion": "mcp.mcp-operator.io/v1",
                "kind": "MCPServer",
                "metadata": {"name": name, "namespace": SERVERS},
                "spec": {"image": PROBE, **spec},
            }
            for name, spec in servers.items()
        ]
        done = self._playbooks.run(
            "deploy",
            mcp_servers=items,
            mcp_any_namespace=True,
            mcp_install_crd=True,
            mcp_wait=False,
            mcpserver_network=SETTINGS,
        )
        assert done.code == 0, done.output
        self.wait(SERVERS)

    def address(self, server: str) -> str:
        found = self.kubectl("-n", SERVERS, "get", "pods", "-l", f"app={server}", "-o", "jsonpath={..podIP}")
        return found.stdout.strip()

    def reaches(self, namespace: str, pod: str, address: str, port: int = 8080) -> bool:
        """Tell whether a Pod gets an answer from an address."""
        command = ["exec", pod, "--", "/probe", "get", f"http://{address}:{port}/"]
        return self.kubectl("-n", namespace, *command).returncode == 0


@pytest.fixture(scope="session")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnforcingTestbed]:
    folder = tmp_path_factory.mktemp("network")
    with own_testbed(NAME, "--network-policies") as run:
        archive = folder / "probe.tar"
        write_archive(go_build.ensure(go_build.PROBE) / "probe", archive, PROBE)
        run("load", str(archive))
        made = EnforcingTestbed(run("kubeconfig"))
        for name, (namespace, labels, of_pod) in CLIENTS.items():
            container = {"name": "probe", "image": PROBE}
            made.apply(
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}},
                {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {"name": name, "namespace": namespace, "labels": of_pod},
                    "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
                },
            )
        for namespace, _labels, _of_pod in CLIENTS.values():
            made.wait(namespace)
        yield made


@pytest.fixture(scope="module", autouse=True)
def _used_by_tools(testbed: EnforcingTestbed) -> Iterator[None]:
    with used_by_tools(NAME):
        yield
