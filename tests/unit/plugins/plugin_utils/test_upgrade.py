# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An upgrade rolls no Pod as long as Pod templates stay the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import fingerprint
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"
BRIDGE = {"inject": "bridge:1", "package": "packages:1"}
HTTP = {"port": 3001, "path": "/sse", "sessionManagement": True}
# Common manifests, and one for each part of a Pod template.
SPECS = {
    "smallest": {},
    "production": {
        "replicas": 2,
        "args": ["sse"],
        "transport": {"type": "http", "protocol": "auto", "config": {"http": HTTP}},
        "hpa": {"enabled": True, "minReplicas": 2, "maxReplicas": 10, "targetCPUUtilizationPercentage": 70},
        "security": {"runAsUser": 1000, "runAsGroup": 1000, "runAsNonRoot": True},
        "resources": {"requests": {"cpu": "200m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "1Gi"}},
        "healthCheck": {"enabled": True, "path": "/health"},
    },
    "sse": {"transport": {"protocol": "sse", "config": {"http": {"path": "/sse"}}}},
    "strict": {"validation": {"strictMode": True, "requiredCapabilities": ["tools"]}},
    "stdio": {"command": ["server"], "transport": {"type": "stdio"}},
    "stdio mounts": {
        "command": ["server"],
        "transport": {"type": "stdio", "config": {"stdio": {"startTimeoutSeconds": 99, "mode": "shared"}}},
        "podTemplate": {
            "volumes": [{"name": "t", "emptyDir": {}}],
            "volumeMounts": [{"name": "t", "mountPath": "/tmp"}],
        },
        "environment": [{"name": "API_KEY", "value": "x"}],
    },
    "package": {
        "image": None,
        "command": ["uvx", "y"],
        "transport": {"type": "stdio", "config": {"stdio": {"spare": True, "cache": {"claimName": "packages"}}}},
    },
    "scheduling": {
        "podTemplate": {
            "labels": {"team": "a"},
            "annotations": {"a": "b"},
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"operator": "Exists"}],
            "imagePullSecrets": [{"name": "registry"}],
            "serviceAccountName": "mine",
        },
        "strategy": {"drainSeconds": 0},
    },
    "merged": {
        "validation": {"strictMode": True},
        "podTemplate": {
            "configHash": True,
            "spec": {
                "volumes": [{"name": "settings", "configMap": {"name": "settings"}}],
                "containers": [
                    {"name": "mcp-server", "envFrom": [{"secretRef": {"name": "keys"}}]},
                    {"name": "side", "image": "side:1"},
                ],
            },
        },
    },
    "environment": {
        "environment": [
            {"name": "A", "value": "{{ 1 }}"},
            {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        ],
        "healthCheck": {"enabled": False},
        "security": {"runAsUser": 0, "runAsNonRoot": False, "readOnlyRootFilesystem": True, "fsGroup": 7},
    },
    "metrics": {"metrics": {"enabled": True, "names": "otel", "tools": ["search"]}},
    "access": {
        "tls": {"secretName": "tls", "mode": "mutual", "clientCASecretRef": {"name": "ca", "key": "ca.crt"}},
        "auth": {"issuers": ["https://login.example.com"], "scopes": ["mcp"], "audit": True},
        "limits": {"session": {"requestsPerSecond": 1}},
    },
    "metrics of stdio": {"command": ["server"], "transport": {"type": "stdio"}, "metrics": {"enabled": True}},
}
# A change of one of these rolls all Pods of all users who upgrade. If that is worth it, update the value and add a
# changelog fragment under breaking_changes.
KNOWN = {
    "smallest": "767a9d013f",
    "production": "7bfc4eb912",
    "sse": "4e621b6d63",
    "strict": "bd9039c827",
    "stdio": "4356a8b883",
    "stdio mounts": "025acbf5bc",
    "package": "a30e33d0dc",
    "scheduling": "e589898c4d",
    "merged": "d1c333bfac",
    "environment": "c1bda23711",
    "metrics": "86a948e7ed",
    "access": "92ab1f0492",
    "metrics of stdio": "05dc1fb2bb",
}


@pytest.mark.parametrize("name", SPECS)
def test_an_upgrade_rolls_no_pod(name):
    server = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wikipedia", "namespace": "mcp", "uid": "u-1", "generation": 1},
        "spec": {"image": "registry.example.com/wikipedia:1", **SPECS[name]},
    }
    [deployment] = [
        item
        for item in Renderer(str(TEMPLATES), BRIDGE).render(server, gated=True, config_hash=lambda _pod: "0123456789")
        if item["kind"] == "Deployment"
    ]
    assert fingerprint(deployment["spec"]["template"]) == KNOWN[name], deployment["spec"]["template"]
