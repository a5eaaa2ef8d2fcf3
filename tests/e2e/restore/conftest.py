# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed whose MCPServers are backed up before it is deleted, and an empty one with the operator.

The commands are those of the guide.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support import cluster
from support.operator import NAMESPACE, SERVERS, Operator, make_namespace
from support.own_testbed import OwnTestbed, own_testbed, used_by_tools
from support.playbooks import Playbooks

OLD, NEW = "mcp-restore-old", "mcp-restore-new"
TEAM = "team"
LOCK = "mcp-lock"
GO = "localhost/mcp-servers/go-sdk:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"
STRICT: dict[str, Any] = {"strictMode": True}
PINNED = {**STRICT, "tools": {"pin": "enforce", "configMapRef": {"name": LOCK}}}
SPECS: dict[str, dict[str, Any]] = {
    "plain": {"image": GO},
    "strict": {"image": GO, "args": ["--stateless"], "replicas": 2, "validation": STRICT},
    "pinned": {"image": GO, "validation": STRICT},
    "failed": {"image": GO, "validation": STRICT},
}
# The update that the operator of the old cluster answered by a rollback.
FAILED = {"image": BROKEN, "args": ["html"], "validation": STRICT}
GUIDE = cluster.ROOT / "docs" / "how-to" / "backup.md"
_BLOCK = re.compile(r"^( *)```shell\n(.*?)\n\1```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session", autouse=True)
def room() -> None:
    """The shared cluster is not used."""


@pytest.fixture(scope="session")
def guide() -> dict[str, str]:
    """Return the commands of the guide."""
    assert shutil.which("jq"), "The commands of the guide need jq: install it."
    found = [textwrap.dedent(text) for _indent, text in _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]
    return dict(zip(("back up", "create", "revisions", "status", "velero"), found, strict=True))


class Site(OwnTestbed):
    """A testbed with the operator, which watches the namespace of a team."""

    def __init__(self, kubeconfig: str) -> None:
        super().__init__(kubeconfig)
        self.operator = Operator(self.client)

    def install(self) -> None:
        cluster.load_images("go-sdk", "broken")
        make_namespace(self.client, TEAM)
        self.operator.install(TEAM)
        self.apply(*may_read_lock())

    def apply_servers(self, specs: dict[str, dict[str, Any]]) -> None:
        self.apply(
            *(
                {
                    "apiVersion": "mcp.mcp-operator.io/v1",
                    "kind": "MCPServer",
                    "metadata": {"name": name, "namespace": TEAM},
                    "spec": spec,
                }
                for name, spec in specs.items()
            )
        )

    def server(self, name: str) -> dict[str, Any]:
        return cluster.found(self.client, f"{SERVERS}/{TEAM}/mcpservers/{name}") or {}

    def becomes(self, timeout: float = 180, **wanted: str) -> None:
        """Wait until MCPServers have an outcome."""

        def others() -> dict[str, str]:
            found = {name: outcome(self.server(name)) for name in wanted}
            return {name: now for name, now in found.items() if now != wanted[name]}

        try:
            cluster.until(f"they are {wanted}", lambda: not others(), timeout)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {others()}: {self.operator.log()}") from None

    def run(self, script: str, folder: Path) -> None:
        """Run commands as an administrator of the cluster."""
        path = f"{Path(self.find_kubectl()).parent}{os.pathsep}{os.environ['PATH']}"
        argv = ["bash", "-euo", "pipefail", "-c", script]
        env = {**os.environ, "KUBECONFIG": self.kubeconfig, "PATH": path}
        done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr


def outcome(server: dict[str, Any]) -> str:
    """Return the state of validation of an MCPServer that is Ready, else why it is not; empty if not known yet."""
    status = server.get("status") or {}
    if status.get("observedGeneration") != server.get("metadata", {}).get("generation"):
        return ""
    ready = next((one for one in status.get("conditions") or [] if one["type"] == "Ready"), {})
    return str(status["validation"].get("state") if ready.get("status") == "True" else ready.get("reason"))


def may_read_lock() -> list[dict[str, Any]]:
    """Return the operator's permission to read the lock file."""
    group, meta = "rbac.authorization.k8s.io", {"name": LOCK, "namespace": TEAM}
    role = {"apiGroup": group, "kind": "Role", "name": LOCK}
    account = {"kind": "ServiceAccount", "name": "mcp-operator-controller-manager", "namespace": NAMESPACE}
    rule = {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": [LOCK], "verbs": ["get"]}
    return [
        {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": meta, "rules": [rule]},
        {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": meta, "roleRef": role, "subjects": [account]},
    ]


def lock_file(text: str) -> dict[str, Any]:
    """Return the ConfigMap with the lock file."""
    meta = {"name": LOCK, "namespace": TEAM}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"mcp-lock.yaml": text}}


@contextmanager
def site(name: str) -> Iterator[Site]:
    """Bring a testbed up with the operator, and take it down."""
    with own_testbed(name) as run, used_by_tools(name):
        made = Site(run("kubeconfig"))
        made.install()
        yield made


@pytest.fixture(scope="module")
def backup(guide: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the backup of a cluster that is gone."""
    folder = tmp_path_factory.mktemp("backup")
    with site(OLD) as old:
        old.apply_servers(SPECS)
        old.becomes(**dict.fromkeys(SPECS, "Validated"))
        lock = folder / "mcp-lock.yaml"
        done = Playbooks(old.kubeconfig).run("pin", mcp_lock_file=str(lock), mcp_namespace=TEAM)
        assert done.code == 0, done.output
        old.apply(lock_file(lock.read_text(encoding="utf-8")))
        old.apply_servers({"pinned": {**SPECS["pinned"], "validation": PINNED}, "failed": FAILED})
        old.becomes(pinned="Validated", failed="RolledBack")
        old.run(guide["back up"], folder)
    return folder


@pytest.fixture(scope="module")
def servers(backup: Path) -> dict[str, dict[str, Any]]:
    """Return the MCPServers of the backup."""
    found = json.loads((backup / "mcpservers.json").read_text(encoding="utf-8"))["items"]
    return {item["metadata"]["name"]: item for item in found}


@pytest.fixture(scope="module")
def new(backup: Path) -> Iterator[Site]:
    """Return the empty cluster, with what the guide creates first."""
    with site(NEW) as made:
        made.apply(lock_file((backup / "mcp-lock.yaml").read_text(encoding="utf-8")))
        yield made


@pytest.fixture
def empty(new: Site) -> Iterator[Site]:
    """Return the new cluster; the MCPServers of the test are deleted afterwards."""
    yield new
    done = new.kubectl("delete", "mcpservers", "--all", "-n", TEAM, "--timeout=60s")
    assert done.returncode == 0, done.stderr
    cluster.until("all Pods are gone", lambda: not list(new.client.list("v1", "Pod", TEAM)), 120)
