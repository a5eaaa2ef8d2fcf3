# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What stdio servers need in a cluster without a network: a volume with packages, and the probe."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster

IMAGES = ("mcp-stdio-bridge", "mcp-stdio-runtimes", "go-stdio", "stdio-packages", "no-libc")
PROBE = cluster.ROOT / "tests" / "servers" / "images" / "stdio" / "probe.py"
CLAIM = "packages"
SECRET = "k3y-of-the-test"
# One folder of the node for all runs; what is in it is of the image that it names.
_FOLDER = "/var/tmp/mcp-kubernetes-tests/packages"
_FILL = """
wanted="$(ls -l --time-style=full-iso /opt/mcp-cache)"
if [ "$(cat /mcp-cache/.filled)" != "$wanted" ]; then
  rm -rf /mcp-cache/* /mcp-cache/.filled
  cp -a /opt/mcp-cache/. /mcp-cache/ && chown 1000:1000 /mcp-cache && echo "$wanted" > /mcp-cache/.filled
fi
"""


@contextlib.contextmanager
def packages(client: Client, namespace: str) -> Iterator[None]:
    """Give a namespace a claim on a volume with the packages."""
    with cluster.namespace(client) as own:
        _fill(client, own)
    volume = f"packages-{namespace}"
    spec: dict[str, Any] = {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
    }
    reference = {"namespace": namespace, "name": CLAIM}
    _create(
        client, "v1", "PersistentVolume", "", volume, {**spec, "claimRef": reference, "hostPath": {"path": _FOLDER}}
    )
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "",
        "volumeName": volume,
        "resources": {"requests": {"storage": "1Gi"}},
    }
    _create(client, "v1", "PersistentVolumeClaim", namespace, CLAIM, claim)
    try:
        yield
    finally:
        client.request("DELETE", f"/api/v1/persistentvolumes/{volume}", what="delete the volume")


def probe(client: Client, namespace: str) -> None:
    """Give a namespace the probe's program, and a key that nobody may see."""
    for kind, field, data in (
        ("ConfigMap", "data", {"probe.py": PROBE.read_text(encoding="utf-8")}),
        ("Secret", "stringData", {"key": SECRET}),
    ):
        body = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "probe"}, field: data}
        path = f"/api/v1/namespaces/{namespace}/{kind.lower()}s/probe"
        query = {"fieldManager": "tests", "force": "true"}
        client.request("PATCH", path, what=f"apply a {kind}", body=ApplyPatch(body), query=query)


def _fill(client: Client, namespace: str) -> None:
    # The only one who is root: a folder of the node belongs to nobody else at first.
    container = {
        "name": "fill",
        "image": "localhost/mcp-servers/stdio-packages:1",
        "command": ["sh", "-c", _FILL],
        "securityContext": {"runAsUser": 0},
        "volumeMounts": [{"name": "packages", "mountPath": "/mcp-cache"}],
    }
    folder = {"name": "packages", "hostPath": {"path": _FOLDER, "type": "DirectoryOrCreate"}}
    spec = {"restartPolicy": "Never", "containers": [container], "volumes": [folder]}
    _create(client, "v1", "Pod", namespace, "fill", spec)

    def filled() -> bool:
        pod = client.get("v1", "Pod", namespace, "fill")
        assert pod["status"]["phase"] != "Failed", cluster.describe(client, namespace)
        return bool(pod["status"]["phase"] == "Succeeded")

    cluster.until("the packages", filled, 120)


def _create(client: Client, api: str, kind: str, namespace: str, name: str, spec: dict[str, Any]) -> None:
    where = f"/namespaces/{namespace}" if namespace else ""
    body = {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec}
    client.request("POST", f"/api/{api}{where}/{kind.lower()}s", what=f"make a {kind}", body=body)
