# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The main job, shown: an operator in a real cluster takes manifests to Running and Validated, as the article has it.

Run it with ``make demo``. It leaves the cluster up and can be run again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = [sys.executable, str(ROOT / "tests" / "cluster")]
SERVERS = [sys.executable, str(ROOT / "tests" / "servers")]
MANIFESTS = ROOT / "tests" / "servers" / "manifests"
INSTALL = ROOT / "roles" / "operator" / "files" / "install.yaml"
NAMESPACE = "mcp-demo"
SYSTEM = "mcp-operator-system"
IMAGE = "mcp-operator"
DEADLINE = 180.0
FINAL = ("Validated", "Failed", "AuthRequired")


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def must(*command: str, env: dict[str, str] | None = None, given: str | None = None) -> None:
    """Run a command; when it fails, it has said why."""
    done = subprocess.run(command, cwd=ROOT, env=env, input=given, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def answer(*command: str, env: dict[str, str] | None = None) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def install_yaml() -> str:
    """Return install.yaml with the image that was built here, for the demo's namespace only."""
    rows = json.loads(answer(*SERVERS, "list", "--json"))
    built = next(row for row in rows if row["name"] == IMAGE)
    documents = yaml.safe_load(INSTALL.read_text(encoding="utf-8"))["items"]
    deployment = next(document for document in documents if document["kind"] == "Deployment")
    template = deployment["spec"]["template"]
    # Another image of the same name is another Pod.
    template["metadata"].setdefault("annotations", {})["mcp-demo/build"] = Path(built["archive"]).stem
    [container] = template["spec"]["containers"]
    container["image"] = built["image"]
    values = {"WATCH_NAMESPACE": NAMESPACE, "MCP_OPERATOR_VALIDATION_IMAGE": built["image"]}
    for variable in container["env"]:
        variable["value"] = values.get(variable["name"], variable["value"])
    return yaml.safe_dump_all(documents)


@contextlib.contextmanager
def watching(env: dict[str, str]) -> Iterator[None]:
    """Let ``kubectl get mcpservers -w`` print beside what is done."""
    watch = subprocess.Popen(["kubectl", "-n", NAMESPACE, "get", "mcpservers", "-w"], env=env)
    try:
        yield
        time.sleep(1)  # what is on its way to the terminal
    finally:
        watch.terminate()
        watch.wait()


def settled(name: str, env: dict[str, str]) -> bool:
    """Tell whether an MCPServer has its verdict."""
    status = servers(env).get(name, {}).get("status") or {}
    return (status.get("validation") or {}).get("state") in FINAL and status.get("phase") in (
        "Running",
        "ValidationFailed",
    )


def servers(env: dict[str, str]) -> dict[str, Any]:
    found = json.loads(answer("kubectl", "-n", NAMESPACE, "get", "mcpservers", "-o", "json", env=env))
    return {item["metadata"]["name"]: item for item in found["items"]}


def until_settled(names: list[str], env: dict[str, str]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not all(settled(name, env) for name in names):
        if time.monotonic() > deadline:
            sys.exit(f"Not all of {', '.join(names)} were validated within {DEADLINE:.0f} s.")
        time.sleep(0.5)


def main() -> int:
    started = time.monotonic()
    say("A Kubernetes cluster")
    must(*CLUSTER, "up")
    if not shutil.which("kubectl"):
        # The testbed has built one, where the machine has none.
        found = answer(*CLUSTER, "run", "--", "sh", "-c", "command -v kubectl").strip()
        os.environ["PATH"] += f"{os.pathsep}{Path(found).parent}"
    kubeconfig = answer(*CLUSTER, "kubeconfig").strip()
    env = {**os.environ, "KUBECONFIG": kubeconfig}

    say("Published MCP servers, and the operator, as container images")
    must(*SERVERS, "build")
    must(*SERVERS, "build", IMAGE)
    must(*CLUSTER, "load", *answer(*SERVERS, "archives").split(), *answer(*SERVERS, "archives", IMAGE).split())

    say("kubectl apply --server-side -f install.yaml (with the image built here, for the namespace of the demo)")
    must("kubectl", "apply", "--server-side", "--force-conflicts", "-f", "-", env=env, given=install_yaml())
    manager = "deployment/mcp-operator-controller-manager"
    must("kubectl", "rollout", "status", "--timeout=120s", manager, "-n", SYSTEM, env=env)
    must("kubectl", "get", "deploy", "-n", SYSTEM, env=env)

    say(f"The namespace {NAMESPACE}, which enforces the Pod Security level restricted")
    # By the second label the end-to-end tests find the Pods that they stop to make room for their own.
    labels = {"pod-security.kubernetes.io/enforce": "restricted", "mcp-tests/demo": "true"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}
    must("kubectl", "apply", "-f", "-", env=env, given=yaml.safe_dump(namespace))
    # From an earlier demo: this one begins at the beginning.
    must("kubectl", "-n", NAMESPACE, "delete", "mcpservers", "--all", "--cascade=foreground", env=env)

    say("Each server is a manifest like this one:")
    print((MANIFESTS / "fastmcp.yaml").read_text(encoding="utf-8"))
    say("kubectl apply, and kubectl get mcpservers -w")
    with watching(env):
        must("kubectl", "-n", NAMESPACE, "apply", "-f", str(MANIFESTS), env=env)
        until_settled([path.stem for path in MANIFESTS.glob("*.yaml")], env)

    say("And one that answers HTTP, but no MCP, in strict mode: it must be refused")
    with watching(env):
        must("kubectl", "-n", NAMESPACE, "apply", "-f", str(MANIFESTS / "broken" / "not-mcp.yaml"), env=env)
        until_settled(["not-mcp"], env)
    refused = servers(env)["not-mcp"]["status"]
    print(f"    {refused['phase']}: {refused['message']}")
    bad = [name for name, server in servers(env).items() if server["status"]["validation"]["state"] == "Failed"]
    if refused["phase"] != "ValidationFailed" or bad != ["not-mcp"]:
        say(f"FAILED: not-mcp is {refused['phase']}, and these failed validation: {', '.join(bad)}.")
        return 1

    say("ansible-playbook mcp.kubernetes.deploy beside the operator: it applies, the operator does the rest")
    quiet = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    quiet |= {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
    options = (f"mcp_manifests={MANIFESTS / 'go-sdk.yaml'}", f"mcp_namespace={NAMESPACE}")
    pairs = [word for option in options for word in ("-e", option)]
    must("ansible-playbook", "mcp.kubernetes.deploy", *pairs, env={**env, **quiet, "K8S_AUTH_KUBECONFIG": kubeconfig})

    say(f"Done in {time.monotonic() - started:.0f} s. The refusal above is right, and the others are running:")
    kubectl = f"kubectl --kubeconfig {kubeconfig} -n {NAMESPACE}"
    print(f"    {kubectl} get mcpservers")
    print(f"    {kubectl} describe mcpserver not-mcp")
    print(f"    {kubectl} get mcpserver fastmcp -o jsonpath='{{.status.validation}}'")
    print(f"    {kubectl} port-forward service/fastmcp 8080:8080")
    print("Take the cluster down with: make cluster-down")
    return 0


if __name__ == "__main__":
    sys.exit(main())
