# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed of the operator's own, whose API server may be killed, and a proxy in front of it that misbehaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import client as collection
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import KubeError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cluster"))

from mcp_cluster.certificates import Certificates
from mcp_cluster.locations import SOURCES, Locations
from mcp_cluster.machine import packages
from mcp_cluster.machine.processes import Ledger
from mcp_operator._vendor._kube.client import Client
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.informers import Informers
from mcp_operator.cluster.reflector import ReflectorTiming
from mcp_operator.cluster.source import Source
from mcp_operator.cluster.store import Store
from mcp_operator.watches.definition import GroupVersionKind

from support import cluster
from support.faultproxy import FaultProxy, fault_proxy
from support.fixtures import CRD
from support.mcpservers import Servers
from support.operator_process import Operator, run_directory
from support.yaml_files import load_yaml

# One process runs these tests: see ONE_PROCESS in tests/conftest.py.
NAME = "-".join(filter(None, ("mcp-testbed-operator", os.environ.get("MCP_TEST_CLUSTER"))))
CONFIG_MAPS = GroupVersionKind("", "v1", "ConfigMap")
LABEL = "operator-tests"
# As in production, but that failures are waited out sooner and lists have several pages.
TIMING = ReflectorTiming(backoff=Backoff(first=0.1, most=1.0), limit=20)


class BreakableTestbed:
    """A testbed that may be broken."""

    def __init__(self, name: str = NAME) -> None:
        self.locations = Locations.of(name)
        self._ledger = Ledger(self.locations.processes)

    @property
    def kubeconfig(self) -> str:
        return str(self.locations.kubeconfig)

    def run(self, command: str, *arguments: str) -> str:
        argv = [
            sys.executable,
            str(SOURCES),
            command,
            "--provider",
            "testbed",
            "--name",
            self.locations.name,
            *arguments,
        ]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def works(self) -> bool:
        """Return whether all that was started still runs, which is sooner known than by `up`, a process of its own."""
        return all(self._ledger.running(name) for name in self._ledger.names())

    def kill(self, component: str) -> None:
        process = self._ledger.running(component)
        assert process is not None, f"{component} does not run"
        os.kill(process.pid, signal.SIGKILL)
        while self._ledger.running(component):
            time.sleep(0.01)

    def compact(self, revision: str) -> None:
        """Let etcd forget everything before a resourceVersion."""
        program = (
            "import ssl, sys, urllib.request; url, ca, cert, key, data = sys.argv[1:];"
            "context = ssl.create_default_context(cafile=ca); context.load_cert_chain(cert, key);"
            "print(urllib.request.urlopen(url, data.encode(), context=context).status)"
        )
        pki = Certificates(self.locations.pki)
        files = [pki.certificate("etcd-ca"), pki.certificate("apiserver-etcd-client"), pki.key("apiserver-etcd-client")]
        data = json.dumps({"revision": revision, "physical": True})
        url = "https://127.0.0.1:2379/v3/kv/compaction"
        said = self.run("run", "--", sys.executable, "-c", program, url, *map(str, files), data)
        assert said.strip() == "200"


@pytest.fixture(scope="session")
def testbed() -> Iterator[BreakableTestbed]:
    if reason := packages.unsupported():
        pytest.skip(f"the testbed cannot run here: {reason}")
    made = BreakableTestbed()
    made.run("up")
    yield made
    made.run("down")


@pytest.fixture
def client(testbed: BreakableTestbed) -> collection.Client:
    """Return a client of the API server itself, which works again when a test begins."""
    if not testbed.works():
        testbed.run("up")
    return collection.Client({"kubeconfig": testbed.kubeconfig})


@pytest.fixture
def namespace(client: collection.Client) -> Iterator[str]:
    with cluster.namespace(client) as name:
        yield name


@pytest.fixture
def proxy(testbed: BreakableTestbed, client: collection.Client) -> Iterator[FaultProxy]:
    with fault_proxy(testbed.kubeconfig) as made:
        yield made


@pytest.fixture
def by_proxy(proxy: FaultProxy, tmp_path: Path) -> str:
    """Return a kubeconfig that leads through the proxy."""
    config = tmp_path / "by-proxy.kubeconfig"
    config.write_text(
        f"""
apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: "{proxy.url}"}}}}]
users: [{{name: u, user: {{token: none}}}}]
"""
    )
    return str(config)


