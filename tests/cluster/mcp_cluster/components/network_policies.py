# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Enforcement of NetworkPolicies: kube-network-policies, which judges the first packet of each connection of a Pod.

Its own nftables rules need a target that not every kernel has, so iptables rules lead the packets to its queue. Packets
of processes of the node's root are not judged: NetworkPolicies always allow the kubelet and port-forward. While the
program does not run, connections of Pods are dropped.
"""

from __future__ import annotations

from .. import addresses
from ..api import Api, Manifest
from ..machine import go_build
from .base import Cluster, Component

NAME = "kube-network-policies"
_NAMESPACE = "kube-system"
_PORT = 9080
_QUEUE = 100
# Seconds; a cluster of the tests does not live that long.
_TOKEN_LIFETIME = 7 * 24 * 3600
_ACCOUNT_FOLDER = "/run/secrets/kubernetes.io/serviceaccount"

# It reads only the configuration of a Pod, so it gets the files of one in a mount namespace of its own.
_SCRIPT = f"""\
set -e
mkdir -p {_ACCOUNT_FOLDER}
mount -t tmpfs -o mode=0700 tmpfs {_ACCOUNT_FOLDER}
cp "$1" {_ACCOUNT_FOLDER}/token
cp "$2" {_ACCOUNT_FOLDER}/ca.crt
mangle() {{ iptables -w -t mangle "$@"; }}
append() {{ mangle -C "$@" 2>/dev/null || mangle -A "$@"; }}
mangle -N NETPOL 2>/dev/null || mangle -F NETPOL
mangle -A NETPOL -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
mangle -A NETPOL -s {addresses.PODS} -j NFQUEUE --queue-num {_QUEUE}
mangle -A NETPOL -d {addresses.PODS} -j NFQUEUE --queue-num {_QUEUE}
append POSTROUTING -m owner --uid-owner 0 -j RETURN
append POSTROUTING -j NETPOL
append INPUT -s {addresses.PODS} -j NETPOL
export KUBERNETES_SERVICE_HOST={addresses.NODE} KUBERNETES_SERVICE_PORT={addresses.API_PORT}
shift 2
exec "$@"
"""


def network_policies(cluster: Cluster) -> Component:
    """Return the component; :func:`write_token` comes first."""
    return Component(
        NAME,
        (
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            _SCRIPT,
            NAME,
            str(cluster.locations.config / f"{NAME}.token"),
            str(cluster.certificates.certificate("ca")),
            str(go_build.NETWORK_POLICIES.output / NAME),
            f"--hostname-override={cluster.name}",
            f"--nfqueue-id={_QUEUE}",
            f"--metrics-bind-address=127.0.0.1:{_PORT}",
            "--disable-nri",
            "--netfilter-bug-1766-fix=false",
        ),
        cluster.healthy(f"http://127.0.0.1:{_PORT}/metrics"),
        seconds=2,
    )


def write_token(cluster: Cluster, api: Api) -> None:
    """Write a token of the program's ServiceAccount."""
    path = f"/api/v1/namespaces/{_NAMESPACE}/serviceaccounts/{NAME}/token"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest"}
    found = api.request("POST", path, {**body, "spec": {"expirationSeconds": _TOKEN_LIFETIME}})
    file = cluster.locations.config / f"{NAME}.token"
    file.touch(mode=0o600)
    file.write_text(found["status"]["token"], encoding="ascii")


def manifests() -> list[Manifest]:
    """Return its ServiceAccount and rights."""
    group = "rbac.authorization.k8s.io"
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME, "namespace": _NAMESPACE}},
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": NAME},
            "rules": [
                {"apiGroups": [""], "resources": ["namespaces", "pods", "nodes"], "verbs": ["list", "watch"]},
                {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["list", "watch"]},
            ],
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": NAME},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": NAME},
            "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": _NAMESPACE}],
        },
    ]
