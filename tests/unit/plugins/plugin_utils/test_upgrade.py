# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an upgrade does to servers that run: nothing, as long as their Pod templates stay what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import fingerprint
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"
BRIDGE = {"inject": "bridge:1", "package": "packages:1"}
HTTP = {"port": 3001, "path": "/sse", "sessionManagement": True}
# What the article shows, and the ways to run a server.
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
}
# Another one here rolls all Pods of all users who upgrade. Where that is worth it, renew it, and say so in a changelog
# fragment under breaking_changes.
KNOWN = {
    "smallest": "767a9d013f",
    "production": "7bfc4eb912",
    "sse": "4e621b6d63",
    "strict": "bd9039c827",
    "stdio": "4356a8b883",
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
        item for item in Renderer(str(TEMPLATES), BRIDGE).render(server, gated=True) if item["kind"] == "Deployment"
    ]
    assert fingerprint(deployment["spec"]["template"]) == KNOWN[name], deployment["spec"]["template"]
