# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The examples for users are valid, and the API server admits everything that they become."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster
from support.readme import ROOT

FILES = sorted((ROOT / "examples").glob("*.yaml"))
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def load(file: Path) -> dict[str, Any]:
    [manifest] = yaml.safe_load_all(file.read_text(encoding="utf-8"))
    assert isinstance(manifest, dict)
    return manifest


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_is_valid(file: Path, admit: Callable[..., dict[str, Any]]) -> None:
    manifest = load(file)
    admit(manifest["spec"], **manifest["metadata"])


def test_the_page_names_each_example() -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in FILES if f"[{file.name}]({file.name})" not in page] == []


def test_the_objects_of_the_examples_are_admitted(client: Client) -> None:
    environment = {**os.environ, "KUBECONFIG": "/nonexistent", "PYTHONPATH": str(ROOT / "operator" / "src")}
    with cluster.namespace(client, RESTRICTED) as namespace:
        command = [sys.executable, "-m", "mcp_operator", "render", *map(str, FILES), "--namespace", namespace]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        objects = list(yaml.safe_load_all(done.stdout))
        deployments = [item for item in objects if item["kind"] == "Deployment"]
        assert sorted(item["metadata"]["name"] for item in deployments) == sorted(
            load(file)["metadata"]["name"] for file in FILES
        )
        # Pod Security refuses Pods and only warns about Deployments.
        pods = [
            {"apiVersion": "v1", "kind": "Pod", **item["spec"]["template"], "metadata": item["metadata"]}
            for item in deployments
        ]
        for item in [*objects, *pods]:
            # The testbed has no cert-manager. Pods are refused without their ServiceAccount.
            if item["kind"] != "Certificate":
                client.apply(item, field_manager="tests", dry_run=item["kind"] != "ServiceAccount")
