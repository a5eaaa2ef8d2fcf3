# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.expose`` with the schemas of gateways of other projects, from their Go modules (Apache-2.0)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid, KubeError

from support import cluster, lax_kinds
from support.rendered import RENDERER

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster.machine.go_build import find_go

# Downloads the modules.
pytestmark = pytest.mark.test_all


class Gateway(NamedTuple):
    """A gateway whose kind an MCPServer can get, and where its module has the CustomResourceDefinition."""

    program: str
    module: str
    file: Path
    api_version: str
    kind: str
    expose: dict[str, Any]


GATEWAYS = [
    Gateway(
        "kuadrant",
        "github.com/Kuadrant/mcp-gateway",
        Path("config", "crd", "mcp.kuadrant.io_mcpserverregistrations.yaml"),
        "mcp.kuadrant.io/v1",
        "MCPServerRegistration",
        {"kuadrant": {"prefix": "weather_"}},
    ),
    Gateway(
        "envoy-ai-gateway",
        "github.com/envoyproxy/ai-gateway",
        Path("manifests", "charts", "ai-gateway-crds-helm", "templates", "aigateway.envoyproxy.io_mcproutes.yaml"),
        "aigateway.envoyproxy.io/v1beta1",
        "MCPRoute",
        {"envoyAIGateway": {}},
    ),
]


@pytest.fixture(scope="module", params=GATEWAYS, ids=lambda gateway: gateway.program)
def gateway(request: pytest.FixtureRequest, client: Client) -> Iterator[Gateway]:
    """Serve the kind as its project ships it."""
    found: Gateway = request.param
    folder = cluster.ROOT / "tests" / "cluster" / "programs" / found.program
    command = [find_go(), "mod", "download", "-json", found.module]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
    manifest = yaml.safe_load((Path(json.loads(done.stdout)["Dir"]) / found.file).read_text(encoding="utf-8"))
    with lax_kinds.served(client, (found.api_version, found.kind), manifests=[manifest]):
        yield found


@pytest.fixture
def made(gateway: Gateway, namespace: str) -> dict[str, Any]:
    server = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "weather", "namespace": namespace},
        "spec": {"image": "weather:1", "expose": {"parentRefs": [{"name": "shared", "port": 80}], **gateway.expose}},
        "status": {"exposure": {"serverPath": "/api/mcp", "protocol": "streamable-http"}},
    }
    [found] = [item for item in RENDERER.render(server) if item["kind"] == gateway.kind]
    return found


def test_the_schema_admits_the_object_and_drops_nothing(client: Client, made: dict[str, Any]) -> None:
    stored = client.apply(made, field_manager="tests", dry_run=True)["spec"]
    assert _contains(stored, made["spec"])


def test_the_schema_knows_the_fields(client: Client, made: dict[str, Any]) -> None:
    made["spec"]["toolPrefix"] = "of an earlier version"
    with pytest.raises((ApiInvalid, KubeError), match="toolPrefix"):
        client.apply(made, field_manager="tests", dry_run=True)


def _contains(stored: Any, wanted: Any) -> bool:
    """Tell whether what is stored has everything that was applied, beside defaults."""
    if isinstance(wanted, dict):
        return all(key in stored and _contains(stored[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(stored) == len(wanted) and all(map(_contains, stored, wanted))
    return bool(stored == wanted)
