# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.expose.kuadrant`` with the schema of Kuadrant's MCP Gateway, from its Go module."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid, KubeError

from support import cluster, lax_kinds
from support.rendered import RENDERER

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster.machine.go_build import find_go

# Downloads the module.
pytestmark = pytest.mark.test_all

MODULE = "github.com/Kuadrant/mcp-gateway"
FILE = Path("config", "crd", "mcp.kuadrant.io_mcpserverregistrations.yaml")


@pytest.fixture(scope="module")
def served(client: Client) -> Iterator[None]:
    """Serve the kind as Kuadrant ships it (Apache-2.0)."""
    folder = cluster.ROOT / "tests" / "cluster" / "programs" / "kuadrant"
    command = [find_go(), "mod", "download", "-json", MODULE]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
    manifest = yaml.safe_load((Path(json.loads(done.stdout)["Dir"]) / FILE).read_text(encoding="utf-8"))
    with lax_kinds.served(client, ("mcp.kuadrant.io/v1", "MCPServerRegistration"), manifests=[manifest]):
        yield


@pytest.fixture
def registration(namespace: str) -> dict[str, Any]:
    expose = {"parentRefs": [{"name": "mcp-gateway"}], "kuadrant": {"prefix": "weather_"}}
    server = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "weather", "namespace": namespace},
        "spec": {"image": "weather:1", "expose": expose},
        "status": {"exposure": {"serverPath": "/api/mcp", "protocol": "streamable-http"}},
    }
    [found] = [item for item in RENDERER.render(server) if item["kind"] == "MCPServerRegistration"]
    return found


def test_the_registration_is_valid(served: None, client: Client, registration: dict[str, Any]) -> None:
    stored = client.apply(registration, field_manager="tests", dry_run=True)["spec"]
    assert registration["spec"].items() <= stored.items()
    assert stored["targetRef"]["kind"] == "HTTPRoute"


def test_the_schema_knows_the_fields(served: None, client: Client, registration: dict[str, Any]) -> None:
    registration["spec"]["toolPrefix"] = "of an earlier version"
    with pytest.raises((ApiInvalid, KubeError), match="toolPrefix"):
        client.apply(registration, field_manager="tests", dry_run=True)
