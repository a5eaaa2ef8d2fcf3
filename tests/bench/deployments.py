# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long the playbook deploy takes, beside kubectl and kubernetes.core, for 1, 20 and 200 manifests.

``PYTHONPATH=tests:.cache/collections .venv/bin/python tests/bench/deployments.py [--sizes 1 20 200] [--runs 3]`` needs
the testbed, and no operator in it. Up to ``--real`` MCP servers have a real Pod, which the playbook validates by a
forwarded port; more are on fake nodes, and nothing waits for them. kubectl and kubernetes.core apply the same
Deployments, Services and ServiceAccounts and wait until the Deployments are available: they validate nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from fleet import namespace, server

from support import cluster

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - kubernetes.core.k8s:
        apply: true
        src: "{{ source }}"
        wait: "{{ waits | bool }}"
"""
Item = dict[str, Any]


class Ways:
    """The commands that deploy the same servers, each in a namespace of its own."""

    def __init__(self, folder: Path, count: int, *, real: bool) -> None:
        self._folder, self._count, self._real = folder, count, real
        (folder / "k8s.yml").write_text(PLAYBOOK, encoding="utf-8")

    def deploy(self, name: str, *words: str) -> list[str]:
        """Return the command of the playbook deploy."""
        manifests = self._write(name, "servers", self._servers(name))
        values = {"mcp_manifests": [manifests], "mcp_namespace": name, "mcp_mode": "workload", "mcp_wait": self._real}
        return ["ansible-playbook", "mcp.kubernetes.deploy", "-e", json.dumps(values), *words]

    def kubectl(self, name: str) -> list[str]:
        """Return the command that applies with kubectl, and waits."""
        source = self._write(name, "children", self._children(name))
        apply = f"kubectl apply --server-side -f {source} >/dev/null"
        wait = f"kubectl wait -n {name} --for=condition=Available --timeout=300s deployments --all >/dev/null"
        return ["sh", "-c", f"{apply} && {wait}" if self._real else apply]

    def kubernetes_core(self, name: str) -> list[str]:
        """Return the command that applies with kubernetes.core.k8s, and waits."""
        source = self._write(name, "children", self._children(name))
        values = json.dumps({"source": source, "waits": self._real})
        return ["ansible-playbook", str(self._folder / "k8s.yml"), "-e", values]

    def _servers(self, name: str) -> list[Item]:
        return [server(name, number, real=self._real) for number in range(self._count)]

    def _children(self, name: str) -> list[Item]:
        renderer = Renderer(str(ROOT / "roles" / "mcpserver" / "templates"))
        return [child for one in self._servers(name) for child in renderer.render(one)]

    def _write(self, name: str, kind: str, items: list[Item]) -> str:
        path = self._folder / f"{name}-{kind}.yaml"
        path.write_text("".join(f"---\n{json.dumps(item)}\n" for item in items), encoding="utf-8")
        return str(path)


def timed(command: list[str]) -> float:
    """Return the seconds that a command takes.

    :raises RuntimeError: it failed.
    """
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"{command[:3]} failed:\n{done.stdout[-3000:]}\n{done.stderr[-1000:]}")
    return took


def measure(client: Client, folder: Path, count: int, *, real: bool) -> dict[str, float]:
    """Return the seconds of each way, in turn, by what is run."""
    ways, found = Ways(folder, count, real=real), {}
    for way in ("deploy", "kubectl", "kubernetes_core"):
        with namespace(client, f"{way.replace('_', '-')}-{os.getpid()}-{count}-{int(time.time())}") as name:
            command = getattr(ways, way)(name)
            if way == "deploy":
                found["deploy --check, nothing deployed"] = timed([*command, "--check"])
            found[way] = timed(command)
            found[f"{way}, again"] = timed(command)
            if way == "deploy":
                found["deploy --check, all deployed"] = timed([*command, "--check"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 20, 200])
    parser.add_argument("--real", type=int, default=20, help="the most that have real Pods")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    cluster.load_images("go-sdk")
    os.environ["KUBECONFIG"] = os.environ["K8S_AUTH_KUBECONFIG"] = cluster.kubeconfig()
    client = Client({"kubeconfig": os.environ["KUBECONFIG"]}, timeout=60)
    columns: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for count in options.sizes:
            turns = []
            for turn in range(options.runs):
                turns.append(measure(client, Path(name), count, real=count <= options.real))
                print(f"{count} manifests, run {turn + 1} of {options.runs}: {turns[-1]}", file=sys.stderr)
            columns[count] = {row: statistics.median(turn[row] for turn in turns) for row in turns[0]}
    titles = [f"{count}{'' if count <= options.real else ', not waited for'}" for count in columns]
    print(f"| seconds, median of {options.runs} | {' | '.join(titles)} |")
    print("|---|" + "---|" * len(columns))
    for row in next(iter(columns.values())):
        print(f"| {row.replace('_', '.')} | {' | '.join(f'{column[row]:.1f}' for column in columns.values())} |")


if __name__ == "__main__":
    main()
