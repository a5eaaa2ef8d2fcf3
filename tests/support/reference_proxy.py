# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The proxy sidecar of vitorbari/mcp-operator v0.1.0-alpha.21, by its names and ports."""

from __future__ import annotations

from typing import Any

Item = dict[str, Any]


def add_proxy(deployment: Item, service: Item, spec: Item, image: str) -> int:
    """Add the container mcp-proxy, with the names and ports that the other operator gives it; return its port.

    The program is mcp-sidecar, whose options have other names.
    """
    pod, server_port = deployment["spec"]["template"]["spec"], spec["transport"]["config"]["http"]["port"]
    own, metrics = spec.get("sidecar") or {}, spec["metrics"].get("port", 9090)
    port = own.get("port") or (8081 if server_port == 8080 else 8080)
    checks = {
        kind: {"httpGet": {"path": path, "port": metrics}, "periodSeconds": 5}
        for kind, path in (("livenessProbe", "/healthz"), ("readinessProbe", "/readyz"))
    }
    container = {
        "name": "mcp-proxy",
        "image": image,
        "command": ["/usr/local/bin/mcp-sidecar", "proxy"],
        "args": [f"--target=http://127.0.0.1:{server_port}", f"--listen=:{port}", f"--metrics-listen=:{metrics}"],
        "ports": [{"name": "mcp", "containerPort": port}, {"name": "metrics", "containerPort": metrics}],
        "resources": own.get("resources") or {},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **checks,
    }
    if (own.get("tls") or {}).get("enabled"):
        container["args"] += ["--tls-cert-file=/etc/tls/tls.crt", "--tls-key-file=/etc/tls/tls.key"]
        container["volumeMounts"] = [{"name": "tls-certs", "mountPath": "/etc/tls", "readOnly": True}]
        pod["volumes"] = [{"name": "tls-certs", "secret": {"secretName": own["tls"]["secretName"]}}]
    pod["containers"].append(container)
    service["spec"]["ports"] = [
        {"name": "http", "port": port, "targetPort": port, "protocol": "TCP"},
        {"name": "metrics", "port": metrics, "targetPort": metrics, "protocol": "TCP"},
    ]
    return int(port)
