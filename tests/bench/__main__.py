# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""`python tests/bench`: how long a fleet takes, beside the least that Kubernetes itself takes; see README.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from options import ROOT, arguments

SERVER = ROOT / ".cache" / "bench" / "mcp-server"
PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kwok")
# kwok's nodes take 110 Pods each; a change of all images needs room for as many again.
_PODS = 110


def cluster(*words: str) -> list[str]:
    """Run the testbed's command and return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "tests/cluster", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()


def build() -> None:
    """Build the one MCP server that answers for all fake Pods."""
    SERVER.parent.mkdir(parents=True, exist_ok=True)
    go = next((path for path in (Path("/usr/local/go/bin/go"),) if path.exists()), "go")
    command = [str(go), "build", "-o", str(SERVER), "./cmd/clock-server"]
    folder = ROOT / "tests" / "servers" / "images" / "go"
    subprocess.run(command, cwd=folder, env={**os.environ, "CGO_ENABLED": "0"}, check=True)


def pids() -> dict[str, int]:
    """Return the processes of the control plane."""
    found = {}
    for line in cluster("status"):
        name, *rest = line.split()
        if rest and rest[0].isdigit() and name in PLANE:
            found[name] = int(rest[0])
    return found


def main() -> None:
    """Make the testbed ready and let `inside` measure in it."""
    options = arguments()
    build()
    cluster("up", "--no-unthrottled" if options.throttled else "--unthrottled")
    if options.sizes:
        cluster("kwok", "add", str(max(2, -(-2 * max(options.sizes) // _PODS))))
    if options.real or options.gates:
        archives = [sys.executable, "tests/servers"]
        subprocess.run([*archives, "build", "go-sdk"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(
            [*archives, "archives", "go-sdk"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        cluster("load", *done.stdout.splitlines())
    install_crd()
    inside = [
        sys.executable,
        f"tests/bench/{'shards' if options.shards else 'inside'}.py",
        *sys.argv[1:],
        f"--pids={json.dumps(pids())}",
        f"--server={SERVER}",
    ]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / '.cache' / 'collections'}:{ROOT / 'tests'}"}
    result = subprocess.run(
        [sys.executable, "tests/cluster", "run", "--", *inside], cwd=ROOT, env=environment, check=False
    )
    if result.returncode == 0 and not options.shards:
        folder = options.output.parent
        report = ["tests/bench/report.py", str(options.output), *(["--record"] if options.record else [])]
        try:
            command, drawn = [python_with_matplotlib(), *report, f"--plots={folder / 'plots'}"], True
        except subprocess.CalledProcessError:
            command, drawn = [sys.executable, *report], False
        subprocess.run(command, cwd=ROOT, check=True)
        pictures = (
            f"{folder / 'plots'} the pictures" if drawn else "there are no pictures: matplotlib was not installed"
        )
        print(f"{options.output} has every figure, {pictures}", file=sys.stderr)
    sys.exit(result.returncode)


def python_with_matplotlib() -> str:
    """Make an environment for the pictures, once, and return its interpreter."""
    venv, uv = SERVER.parent / "venv", Path(sys.executable).with_name("uv")
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", f"--python={sys.executable}", venv], check=True)
    lock = ROOT / "requirements" / "bench.txt"
    subprocess.run([uv, "pip", "sync", "--quiet", f"--python={python}", "--require-hashes", lock], check=True)
    return str(python)


def install_crd() -> None:
    """Let the API server know MCPServers, in this checkout's version."""
    (crd,) = (ROOT / "crds").glob("*.yaml")
    command = ["kubectl", "apply", "--server-side", "--force-conflicts", "-f", str(crd)]
    cluster("run", "--", *command)
    cluster("run", "--", "kubectl", "wait", "--for=condition=Established", "--timeout=30s", "-f", str(crd))


if __name__ == "__main__":
    main()