class ConfigMaps:
    """Makes, changes and deletes ConfigMaps, as stubbornly as it must."""

    def __init__(self, client: collection.Client, namespace: str) -> None:
        self._client = client
        self._path = f"/api/v1/namespaces/{namespace}/configmaps"

    def write(self, name: str, value: object) -> None:
        body = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "labels": {"test": LABEL}},
            "data": {"value": str(value)},
        }
        query = {"fieldManager": "tests", "force": "true"}
        self._insist("PATCH", f"{self._path}/{name}", query=query, body=ApplyPatch(body))

    def delete(self, name: str) -> None:
        self._insist("DELETE", f"{self._path}/{name}")

    def versions(self) -> dict[str, str]:
        """Return what the API server has: name and resourceVersion."""
        query = {"labelSelector": f"test={LABEL}"}
        items = self._client.request("GET", self._path, what="list", query=query)["items"]
        return {item["metadata"]["name"]: item["metadata"]["resourceVersion"] for item in items}

    def _insist(self, method: str, path: str, **call: Any) -> None:
        deadline = time.monotonic() + 90
        while True:
            try:
                self._client.request(method, path, what="write", **call)
            except KubeError:
                assert time.monotonic() < deadline, "the API server does not come back"
                time.sleep(0.2)
            else:
                return


@pytest.fixture
def maps(client: collection.Client, namespace: str) -> ConfigMaps:
    return ConfigMaps(client, namespace)


class Watcher:
    """Informers, and what a listener that never looks into the store believes."""

    def __init__(self, options: dict[str, Any], namespaces: tuple[str, ...], timing: ReflectorTiming) -> None:
        self.store = Store()
        self.believed: dict[str, str] = {}
        self.observed: list[str] = []
        self._lock = threading.Lock()
        self.store.subscribe(self._hear)
        self.informers = Informers(
            Client(options),
            self.store,
            namespaces,
            timing=timing,
            observe=lambda _source, what: self.observed.append(what),
        )
        self.informers.add(Source(id="ConfigMap", gvk=CONFIG_MAPS, label_selector=f"test={LABEL}"))

    def _hear(self, key: Any, before: Any, after: Any) -> None:
        with self._lock:
            # Each change begins where the one before has ended, or something was missed or told twice.
            assert (before is None) == (key.name not in self.believed)
            if after is None:
                del self.believed[key.name]
            else:
                self.believed[key.name] = after["metadata"]["resourceVersion"]

    def stored(self) -> dict[str, str]:
        keys = self.store.keys()
        found = {key.name: self.store.get(key) for key in keys}
        return {name: value["metadata"]["resourceVersion"] for name, value in found.items() if value}

    def agrees(self, maps: ConfigMaps, seconds: float = 60.0) -> float:
        """Wait until store and listener have what the API server has; how long that took."""
        began = time.monotonic()
        truth = maps.versions()
        cluster.until("the store is right", lambda: self.stored() == truth and self.believed == truth, seconds)
        return time.monotonic() - began


@pytest.fixture
def watch(namespace: str) -> Iterator[Any]:
    """Start informers on the test's namespace."""
    made: list[Watcher] = []

    def start(timing: ReflectorTiming = TIMING, *, wait: bool = True, **options: Any) -> Watcher:
        made.append(Watcher(options, (namespace,), timing))
        assert not wait or made[-1].informers.wait(30), made[-1].informers.unready()
        return made[-1]

    yield start
    for watcher in made:
        watcher.informers.stop()


@pytest.fixture
def servers(client, namespace) -> Servers:
    manifest = load_yaml(CRD)
    client.request(
        "PATCH",
        f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{manifest['metadata']['name']}",
        what="install the CRD",
        body=ApplyPatch(manifest),
        query={"fieldManager": "tests", "force": "true"},
    )
    cluster.until("MCPServers are served", lambda: cluster.found(client, "/apis/mcp.mcp-operator.io/v1"))
    return Servers(client, namespace)


@pytest.fixture
def start(testbed, namespace, tmp_path) -> Iterator[Any]:
    """Start operators; they work when this returns."""
    running: list[Operator] = []
    with run_directory() as runs:

        def start(*, kubeconfig: str = "", name: str = "operator", **more: Any) -> Operator:
            more.setdefault("runs", f"{runs}/{name}")
            one = Operator(tmp_path, namespace, kubeconfig or testbed.kubeconfig, name=name, **more)
            running.append(one)
            cluster.until("the operator is ready", one.ready, 60)
            return one

        yield start
        for one in running:
            one.kill()
