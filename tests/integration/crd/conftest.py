# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An API server that serves this checkout's CRD, and a way to ask it what it thinks of a manifest.

Manifests are sent as dry runs: nothing is stored. The CRD itself stays afterwards, since others may be using it.
"""

from __future__ import annotations

import http
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config

from support.yaml_files import load_yaml

CRD = "mcpservers.mcp.mcp-operator.io"
GROUP, VERSION = "mcp.mcp-operator.io", "v1"
SECONDS_TO_SERVE = 30.0
# Two managers of one CRD would be in conflict as soon as it changes.
AS_THE_ROLE = "mcp-kubernetes-deploy"


@pytest.fixture(scope="session")
def api(root: Path) -> client.ApiClient:
    """Return a client of the test cluster, which is brought up if it is not."""
    cluster = [sys.executable, str(root / "tests" / "cluster")]
    subprocess.run([*cluster, "up"], check=True, stdout=subprocess.DEVNULL)
    kubeconfig = subprocess.run([*cluster, "kubeconfig"], check=True, capture_output=True, text=True).stdout.strip()
    return config.new_client_from_config(kubeconfig)


@pytest.fixture(scope="session")
def crd(root: Path) -> dict[str, Any]:
    """Return the CRD of this checkout."""
    found = load_yaml(root / "crds" / f"{CRD}.yaml")
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def served(api: client.ApiClient, crd: dict[str, Any]) -> None:
    """Apply the CRD and wait until the API server describes it as it is: it serves an older one for a moment."""
    client.ApiextensionsV1Api(api).patch_custom_resource_definition(
        CRD, crd, field_manager=AS_THE_ROLE, force=True, _content_type="application/apply-patch+yaml"
    )
    wanted = outline(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"])
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while described(api) != wanted:
        assert time.monotonic() < deadline, "the API server does not serve the CRD"
        time.sleep(0.1)


def outline(schema: dict[str, Any]) -> dict[str, Any]:
    """Return names and descriptions of a schema's fields."""
    fields = {name: outline(part) for name, part in schema.get("properties", {}).items()}
    return {"description": schema.get("description"), "fields": fields}


def described(api: client.ApiClient) -> dict[str, Any] | None:
    """Return the outline of an MCPServer's spec as the API server describes it."""
    try:
        document = read(api, f"/openapi/v3/apis/{GROUP}/{VERSION}")
    except client.ApiException:
        return None  # 404 before the CRD is established, 503 while its description is being made
    kinds = [name for name in document["components"]["schemas"] if name.endswith(".MCPServer")]
    return outline(document["components"]["schemas"][kinds[0]]["properties"]["spec"]) if kinds else None


def read(api: client.ApiClient, path: str) -> dict[str, Any]:
    """Return what the API server has at a path."""
    answer = api.call_api(
        *api.param_serialize("GET", path, auth_settings=["BearerToken"], header_params={"Accept": "application/json"})
    )
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:  # at this level the client raises nothing by itself
        raise client.ApiException(status=answer.status, reason=answer.reason)
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def admit(api: client.ApiClient, served: None) -> Callable[..., dict[str, Any]]:
    """Return a function that sends a manifest as a strict dry run and returns what would be stored."""
    servers = client.CustomObjectsApi(api)

    def send(spec: Any, *, name: str = "sample", version: str = VERSION, **metadata: Any) -> dict[str, Any]:
        manifest = {
            "apiVersion": f"{GROUP}/{version}",
            "kind": "MCPServer",
            "metadata": {"name": name, **metadata},
            "spec": spec,
        }
        stored = servers.create_namespaced_custom_object(
            GROUP, version, "default", "mcpservers", manifest, dry_run="All", field_validation="Strict"
        )
        assert isinstance(stored, dict)
        return stored

    return send
