# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""containerd, kubelet and kube-proxy: the node, and the network of its Pods."""

from __future__ import annotations

import json
from pathlib import Path

from .. import addresses
from ..images.single import PAUSE
from ..machine import mounts
from ..machine.shell import run
from .base import Cluster, Component

SOCKET = "/run/containerd/containerd.sock"


def binds(cluster: Cluster) -> dict[Path, Path]:
    """The usual paths, as the cluster's mount namespace shows them."""
    node = cluster.locations.node
    return {
        node / "containerd": Path("/var/lib/containerd"),
        node / "run": Path("/run/containerd"),
        node / "kubelet": Path("/var/lib/kubelet"),
        node / "cni": Path("/var/lib/cni"),
        node / "pod-logs": Path("/var/log/pods"),
        node / "container-logs": Path("/var/log/containers"),
    }


def containerd(cluster: Cluster, holder: int) -> Component:
    config = cluster.locations.config / "containerd.toml"
    conflist = cluster.locations.config / "cni" / "10-bridge.conflist"
    client = ctr_command(cluster, holder)

    def trouble() -> str:
        answer = run([*client, "version"], check=False, timeout=10)
        return "" if answer.returncode == 0 else answer.stderr.strip()[-300:]

    return Component(
        "containerd",
        (str(cluster.programs.packages / "containerd"), "--config", str(config)),
        trouble,
        files={config: _containerd_config(cluster.programs.packages, conflist.parent), conflist: _conflist()},
    )


def ctr_command(cluster: Cluster, holder: int) -> list[str]:
    """containerd's client, run where the socket has its short usual path: a socket's path has 107 bytes at most."""
    ctr = str(cluster.programs.packages / "ctr")
    return ["nsenter", mounts.enter_command(holder), "--", ctr, "--address", SOCKET, "--namespace", "k8s.io"]


def _containerd_config(programs: Path, network_config: Path) -> str:
    # A JSON string is a TOML string too.
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    return f"""\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0

[grpc]
address = {json.dumps(SOCKET)}

[{cri}]
sandbox_image = {json.dumps(PAUSE)}
# Lowering a score takes CAP_SYS_RESOURCE, which containers and sandboxes that this may run in lack.
restrict_oom_score_adj = true

[{cri}.containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[{cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[{cri}.containerd.runtimes.runc.options]
BinaryName = {json.dumps(str(programs / "runc"))}
SystemdCgroup = false

[{cri}.cni]
bin_dir = {json.dumps(str(programs))}
conf_dir = {json.dumps(str(network_config))}
"""


def _conflist() -> str:
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        # A Pod that reaches itself through its own Service comes back by the port it went out of.
        "hairpinMode": True,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": addresses.NODE_PODS}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    portmap = {"type": "portmap", "capabilities": {"portMappings": True}}
    return json.dumps({"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge, portmap]}, indent=2) + "\n"


def kubelet(cluster: Cluster) -> Component:
    config = cluster.locations.config / "kubelet.json"
    return Component(
        "kubelet",
        (
            str(cluster.programs.kubernetes / "kubelet"),
            f"--config={config}",
            f"--kubeconfig={cluster.kubeconfig_of('kubelet-client')}",
            f"--hostname-override={cluster.name}",
            f"--node-ip={addresses.NODE}",
        ),
        cluster.healthy("http://127.0.0.1:10248/healthz"),
        files={config: json.dumps(kubelet_config(cluster), indent=2) + "\n"},
        seconds=3,
    )


def kubelet_config(cluster: Cluster) -> dict[str, object]:
    pki = cluster.certificates
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": addresses.NODE,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(pki.certificate("ca"))},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(pki.certificate("kubelet")),
        "tlsPrivateKeyFile": str(pki.key("kubelet")),
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": cluster.group.path,
        "failCgroupV1": False,
        "failSwapOn": False,
        "clusterDomain": addresses.DOMAIN,
        "clusterDNS": [addresses.NODE],
        # The machine's resolver cannot be reached from here.
        "resolvConf": "",
        "registryPullQPS": 0,
        "maxPods": 500,
        # An image that is thrown away cannot be fetched again.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "1%",
            "nodefs.inodesFree": "1%",
            "imagefs.available": "1%",
        },
        "oomScoreAdj": 0,
    }


def kube_proxy(cluster: Cluster) -> Component:
    return Component(
        "kube-proxy",
        (
            str(cluster.programs.kubernetes / "kube-proxy"),
            f"--kubeconfig={cluster.kubeconfig_of('kube-proxy')}",
            f"--hostname-override={cluster.name}",
            "--proxy-mode=iptables",
            f"--cluster-cidr={addresses.PODS}",
            # The limit is the whole machine's, and not ours to set.
            "--conntrack-max-per-core=0",
            "--healthz-bind-address=127.0.0.1:10256",
            "--metrics-bind-address=127.0.0.1:10249",
            "--oom-score-adj=0",
        ),
        cluster.healthy("http://127.0.0.1:10256/healthz"),
    )
