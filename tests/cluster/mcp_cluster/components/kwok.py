# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes without a kubelet, for load: kwok says that their Pods run."""

from __future__ import annotations

import ipaddress
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import addresses
from ..api import Api, Manifest
from ..errors import ClusterError
from ..machine import go_build
from ..machine.netns import NetworkNamespace
from ..machine.shell import run
from ..progress import step
from .base import Cluster, Component

# kwok's own names, which its documentation and other people's manifests use.
ANNOTATION = "kwok.x-k8s.io/node"
LABELS = {"type": "kwok", "kubernetes.io/role": "agent"}
STAGES = ("node/fast", "node/heartbeat", "pod/fast")
NODE_TIMEOUT = 60.0
# kwok leaves out what a kubelet always says: who goes by it would take its containers for ones that have not begun.
_CONTAINER = "      - image: {{ .image | Quote }}\n"
_IDENTITY = """\
        containerID: {{ printf "kwok://%s/%s" $.metadata.uid .name | Quote }}
        imageID: {{ .image | Quote }}
"""


def kwok(cluster: Cluster) -> Component:
    stages = cluster.locations.config / "kwok-stages.yaml"
    return Component(
        "kwok",
        (
            str(go_build.KWOK.output / "kwok"),
            f"--kubeconfig={cluster.kubeconfig_of('kwok')}",
            f"--config={stages}",
            f"--manage-nodes-with-annotation-selector={ANNOTATION}=fake",
            f"--cidr={addresses.PODS}",
            "--server-address=127.0.0.1:10247",
        ),
        cluster.healthy("http://127.0.0.1:10247/healthz"),
        files={stages: _stages()},
    )


def _stages() -> str:
    """What a fake node and its Pods go through, as kwok's own module has it."""
    folder = run(
        [go_build.find_go(), "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", go_build.KWOK.requires],
        cwd=go_build.KWOK.path,
    ).stdout.strip()
    files = [file for stage in STAGES for file in sorted((Path(folder) / "kustomize" / "stage" / stage).glob("*.yaml"))]
    texts = [file.read_text(encoding="utf-8") for file in files if not file.name.startswith("kustomiz")]
    if not texts:
        raise ClusterError(f"kwok's module in {folder} has no stages.")
    stages = "\n---\n".join(texts)
    if _CONTAINER not in stages:
        raise ClusterError(f"kwok's stages in {folder} describe containers in another way than is known here.")
    return stages.replace(_CONTAINER, _CONTAINER + _IDENTITY)


def node_manifest(name: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {ANNOTATION: "fake", "node.alpha.kubernetes.io/ttl": "0"},
            "labels": {
                **LABELS,
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                # Kept away from what looks for a real node.
                "node.kubernetes.io/exclude-from-external-load-balancers": "true",
            },
        },
        "spec": {"taints": [{"key": ANNOTATION, "value": "fake", "effect": "NoSchedule"}]},
    }


def names(api: Api) -> list[str]:
    return sorted(n["metadata"]["name"] for n in _nodes(api))


def _nodes(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/api/v1/nodes?labelSelector={quote('type=kwok')}")["items"]
    return found


def add(api: Api, namespace: NetworkNamespace, count: int) -> None:
    """Nodes kwok-0 to kwok-(count - 1), Ready, the addresses of whose Pods all lead to the real node."""
    wanted = [f"kwok-{index}" for index in range(count)]
    with step(f"{count} fake node(s)", expected=1 + count / 20):
        for name in wanted:
            api.apply(node_manifest(name))
        deadline = time.monotonic() + NODE_TIMEOUT + count
        while missing := set(wanted) - {
            n["metadata"]["name"] for n in _nodes(api) if _ready(n) and n["spec"].get("podCIDR")
        }:
            if time.monotonic() > deadline:
                raise ClusterError(f"Fake nodes do not become Ready: {', '.join(sorted(missing)[:5])}.")
            time.sleep(0.3)
        for network in _networks():
            # Local: any process that listens on the node answers for every fake Pod.
            run(["ip", "-n", namespace.name, "route", "replace", "local", network, "dev", "lo"])


def _networks() -> list[str]:
    """Where fake Pods are. kwok never gives an address twice, so in time it leaves the networks of its nodes."""
    real = ipaddress.IPv4Network(addresses.NODE_PODS)
    return [str(network) for network in ipaddress.IPv4Network(addresses.PODS).address_exclude(real)]


def remove(api: Api, namespace: NetworkNamespace) -> int:
    """Delete the fake nodes and their Pods; how many nodes there were."""
    nodes = _nodes(api)
    for node in nodes:
        name = node["metadata"]["name"]
        api.delete("Node", name)
        # Nobody else would do it soon: the garbage collector waits for a node to come back.
        for pod in api.get(f"/api/v1/pods?fieldSelector={quote('spec.nodeName=' + name)}")["items"]:
            meta = pod["metadata"]
            api.request("DELETE", f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}?gracePeriodSeconds=0")
    for network in _networks():
        run(["ip", "-n", namespace.name, "route", "delete", "local", network, "dev", "lo"], check=False)
    return len(nodes)


def _ready(node: dict[str, Any]) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node.get("status", {}).get("conditions", []))
