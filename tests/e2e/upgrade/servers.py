# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Twenty MCPServers of all kinds that the previous release has."""

from __future__ import annotations

from typing import Any

GO = "localhost/mcp-servers/go-sdk:1.8.0"
STDIO = "localhost/mcp-servers/go-stdio:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"
SETTINGS = "settings"
STRICT = {"strictMode": True}
CLOCK: dict[str, Any] = {"image": STDIO, "command": ["/server", "--transport", "stdio"], "transport": {"type": "stdio"}}
_PACKAGE = {"startTimeoutSeconds": 120, "cache": {"claimName": "packages"}}

SPECS: dict[str, dict[str, Any]] = {
    "http": {"image": GO},
    "two": {"image": GO, "args": ["--stateless"], "replicas": 2, "strategy": {"drainSeconds": 1}},
    "autoscaled": {"image": GO, "args": ["--stateless"], "hpa": {"enabled": True, "minReplicas": 2, "maxReplicas": 4}},
    "external": {"image": GO, "autoscaling": "external"},
    "strict": {"image": GO, "validation": STRICT},
    "strict-two": {
        "image": GO,
        "args": ["--stateless"],
        "replicas": 2,
        "validation": {**STRICT, "requiredCapabilities": ["tools"], "probe": {"periodSeconds": 5}, "interval": "1m"},
    },
    "strict-autoscaled": {
        "image": GO,
        "args": ["--stateless"],
        "hpa": {"enabled": True, "minReplicas": 2, "maxReplicas": 3, "targetMemoryUtilizationPercentage": 80},
        "validation": STRICT,
    },
    "hashed": {
        "image": GO,
        "podTemplate": {
            "configHash": True,
            "spec": {"containers": [{"name": "mcp-server", "envFrom": [{"configMapRef": {"name": SETTINGS}}]}]},
        },
    },
    "merged": {
        "image": GO,
        "podTemplate": {"spec": {"terminationGracePeriodSeconds": 20, "containers": [{"name": "beside", "image": GO}]}},
        "environment": [{"name": "PORT", "value": "3001"}],
        "transport": {"config": {"http": {"port": 3001}}},
    },
    "scheduled": {
        "image": GO,
        "podTemplate": {"labels": {"team": "a"}, "annotations": {"note": "b"}, "tolerations": [{"operator": "Exists"}]},
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "128Mi"}},
    },
    "exposed": {"image": GO, "service": {"type": "NodePort", "port": 80, "sessionAffinity": "ClientIP"}},
    "secured": {"image": GO, "security": {"runAsUser": 1234, "runAsGroup": 1234, "readOnlyRootFilesystem": True}},
    "by-job": {"image": GO, "validation": {"runner": "job"}},
    "unchecked": {"image": GO, "validation": {"enabled": False}},
    "sse": {"image": "localhost/mcp-servers/python-sdk-sse:1.30.0", "transport": {"protocol": "sse"}},
    "python": {"image": "localhost/mcp-servers/python-sdk-v2:2.3.0", "healthCheck": {"enabled": False}},
    "stdio": {**CLOCK, "validation": STRICT},
    "shared": {**CLOCK, "transport": {"type": "stdio", "config": {"stdio": {"mode": "shared"}}}},
    "package": {
        "command": ["uvx", "mcp-server-time==2026.10.19"],
        "args": ["--local-timezone", "Europe/Berlin"],
        "environment": [{"name": "UV_OFFLINE", "value": "1"}, {"name": "UV_EXCLUDE_NEWER", "value": "2026-11-01"}],
        "transport": {"type": "stdio", "config": {"stdio": _PACKAGE}},
    },
    "broken": {"image": BROKEN, "args": ["html"]},
}
# What validation says in the end; all others are Validated.
STATES = {"unchecked": "Disabled", "broken": "Failed"}
# Clients call the others: these have no Streamable HTTP, or only errors.
UNCALLED = ("sse", "broken")


def manifest(name: str, namespace: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Return an MCPServer."""
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec}
