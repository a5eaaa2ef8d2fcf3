# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The cluster that the tests share, and namespaces of their own in it."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound, KubeError

ROOT = Path(__file__).resolve().parents[2]


def tool(*command: str) -> list[str]:
    """Run one of the tests' tools and return the lines that it prints."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def kubeconfig() -> str:
    """Bring the cluster up, where it is not, and return its kubeconfig."""
    tool("tests/cluster", "up")
    return tool("tests/cluster", "kubeconfig")[0]


def load_images(*names: str) -> None:
    """Build the servers' images and bring them to the node, where they are not."""
    tool("tests/servers", "build", *names)
    tool("tests/cluster", "load", *tool("tests/servers", "archives", *names))


def until[T](what: str, check: Callable[[], T | None], timeout: float = 30.0) -> T:
    """Return the first answer that is not None or False."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {timeout:.0f} s")


@contextmanager
def namespace(client: Client, labels: dict[str, str] | None = None) -> Iterator[str]:
    """Make a namespace and delete it afterwards with all that is in it; nobody waits for the end."""
    name = f"mcp-test-{uuid.uuid4().hex[:8]}"
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}
    client.request("POST", "/api/v1/namespaces", what="make a namespace", body=manifest)
    try:
        account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
        until("the namespace's ServiceAccount", lambda: found(client, account))
        yield name
    finally:
        client.request("DELETE", f"/api/v1/namespaces/{name}", what="delete a namespace")


def found(client: Client, path: str) -> dict[str, Any] | None:
    """Return an object by its path, or None."""
    try:
        return client.request("GET", path, what=f"read {path}")
    except ApiNotFound:
        return None


def version(client: Client) -> tuple[int, int]:
    """Return the major and the minor version of the API server."""
    found = client.request("GET", "/version", what="read the version")
    return int(found["major"]), int(found["minor"].rstrip("+"))


def log(client: Client, name: str, pod: str) -> str:
    """Return the last lines of a Pod's log, or why there are none."""
    path = f"/api/v1/namespaces/{name}/pods/{pod}/log"
    try:
        answer = client.open(path, what="read a log", query={"tailLines": "20", "limitBytes": "8192"}, timeout=10)
    except KubeError as exc:
        return str(exc)
    try:
        return answer.read(8192).decode("utf-8", "replace")
    finally:
        answer.close()


def describe(client: Client, name: str) -> str:
    """Return the Pods, Events and logs of a namespace, for the report of a test that failed."""
    lines = [f"--- namespace {name}"]
    try:
        for pod in client.list("v1", "Pod", name):
            meta, status = pod["metadata"], pod["status"]
            states = [container.get("state") for container in status.get("containerStatuses") or []]
            lines.append(f"Pod {meta['name']}: {status.get('phase')} {states}")
            lines.append(log(client, name, meta["name"]))
        for event in client.list("v1", "Event", name):
            about = event["involvedObject"]
            lines.append(f"Event {about['kind']} {about['name']}: {event['reason']}: {event.get('message')}")
    except KubeError as exc:
        lines.append(f"the cluster does not tell: {exc}")
    return "\n".join(lines)
