# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The main job, shown: real MCP servers go from a manifest to Running and Validated on a real Kubernetes node.

Run it with ``make demo``. It leaves the cluster up and can be run again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = [sys.executable, str(ROOT / "tests" / "cluster")]
SERVERS = [sys.executable, str(ROOT / "tests" / "servers")]
MANIFESTS = ROOT / "tests" / "servers" / "manifests"
NAMESPACE = "mcp-demo"


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def run(*command: str, env: dict[str, str] | None = None) -> int:
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def must(*command: str) -> None:
    """Run a command; when it fails, it has said why."""
    code = run(*command)
    if code:
        sys.exit(code)


def answer(*command: str) -> list[str]:
    """Return the lines that a command prints."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.split("\n")[:-1]


def environment(kubeconfig: str) -> dict[str, str]:
    """Return what the playbooks run with: the demo's cluster, and no line that says nothing."""
    return {
        **os.environ,
        "K8S_AUTH_KUBECONFIG": kubeconfig,
        "ANSIBLE_DISPLAY_OK_HOSTS": "false",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }


def deploy(manifests: Path, env: dict[str, str]) -> int:
    options = {
        "mcp_manifests": str(manifests),
        "mcp_namespace": NAMESPACE,
        "mcp_install_crd": "true",
    }
    pairs = [word for name, value in options.items() for word in ("-e", f"{name}={value}")]
    return run("ansible-playbook", "mcp.kubernetes.deploy", *pairs, env=env)


def main() -> int:
    started = time.monotonic()
    say("A Kubernetes cluster")
    must(*CLUSTER, "up")
    (kubeconfig,) = answer(*CLUSTER, "kubeconfig")
    env = environment(kubeconfig)

    say("Published MCP servers as container images")
    must(*SERVERS, "build")
    must(*CLUSTER, "load", *answer(*SERVERS, "archives"))

    say(f"The namespace {NAMESPACE}, which enforces the Pod Security level restricted")
    code = run("ansible-playbook", "tests/demo/namespace.yml", "-e", f"demo_namespace={NAMESPACE}", env=env)
    if code:
        return code

    say("Each server is a manifest like this one:")
    print((MANIFESTS / "fastmcp.yaml").read_text(encoding="utf-8"))
    say("ansible-playbook mcp.kubernetes.deploy: apply, wait, complete a real MCP handshake with each Pod")
    code = deploy(MANIFESTS, env)
    if code:
        return code

    say("And one that answers HTTP, but no MCP, in strict mode: it must be refused")
    if deploy(MANIFESTS / "broken" / "not-mcp.yaml", env) == 0:
        say("FAILED: a server that speaks no MCP was accepted.")
        return 1

    say(f"Done in {time.monotonic() - started:.0f} s. The refusal above is right, and the others are running:")
    kubectl = f"kubectl --kubeconfig {kubeconfig} -n {NAMESPACE}"
    print(f"    {kubectl} get mcpservers")
    print(f"    {kubectl} get mcpserver fastmcp -o jsonpath='{{.status.validation}}'")
    print(f"    {kubectl} port-forward service/fastmcp 8080:8080")
    print("Take the cluster down with: make cluster-down")
    return 0


if __name__ == "__main__":
    sys.exit(main())
