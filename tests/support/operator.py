# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator in the tests' cluster: as install.yaml installs it, but for its image and the namespaces it watches."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiConflict, ApiNotFound

from . import cluster
from .chart_objects import apply
from .in_common import in_common, lock_file
from .yaml_files import load_yaml

INSTALL = cluster.ROOT / "roles" / "operator" / "files" / "install.yaml"
NAMESPACE = "mcp-operator-system"
DEPLOYMENT = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/mcp-operator-controller-manager"
LEASE = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases/mcp-operator"
SERVERS = "/apis/mcp.mcp-operator.io/v1/namespaces"
IMAGE = "mcp-operator"
# The namespaces that it watches, two for each process of tests; it ignores what other tests deploy elsewhere. The
# second one is for tests that disturb all servers in it.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
WATCHED = f"mcp-operator-e2e-{_PROCESS}"
SPARE = f"{WATCHED}-spare"
_OF_ALL = [
    f"mcp-operator-e2e-gw{number}{suffix}"
    for number in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    for suffix in ("", "-spare")
]


def manifests(watched: str, reference: str, build: str) -> list[dict[str, Any]]:
    """Return what install.yaml installs.

    :param reference: of the image.
    :param build: another text for another image of that name, so that a new one is rolled out.
    """
    found = load_yaml(INSTALL)["items"]
    for document in found:
        if document["kind"] == "Deployment":
            template = document["spec"]["template"]
            template["metadata"].setdefault("annotations", {})["mcp-tests/build"] = build
            [container] = template["spec"]["containers"]
            container["image"] = reference
            values = {"WATCH_NAMESPACE": watched, "MCP_OPERATOR_VALIDATION_IMAGE": reference}
            for variable in container["env"]:
                variable["value"] = values.get(variable["name"], variable["value"])
    return found


class Operator:
    """The one installation of the tests' cluster."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def install(self, watched: str = ",".join(_OF_ALL)) -> None:
        """Build the image and install it; nothing happens where it runs already."""
        cluster.load_images(IMAGE)
        [archive] = cluster.tool("tests/servers", "archives", IMAGE)
        for manifest in manifests(watched, image(), Path(archive).stem):
            apply(self.client, manifest)
        self.runs()

    def runs(self, timeout: float = 120) -> None:
        """Wait until the newest Pod is ready, answers, and no other is left."""
        cluster.until("the operator is installed", self._is_rolled_out, timeout)
        cluster.until("the operator leads", lambda: self._holder() in self.pods(), timeout)

    def uninstall(self) -> None:
        """Remove the operator; the CustomResourceDefinition stays, others use it."""
        with contextlib.suppress(ApiNotFound):
            self.client.request("DELETE", DEPLOYMENT, what="remove the operator")
        with contextlib.suppress(ApiNotFound):
            self.client.request("DELETE", LEASE, what="remove its Lease")

    def scale(self, replicas: int) -> None:
        """Stop or start it."""
        self.client.request("PATCH", DEPLOYMENT, what="scale", body=MergePatch({"spec": {"replicas": replicas}}))
        if replicas:
            self.runs()
        else:
            cluster.until("the operator is gone", lambda: not self.pods(), 90)

    def pods(self) -> list[str]:
        """Return the names of its Pods."""
        found = self.client.list("v1", "Pod", NAMESPACE, labelSelector="control-plane=controller-manager")
        return [pod["metadata"]["name"] for pod in found]

    def log(self) -> str:
        """Return the end of its log."""
        return "\n".join(cluster.log(self.client, NAMESPACE, name) for name in self.pods())

    def _holder(self) -> str:
        lease = cluster.found(self.client, LEASE) or {}
        return str((lease.get("spec") or {}).get("holderIdentity") or "").partition("_")[0]

    def _is_rolled_out(self) -> bool:
        found = cluster.found(self.client, DEPLOYMENT) or {}
        status, wanted = found.get("status") or {}, found.get("spec", {}).get("replicas")
        counts = {status.get(name) for name in ("replicas", "updatedReplicas", "availableReplicas")}
        return status.get("observedGeneration") == found["metadata"]["generation"] and counts == {wanted}


def make_namespace(client: Client, name: str) -> None:
    """Make a namespace of Pod Security level restricted, where there is none; one that goes is waited for."""
    path = f"/api/v1/namespaces/{name}"
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

    def is_there() -> bool:
        with contextlib.suppress(ApiConflict):
            client.request("POST", "/api/v1/namespaces", what="make a namespace", body=body)
        found = cluster.found(client, path)
        return found is not None and "deletionTimestamp" not in found["metadata"]

    cluster.until(f"the namespace {name} is there", is_there, 120)
    cluster.until("its ServiceAccount is there", lambda: cluster.found(client, f"{path}/serviceaccounts/default"))


def delete_namespace(client: Client, name: str) -> None:
    """Delete a namespace; nobody waits for the end."""
    with contextlib.suppress(ApiNotFound):
        client.request("DELETE", f"/api/v1/namespaces/{name}", what="delete a namespace")


def image() -> str:
    """Return the reference of the operator's image."""
    listed = json.loads("\n".join(cluster.tool("tests/servers", "list", "--json")))
    return str(next(row["image"] for row in listed if row["name"] == IMAGE))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Have the cluster's one place for an operator, while no other process uses it."""
    with _place(fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def installed(client: Client) -> Iterator[Operator]:
    """Have the operator in the cluster: the first process installs it, the last one removes it."""
    operator = Operator(client)

    def make() -> None:
        for namespace in _OF_ALL:
            make_namespace(client, namespace)
        operator.install()

    def remove() -> None:
        operator.uninstall()
        for namespace in _OF_ALL:
            delete_namespace(client, namespace)

    with _place(fcntl.LOCK_SH), in_common(_lock_name("installed"), make, remove):
        yield operator


@contextlib.contextmanager
def in_use(*, exclusive: bool) -> Iterator[None]:
    """Use the operator while no other process stops it, or stop it while no other process uses it."""
    with lock_file(_lock_name("next")).open("a") as first, lock_file(_lock_name("use")).open("a") as use:
        # Without the first lock, a process that wants to be alone would wait until all others have ended.
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(use, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        fcntl.flock(first, fcntl.LOCK_UN)
        yield


@contextlib.contextmanager
def _place(kind: int) -> Iterator[None]:
    with lock_file(_lock_name("place")).open("a") as lock:
        fcntl.flock(lock, kind)
        yield


def _lock_name(name: str) -> str:
    return f"operator-{name}-{os.environ.get('MCP_TEST_CLUSTER', 'default')}"
