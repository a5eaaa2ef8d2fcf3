# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A kind that has nothing to do with MCP, an ordinary role and a finalizer, on a real API server."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from mcp_operator._vendor._kube.client import Client as OwnClient
from mcp_operator.cluster.informers import Informers
from mcp_operator.cluster.source import Source
from mcp_operator.cluster.store import Store
from mcp_operator.reconcile.controller import Controller, ControllerSettings
from mcp_operator.reconcile.hooks import DefaultHooks
from mcp_operator.reconcile.object_writer import ObjectWriter
from mcp_operator.runs.run import RunSettings
from mcp_operator.watches.definition import GroupVersionKind
from mcp_operator.watches.parser import Defaults, load

from support import cluster

TOY = Path(__file__).resolve().parents[2] / "operator" / "toy"
KIND = ("toys.example.com/v1", "Toy")
JINJA = "{{ lookup('pipe', 'id') }} {% if x %} ${HOME} \u2028 \U0001f600"


class RecordResults(DefaultHooks):
    """Keeps the results of all runs."""

    def __init__(self, results: list[Any]) -> None:
        self._results = results

    def on_run_finished(self, _batch: Any, result: Any) -> None:
        self._results.append(result)


class ToyOperator:
    """An operator for toys in one namespace."""

    def __init__(self, client: Client, kubeconfig: str, namespace: str, root: Path) -> None:
        environment = {**os.environ, "TOY_ROLES": str(TOY / "roles")}
        [self.watch] = load(TOY / "watches.yaml", environment=environment, defaults=Defaults()).watches
        self.client = client
        # The operator carries the room of its own: its errors are other classes.
        self._own_client = OwnClient({"kubeconfig": kubeconfig})
        self.namespace = namespace
        self.results: list[Any] = []
        self._settings = ControllerSettings(
            runs=RunSettings(root=root, timeout=120, environment={"K8S_AUTH_KUBECONFIG": kubeconfig}),
        )

    @contextlib.contextmanager
    def running(self) -> Iterator[Controller]:
        store = Store()
        informers = Informers(self._own_client, store, [self.namespace])
        children = Source(
            id="children",
            gvk=GroupVersionKind("", "v1", "ConfigMap"),
            label_selector="toys.example.com/toy",
            metadata_only=True,
        )
        informers.add(Source.of(self.watch))
        informers.add(children)
        assert informers.wait(20), informers.unready()
        controller = Controller(
            [self.watch],
            store,
            ObjectWriter(self._own_client, informers.discovery),
            dependents={"children": self.watch},
            settings=self._settings,
            hooks=RecordResults(self.results),
        )
        controller.start()
        try:
            yield controller
        finally:
            controller.stop(0)
            informers.stop()

    def create(self, name: str, **spec: Any) -> None:
        body = {"apiVersion": KIND[0], "kind": KIND[1], "metadata": {"name": name}, "spec": spec}
        self.client.request("POST", self._toys(), what="create a toy", body=body)

    def delete(self, name: str) -> None:
        self.client.request("DELETE", f"{self._toys()}/{name}", what="delete a toy")

    def change(self, name: str, **spec: Any) -> None:
        path = f"{self._toys()}/{name}"
        self.client.request("PATCH", path, what="change a toy", body=MergePatch({"spec": spec}))

    def toy(self, name: str) -> dict[str, Any] | None:
        return cluster.found(self.client, f"{self._toys()}/{name}")

    def config_map(self, name: str) -> dict[str, Any] | None:
        return cluster.found(self.client, self._config_map(name))

    def delete_config_map(self, name: str) -> None:
        self.client.request("DELETE", self._config_map(name), what="delete a child")

    def condition(self, name: str, kind: str) -> dict[str, Any]:
        conditions = ((self.toy(name) or {}).get("status") or {}).get("conditions") or []
        return next((entry for entry in conditions if entry["type"] == kind), {})

    def is_successful(self, name: str) -> bool:
        return self.condition(name, "Successful").get("status") == "True"

    def versions(self) -> dict[str, str]:
        found = self.client.request("GET", self._toys(), what="list toys")["items"]
        return {item["metadata"]["name"]: item["metadata"]["resourceVersion"] for item in found}

    def _config_map(self, name: str) -> str:
        return f"/api/v1/namespaces/{self.namespace}/configmaps/{name}"

    def _toys(self) -> str:
        return f"/apis/toys.example.com/v1/namespaces/{self.namespace}/toys"


