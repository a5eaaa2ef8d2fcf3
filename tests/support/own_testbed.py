# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed that the tests of a folder have for themselves, by its API and by kubectl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster.locations import SOURCES
from mcp_cluster.machine import go_build, packages, shell

# Runs a command of tests/cluster for a testbed, and returns what it prints.
Run = Callable[..., str]


class OwnTestbed:
    """A testbed."""

    def __init__(self, kubeconfig: str) -> None:
        self.client = Client({"kubeconfig": kubeconfig})
        self.kubeconfig = kubeconfig

    @staticmethod
    def find_kubectl() -> str:
        """Return the path of kubectl, which is built when the first testbed comes up, where it is not installed."""
        return shutil.which("kubectl", path=f"{shell.search_path()}:{go_build.KUBERNETES.output}") or "kubectl"

    def kubectl(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        argv = [self.find_kubectl(), f"--kubeconfig={self.kubeconfig}", *arguments]
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=120, check=False)

    def apply(self, *objects: dict[str, Any]) -> None:
        items = {"apiVersion": "v1", "kind": "List", "items": objects}
        done = self.kubectl("apply", "-f", "-", stdin=json.dumps(items))
        assert done.returncode == 0, done.stderr

    def wait(self, namespace: str) -> None:
        """Wait until all Pods of a namespace are ready."""
        done = self.kubectl("-n", namespace, "wait", "--for=condition=Ready", "pods", "--all", "--timeout=90s")
        assert done.returncode == 0, done.stderr


@contextmanager
def own_testbed(name: str, *options: str) -> Iterator[Run]:
    """Bring a testbed up, and take it down.

    :param options: of ``tests/cluster up``.
    """
    if reason := packages.unsupported():
        pytest.skip(f"the testbed cannot run here: {reason}")

    def run(command: str, *arguments: str) -> str:
        argv = [sys.executable, str(SOURCES), command, "--provider", "testbed", "--name", name, *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run("up", *options)
    try:
        yield run
    finally:
        run("down")


@contextmanager
def used_by_tools(name: str) -> Iterator[None]:
    """Let the tools of the tests use a testbed meanwhile: where a testbed lives longer, others' tests run beside it."""
    before = os.environ.get("MCP_TEST_CLUSTER")
    os.environ["MCP_TEST_CLUSTER"] = name
    try:
        yield
    finally:
        os.environ.pop("MCP_TEST_CLUSTER") if before is None else os.environ.update(MCP_TEST_CLUSTER=before)
