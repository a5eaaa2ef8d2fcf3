# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Time and memory of rollouts over many clusters: namespaces of a few real API servers stand for clusters.

    python tests/bench/clusters.py --kubeconfig A --kubeconfig B [--clusters 30]

Each cluster has a kubeconfig of its own, all of them with the user ``admin``, and one MCPServer with one real Pod. The
image must be on the nodes, and the CustomResourceDefinition must be installed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import yaml
from options import ROOT

_COLLECTIONS = ROOT / ".cache" / "collections"
sys.path[:0] = [str(_COLLECTIONS)]
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client  # noqa: E402


def options() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubeconfig", action="append", required=True, help="of an API server; repeatable")
    parser.add_argument("--clusters", type=int, default=30)
    parser.add_argument("--image", default="localhost/mcp-servers/go-sdk:1.8.0")
    return parser.parse_args()


def memory(pid: int) -> int:
    """Return the PSS of a process and its descendants, KiB. A process that has ended has none."""
    total = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            total += sum(memory(int(child)) for child in children.read_text(encoding="ascii").split())
    return total


def measure(title: str, command: list[str], environment: dict[str, str]) -> None:
    """Run a command and print its exit code, its wall time, its CPU time and its peak memory."""
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    ended, peak = threading.Event(), [0]

    def watch() -> None:
        while not ended.wait(0.5):
            peak[0] = max(peak[0], memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.communicate()[0]
    ended.set()
    watcher.join()
    seconds, after = time.monotonic() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    load = os.getloadavg()[0]
    print(f"{title:42} {process.returncode:4} {seconds:8.1f} {cpu:8.1f} {peak[0] / 1024:10.0f} {load:6.1f}", flush=True)
    if process.returncode:
        print(output[-3000:], file=sys.stderr)


@contextlib.contextmanager
def fleet(given: argparse.Namespace, folder: Path) -> Iterator[tuple[Path, str]]:
    """Make the namespaces, and return the inventory and the joined kubeconfigs."""
    hosts, files, made = {}, [], []
    for number in range(given.clusters):
        source = given.kubeconfig[number % len(given.kubeconfig)]
        name = f"c{number + 1:02}"
        config = yaml.safe_load(Path(source).read_text(encoding="utf-8"))
        config["contexts"] = [{"name": name, "context": config["contexts"][0]["context"]}]
        config["current-context"] = name
        files.append(folder / name)
        files[-1].write_text(yaml.safe_dump(config), encoding="utf-8")
        hosts[name] = {
            "mcp_kubeconfig": str(files[-1]),
            "mcp_overlays": {"bench": {"metadata": {"namespace": f"bench-{name}"}}},
        }
        client = Client({"kubeconfig": source})
        made.append((client, f"/api/v1/namespaces/bench-{name}"))
        body = {"metadata": {"name": f"bench-{name}"}}
        client.request("POST", "/api/v1/namespaces", what="make a namespace", body=body)
    inventory = folder / "clusters.yml"
    inventory.write_text(yaml.safe_dump({"clusters": {"hosts": hosts}}), encoding="utf-8")
    try:
        yield inventory, os.pathsep.join(map(str, files))
    finally:
        for client, path in made:
            client.request("DELETE", path, what="delete a namespace")


def main() -> None:
    """Measure a first rollout, a change, and what reads only."""
    given = options()
    with tempfile.TemporaryDirectory() as name, fleet(given, Path(name)) as (inventory, kubeconfigs):
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(_COLLECTIONS),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "KUBECONFIG": kubeconfigs,
            "PYTHONPATH": str(ROOT / "operator" / "src"),
        }

        def play(playbook: str, value: str, *more: str, **variables: object) -> list[str]:
            spec = {"image": given.image, "environment": [{"name": "BENCH", "value": value}]}
            server = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": "bench"}}
            own = {"mcp_servers": [{**server, "spec": spec}], "mcp_soak": 0, "mcp_state_file": f"{name}/state.json"}
            program = str(Path(sys.executable).with_name("ansible-playbook"))
            extra = json.dumps({**own, **variables})
            return [program, f"--inventory={inventory}", f"mcp.kubernetes.{playbook}", "-e", extra, *more]

        print(f"{'':42} code   wall s    CPU s   peak MiB   load")
        whole = given.clusters - 1
        measure(f"dry run, {given.clusters} clusters", play("rollout", "1", "--check"), environment)
        measure("canary, 1 cluster", play("rollout", "1", mcp_only_waves="canary"), environment)
        measure(f"wave of {whole} clusters, new servers", play("rollout", "1", mcp_only_waves="all"), environment)
        measure("canary, 1 cluster, change", play("rollout", "2", mcp_only_waves="canary"), environment)
        measure(f"wave of {whole} clusters, change", play("rollout", "2", mcp_only_waves="all"), environment)
        measure(f"drift, {given.clusters} clusters", play("drift", "2"), environment)
        status = [sys.executable, "-m", "mcp_operator", "status", "--all-contexts"]
        measure(f"status --all-contexts, {given.clusters} contexts", status, environment)


if __name__ == "__main__":
    main()
