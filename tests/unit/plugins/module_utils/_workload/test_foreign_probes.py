# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Probes of servers from ToolHive: the API server accepts a probe with one handler only."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.foreign_manifest import manifest_of_foreign
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.manifest import check
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

RENDERER = Renderer(str(Path(__file__).resolve().parents[5] / "roles" / "mcpserver" / "templates"))
HANDLERS = {"exec", "grpc", "httpGet", "tcpSocket"}
PATH = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 7}
COMMAND = {"exec": {"command": ["true"]}}


def imported(transport, probes):
    template = {"spec": {"containers": [{"name": "mcp", **probes}]}}
    return manifest_of_foreign(
        {
            "apiVersion": "toolhive.stacklok.dev/v1beta1",
            "kind": "MCPServer",
            "metadata": {"name": "fetcher", "namespace": "tools"},
            "spec": {"image": "a:1", "transport": transport, "podTemplateSpec": template},
        }
    )


def rendered(found):
    """Return the probes of the server's container in its Deployment."""
    manifest = check(found.manifest)
    manifest["spec"].setdefault("command", ["a"])
    [deployment] = [item for item in RENDERER.render(manifest) if item["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return {name: value for name, value in container.items() if name.endswith("Probe")}


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        ({"readinessProbe": PATH}, {"readinessProbe"}),
        ({"startupProbe": COMMAND, "readinessProbe": PATH}, {"startupProbe", "readinessProbe"}),
        ({"livenessProbe": PATH}, {"startupProbe", "readinessProbe", "livenessProbe"}),
        ({"readinessProbe": None, "startupProbe": {}}, {"startupProbe", "readinessProbe"}),
        ({}, {"startupProbe", "readinessProbe"}),
    ],
)
def test_a_server_over_http_has_its_own_probes_or_those_of_an_mcpserver(probes, expected):
    found = rendered(imported("streamable-http", probes))
    assert set(found) == expected
    assert [len(HANDLERS & set(probe)) for probe in found.values()] == [1] * len(found)
    assert {name: found[name] for name, probe in probes.items() if probe} == {
        name: probe for name, probe in probes.items() if probe
    }


def test_a_stdio_server_has_the_probes_of_its_sidecar():
    found = imported("stdio", {"readinessProbe": COMMAND, "startupProbe": PATH, "livenessProbe": COMMAND})
    probes = rendered(found)
    assert {name: HANDLERS & set(probe) for name, probe in probes.items()} == {
        "startupProbe": {"httpGet"},
        "readinessProbe": {"httpGet"},
        "livenessProbe": {"exec"},
    }
    where = "spec.podTemplateSpec.spec.containers[0]"
    assert [f"{where}.{name}: the sidecar has its own." for name in ("readinessProbe", "startupProbe")] == [
        line for line in found.dropped if "Probe" in line
    ]
