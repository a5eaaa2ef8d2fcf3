# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The cluster's DNS: CoreDNS as a process on the node's address, so that no image is needed for it."""

from __future__ import annotations

from .. import addresses
from ..api import Manifest
from .base import Cluster, Component


def coredns(cluster: Cluster) -> Component:
    corefile = cluster.locations.config / "Corefile"
    return Component(
        "coredns",
        (str(cluster.programs.coredns / "coredns"), "-conf", str(corefile)),
        cluster.healthy("http://127.0.0.1:8181/ready"),
        files={corefile: _corefile(str(cluster.kubeconfig_of("coredns")))},
    )


def _corefile(kubeconfig: str) -> str:
    # No cache: everything is in memory anyway, and a test must not wait for an old answer to expire.
    # Names outside the cluster do not exist: there is nobody to ask, and a client should hear so at once.
    # They have a block of their own, because CoreDNS asks `template` before `kubernetes`, whatever the order here.
    return f"""\
{addresses.DOMAIN} in-addr.arpa ip6.arpa {{
    bind {addresses.NODE}
    errors
    ready 127.0.0.1:8181
    kubernetes {{
        kubeconfig "{kubeconfig}"
        pods insecure
        ttl 1
    }}
    loadbalance
}}

. {{
    bind {addresses.NODE}
    errors
    template ANY ANY {{
        rcode NXDOMAIN
    }}
}}
"""


def manifests() -> list[Manifest]:
    return [
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "system:coredns"},
            "rules": [
                {"apiGroups": [""], "resources": ["services", "pods", "namespaces"], "verbs": ["list", "watch"]},
                {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["list", "watch"]},
            ],
        },
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "system:coredns"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:coredns"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "system:coredns"}],
        },
    ]