@pytest.fixture
def toys(client, kubeconfig, namespace):
    manifest = yaml.safe_load((TOY / "crd.yaml").read_text())
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{manifest['metadata']['name']}"
    query = {"fieldManager": "tests", "force": "true"}
    client.request("PATCH", path, what="install the CRD", body=ApplyPatch(manifest), query=query)
    cluster.until("toys are served", lambda: cluster.found(client, "/apis/toys.example.com/v1/toys"))
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as root:
        operator = ToyOperator(client, kubeconfig, namespace, Path(root))
        yield operator
        # Nobody answers for the finalizer any more, and the namespace is to go.
        for name in operator.versions():
            with contextlib.suppress(ApiNotFound):
                body = {"metadata": {"finalizers": None}}
                path = f"/apis/toys.example.com/v1/namespaces/{namespace}/toys/{name}"
                client.request("PATCH", path, what="free", body=MergePatch(body))


@pytest.mark.test_all
def test_a_toys_life(toys):
    for name in ("a", "b", "poison"):
        toys.create(name, toyContent=JINJA, toyRefuse=name == "poison")
    with toys.running():
        cluster.until("the good are well", lambda: toys.is_successful("a") and toys.is_successful("b"), 60)
        assert toys.config_map("a")["data"] == {"content": JINJA, "greeting": "hello a"}
        assert toys.toy("a")["metadata"]["finalizers"] == ["toys.example.com/goodbye"]
        failure = cluster.until("the poison is told", lambda: toys.condition("poison", "Failure") or None, 60)
        assert (failure["status"], failure["message"]) == ("True", "The toy poison is broken.")

        toys.change("poison", toyRefuse=False)
        cluster.until("the repaired is well", lambda: toys.is_successful("poison"), 60)

        toys.delete_config_map("b")
        cluster.until("the child is there again", lambda: toys.config_map("b"), 60)

        for number in range(50):
            toys.change("a", toyContent=f"change {number}")
            time.sleep(0.1)
        cluster.until("the last change wins", lambda: toys.config_map("a")["data"]["content"] == "change 49", 60)
        # Each run takes a second or more: fifty changes in five seconds cost a handful.
        assert sum("a" in host for result in toys.results for host in result.hosts) < 30

        toys.delete("a")
        cluster.until("it is gone", lambda: toys.toy("a") is None, 60)
        assert toys.config_map("goodbye-a")["data"] == {"last": "change 49"}


@pytest.mark.test_all
def test_a_restart_writes_nothing_and_runs_nothing(toys):
    for name in ("a", "b"):
        toys.create(name, toyContent="x")
    with toys.running() as controller:
        cluster.until("all are well", lambda: all(map(toys.is_successful, "ab")), 60)
        # A child that was seen after its run costs one run more.
        cluster.until("nothing is due", lambda: not controller.running() and not any(controller.queue.depth().values()))
        time.sleep(3)
    before, toys.results = toys.versions(), []
    with toys.running():
        time.sleep(3)
    assert toys.results == []
    assert toys.versions() == before


@pytest.mark.test_all
def test_an_object_deleted_while_it_runs_goes_with_its_finalizer(toys):
    toys.create("a", toyContent="x")
    with toys.running() as controller:
        cluster.until("it runs", controller.running)
        toys.delete("a")
        cluster.until("it is gone", lambda: toys.toy("a") is None, 60)
    assert toys.config_map("goodbye-a") is not None
