# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A Gateway that works: Contour reads the Gateway API, and Envoy serves it, as processes on the node's address.

The Gateway has the address of a Service: Contour adds 8000 to the ports of listeners, and a Service leads to them.
"""

from __future__ import annotations

import json
from pathlib import Path

from .. import addresses
from ..api import Manifest
from ..machine import go_build, wheels
from . import kinds
from .base import Cluster, Component

NAMESPACE, GATEWAY, CLASS = "gateways", "shared", "contour"
_GROUP = "gateway.networking.k8s.io"
# What Contour adds to the port of a listener.
_OFFSET = 8000
_PORTS = {"http": 80, "https": 443}
_XDS_PORT = 8001
_KINDS = ("gateways", "gatewayclasses", "httproutes", "backendtlspolicies")

_ENVOY_SCRIPT = r"""
set -e
"$1" bootstrap "$2" --admin-address "$2.sock" --xds-address 127.0.0.1 --xds-port "$3"
exec "$4" --config-path "$2" --service-node envoy --service-cluster envoy --disable-hot-restart --concurrency 1 \
    --log-level warning
"""


def contour(cluster: Cluster) -> Component:
    config = cluster.locations.config / "contour.yaml"
    return Component(
        "contour",
        (
            str(go_build.CONTOUR.output / "contour"),
            "serve",
            f"--kubeconfig={cluster.locations.inner_kubeconfig}",
            f"--config-path={config}",
            "--xds-address=127.0.0.1",
            f"--xds-port={_XDS_PORT}",
            "--insecure",
            "--disable-leader-election",
            f"--ingress-status-address={addresses.GATEWAY}",
        ),
        cluster.healthy("http://127.0.0.1:8000/healthz"),
        files={config: f"gateway:\n  gatewayRef:\n    namespace: {NAMESPACE}\n    name: {GATEWAY}\n"},
        seconds=5,
    )


def envoy(cluster: Cluster) -> Component:
    program = str(go_build.CONTOUR.output / "contour")
    config = str(cluster.locations.config / "envoy.json")
    return Component(
        "envoy",
        ("sh", "-c", _ENVOY_SCRIPT, "envoy", program, config, str(_XDS_PORT), str(wheels.envoy_path())),
        cluster.healthy("http://127.0.0.1:8002/ready"),
        seconds=3,
    )


def apply_objects(cluster: Cluster) -> None:
    """Install the CustomResourceDefinitions, and apply the Gateway with its Service."""
    kinds.install(cluster, _definitions(), [f"{kind}.{_GROUP}" for kind in _KINDS])
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests()})
    kinds.kubectl(cluster, "apply", "--server-side", "--force-conflicts", "--filename=-", stdin=text)


def delete_kinds(cluster: Cluster) -> None:
    """Delete the CustomResourceDefinitions with all their objects."""
    kinds.delete(cluster, _definitions())


def manifests() -> list[Manifest]:
    """Return a Gateway that allows routes of all namespaces, and the Service that leads to Envoy."""
    listener = {
        "name": "http",
        "protocol": "HTTP",
        "port": _PORTS["http"],
        "allowedRoutes": {"namespaces": {"from": "All"}},
    }
    name = {"name": "envoy", "namespace": NAMESPACE}
    ports = [{"name": name_, "port": port, "targetPort": port + _OFFSET} for name_, port in _PORTS.items()]
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": NAMESPACE, "labels": {"mcp.mcp-operator.io/gateway": "true"}},
        },
        {
            "apiVersion": f"{_GROUP}/v1",
            "kind": "GatewayClass",
            "metadata": {"name": CLASS},
            "spec": {"controllerName": "projectcontour.io/gateway-controller"},
        },
        {
            "apiVersion": f"{_GROUP}/v1",
            "kind": "Gateway",
            "metadata": {"name": GATEWAY, "namespace": NAMESPACE},
            "spec": {"gatewayClassName": CLASS, "listeners": [listener]},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": name,
            "spec": {"clusterIP": addresses.GATEWAY, "ports": ports},
        },
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {**name, "labels": {"kubernetes.io/service-name": name["name"]}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [addresses.NODE], "conditions": {"ready": True}}],
            "ports": [{"name": name_, "port": port + _OFFSET, "protocol": "TCP"} for name_, port in _PORTS.items()],
        },
    ]


def _definitions() -> list[Path]:
    return [
        *sorted(
            (kinds.folder(go_build.CONTOUR, "sigs.k8s.io/gateway-api") / "config" / "crd" / "experimental").glob(
                f"{_GROUP}_*.yaml"
            )
        ),
        kinds.folder(go_build.CONTOUR, go_build.CONTOUR.requires) / "examples" / "contour" / "01-crds.yaml",
    ]
