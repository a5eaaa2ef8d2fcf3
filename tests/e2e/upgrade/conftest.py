# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed of the tests' own with the previous release and twenty MCPServers that it has validated."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import cluster, installed, previous, stdio
from support.helm import CHART, NAMESPACE, RELEASE, Helm
from support.operator import IMAGE, Operator, image, make_namespace
from support.own_testbed import OwnTestbed, own_testbed, used_by_tools
from support.playbooks import Playbooks

from .fleet import Fleet
from .servers import SETTINGS, SPECS, manifest

NAME = "mcp-upgrade-test"
TEAM = "team"
INSTALL = Path("roles") / "operator" / "files" / "install.yaml"
_IMAGES = ("go-sdk", "broken", "go-stdio", "stdio-packages", "python-sdk-sse", "python-sdk-v2", IMAGE)


@pytest.fixture(scope="session", autouse=True)
def room() -> None:
    """The shared cluster is not used."""


class UpgradingTestbed(OwnTestbed):
    """The testbed, and each way to install a release into it."""

    def __init__(self, kubeconfig: str, folder: Path) -> None:
        super().__init__(kubeconfig)
        self.fleet = Fleet(self.client, TEAM)
        self.operator = Operator(self.client)
        self._helm = Helm(folder, kubeconfig)
        self.chart = newer(CHART, folder)

    def helm(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = self._helm.run(*words, "--namespace", NAMESPACE, "--wait", "--timeout", "240s")
        print(done.stdout, done.stderr)
        return done

    def by_helm(self, command: str, chart: Path, reference: str) -> None:
        repository, _, tag = reference.rpartition(":")
        values = [f"image.repository={repository}", f"image.tag={tag}", "image.pullPolicy=Never"]
        options = [word for value in values for word in ("--set", value)]
        assert self.helm(command, RELEASE, str(chart), *options, *_REUSED[command]).returncode == 0
        self.operator.runs()

    def by_kubectl(self, root: Path, reference: str) -> None:
        text = _PLACEHOLDER.sub(reference, (root / INSTALL).read_text(encoding="utf-8"))
        done = self.kubectl("apply", "-f", "-", stdin=text)
        assert done.returncode == 0, done.stderr
        self.operator.runs(240)

    def by_role(self, collections: Path | None, reference: str) -> None:
        done = Playbooks(self.kubeconfig, collections).run("install", mcp_operator_image=reference)
        assert done.code == 0, done.output
        self.operator.runs()

    def remove(self) -> None:
        installed.remove(self.client)


# Every way may find the CustomResourceDefinition of another one.
_REUSED = {"install": ["--create-namespace", "--take-ownership"], "upgrade": ["--reset-then-reuse-values"]}
_PLACEHOLDER = re.compile(r"[\w.-]+/mcp/mcp-operator:[\w.-]+")


def newer(chart: Path, folder: Path) -> Path:
    """Return the chart of this checkout, with a version after the previous one where it is still the same."""
    made = folder / "chart"
    subprocess.run(["cp", "-r", str(chart), str(made)], check=True)
    text = (made / "Chart.yaml").read_text(encoding="utf-8")
    same = f"ersion: {previous.VERSION}\n"
    (made / "Chart.yaml").write_text(text.replace(same, f"ersion: {_NEXT}\n"), encoding="utf-8")
    return made


_NEXT = "0.2.0"


@pytest.fixture(scope="module")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UpgradingTestbed]:
    with own_testbed(NAME) as run, used_by_tools(NAME):
        made = UpgradingTestbed(run("kubeconfig"), tmp_path_factory.mktemp("helm"))
        cluster.load_images(*_IMAGES)
        previous.load_images()
        make_namespace(made.client, TEAM)
        made.apply(*settings())
        with stdio.packages(made.client, TEAM):
            made.by_helm("install", previous.checkout() / "operator" / "chart", OLD)
            made.apply(*(manifest(name, TEAM, spec) for name, spec in SPECS.items()))
            made.fleet.settle(list(SPECS))
            yield made


OLD = f"{previous.REPOSITORY}:{previous.VERSION}"


@pytest.fixture(scope="module")
def new() -> str:
    return image()


def settings() -> list[dict[str, Any]]:
    """Return the ConfigMap of one server, and the operator's permission to read it."""
    meta = {"name": SETTINGS, "namespace": TEAM}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": SETTINGS}
    account = {"kind": "ServiceAccount", "name": "mcp-operator-controller-manager", "namespace": NAMESPACE}
    rule = {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": [SETTINGS], "verbs": ["get"]}
    rbac = "rbac.authorization.k8s.io/v1"
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"LEVEL": "debug"}},
        {"apiVersion": rbac, "kind": "Role", "metadata": meta, "rules": [rule]},
        {"apiVersion": rbac, "kind": "RoleBinding", "metadata": meta, "roleRef": role, "subjects": [account]},
    ]
