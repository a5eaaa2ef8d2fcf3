# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers of two clusters: two contexts of one kubeconfig, which lead to one real API server."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from support import cluster
from support.inventory import Inventory

IDENTITY = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
IMAGE = "registry.example.com/none:1"


@pytest.fixture
def inventory(tmp_path, crd):
    return Inventory(tmp_path)


@pytest.fixture
def second(client):
    """Return another namespace of the test's own."""
    with cluster.namespace(client) as name:
        yield name


@pytest.fixture
def config(kubeconfig):
    return yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))


@pytest.fixture
def write(tmp_path):
    """Write a kubeconfig and return its path."""

    def write(config):
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def two_contexts(config, write):
    """Return a kubeconfig with the contexts ``eu`` and ``us``."""
    first = config["contexts"][0]
    config["contexts"] = [{**first, "name": name} for name in ("eu", "us")]
    config["current-context"] = "eu"
    return write(config)


@pytest.fixture
def make(client, crd):
    """Make an MCPServer; no Pods come of it, since no operator answers for the namespace."""

    def make(namespace, name, status=None, spec=None, **metadata):
        identity = {**IDENTITY, "metadata": {"name": name, "namespace": namespace}}
        manifest = {
            **identity,
            "spec": {"image": IMAGE, **(spec or {})},
            "metadata": {**identity["metadata"], **metadata},
        }
        client.apply(manifest, field_manager="tests")
        if status:
            client.apply({**identity, "status": status}, field_manager="tests", subresource="status")

    return make
