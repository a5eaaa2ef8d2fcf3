# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What Pods use of CPU and memory, for autoscalers: metrics-server as a process on the node's address."""

from __future__ import annotations

from .. import addresses
from ..api import Manifest
from ..machine import go_build
from .base import Cluster, Component

USER = "metrics-server"
_NAME = {"name": "metrics-server", "namespace": "kube-system"}
_GROUP, _VERSION = "metrics.k8s.io", "v1beta1"
# Nobody else on the node's address has it.
_PORT = 10251
# The least that it takes; tests wait for several of them.
_RESOLUTION = 10


def metrics_server(cluster: Cluster) -> Component:
    pki = cluster.certificates
    kubeconfig = cluster.kubeconfig_of(USER)
    return Component(
        "metrics-server",
        (
            str(go_build.METRICS_SERVER.output / "metrics-server"),
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            f"--bind-address={addresses.NODE}",
            f"--secure-port={_PORT}",
            f"--cert-dir={cluster.locations.config / USER}",
            f"--kubelet-certificate-authority={pki.certificate('ca')}",
            # The node's name resolves nowhere.
            "--kubelet-preferred-address-types=InternalIP",
            f"--metric-resolution={_RESOLUTION}s",
            f"--kubelet-request-timeout={_RESOLUTION // 2}s",
        ),
        # Ready when it has asked the kubelet for the first time.
        cluster.healthy(f"https://{addresses.NODE}:{_PORT}/readyz"),
        seconds=2 * _RESOLUTION,
        timeout=120,
    )


def manifests() -> list[Manifest]:
    """What leads the API server there: a Service without a selector, and who is behind it."""
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": _NAME,
            "spec": {"ports": [{"name": "https", "port": 443, "targetPort": _PORT, "protocol": "TCP"}]},
        },
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {**_NAME, "labels": {"kubernetes.io/service-name": _NAME["name"]}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [addresses.NODE], "conditions": {"ready": True}}],
            "ports": [{"name": "https", "port": _PORT, "protocol": "TCP"}],
        },
        {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": f"{_VERSION}.{_GROUP}"},
            "spec": {
                "group": _GROUP,
                "version": _VERSION,
                "service": _NAME,
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                # It makes its certificate itself, and never leaves this network namespace.
                "insecureSkipTLSVerify": True,
            },
        },
    ]
