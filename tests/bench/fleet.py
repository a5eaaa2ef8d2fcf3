# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fleets of MCPServers, and calls that are made for all of one by sixteen threads."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

API = "mcp.mcp-operator.io/v1"
THREADS = 16
# What the server answers on: the same image, real or not.
IMAGE = "localhost/mcp-servers/go-sdk:1.8.0"
_QUIET, _END = 120.0, 3600.0

Item = dict[str, Any]


def name_of(number: int) -> str:
    return f"server-{number:05d}"


def server(namespace: str, number: int, *, real: bool, image: str = IMAGE) -> Item:
    """Return an MCPServer as users write them; one for fake nodes says so."""
    spec: Item = {
        "image": image,
        "transport": {"type": "http", "protocol": "streamable-http", "config": {"http": {"port": 8080}}},
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"cpu": "1", "memory": "64Mi"}},
    }
    if not real:
        spec["podTemplate"] = {
            "nodeSelector": {"type": "kwok"},
            "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists", "effect": "NoSchedule"}],
        }
    return {
        "apiVersion": API,
        "kind": "MCPServer",
        "metadata": {"name": name_of(number), "namespace": namespace},
        "spec": spec,
    }


def collection(namespace: str) -> str:
    return f"/apis/{API}/namespaces/{namespace}/mcpservers"


def for_all[T](work: Callable[[T], Any], items: Iterable[T]) -> list[Any]:
    """Call with each item, sixteen at once; what one raises is raised."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="fleet") as pool:
        return list(pool.map(work, items))


@contextmanager
def namespace(client: Client, name: str) -> Iterator[str]:
    """Make a namespace, and wait until it is gone again: what it leaves behind would be in the next figures."""
    with namespaces(client, [name]):
        yield name


@contextmanager
def namespaces(client: Client, names: list[str]) -> Iterator[None]:
    """Make several, and delete all of them before waiting for the end of the first."""
    paths = [f"/api/v1/namespaces/{name}" for name in names]
    try:
        for name, path in zip(names, paths, strict=True):
            manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
            client.request("POST", "/api/v1/namespaces", what="make a namespace", body=manifest)
            account = functools.partial(find, client, f"{path}/serviceaccounts/default")
            until("the namespace's ServiceAccount", account, _QUIET)
        yield
    finally:
        made = [path for path in paths if find(client, path)]
        for path in made:
            client.request("DELETE", path, what="delete a namespace")
        if len(made) > 1:
            print(f"Waiting until {len(made)} namespaces are deleted", file=sys.stderr)
        for path in made:
            until("the namespace's end", lambda path=path: find(client, path) is None, _END)


def find(client: Client, path: str) -> Item | None:
    try:
        found: Item = client.request("GET", path, what=f"read {path}")
    except ApiNotFound:
        return None
    return found


def until(what: str, check: Callable[[], Any], timeout: float, every: float = 0.1) -> Any:
    """Return the first answer that is true.

    :raises TimeoutError: none came.
    """
    deadline = time.monotonic() + timeout
    while not (found := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout:.0f} s")
        time.sleep(every)
    return found
