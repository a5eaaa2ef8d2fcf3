# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The examples for Argo Rollouts and Flagger, applied to an MCPServer of a test while the real controllers run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

from . import cluster, gateway
from .operator import image

_EXAMPLES = cluster.ROOT / "examples" / "rollouts"
_PLURALS = {"Canary": "canaries"}
_IMAGE = "ghcr.io/example/mcp-operator:1.0.0"

Manifest = dict[str, Any]


@contextlib.contextmanager
def running(controller: str) -> Iterator[None]:
    """Run a controller next to the cluster.

    :param controller: ``argo-rollouts`` or ``flagger``.
    """
    cluster.tool("tests/cluster", "up", f"--{controller}")
    try:
        yield
    finally:
        cluster.tool("tests/cluster", "up", f"--no-{controller}")


def example(controller: str, name: str) -> list[Manifest]:
    """Return the objects of an example beside the MCPServer, for an MCPServer of another name."""
    text = (_EXAMPLES / f"{controller}.yaml").read_text(encoding="utf-8")
    assert _IMAGE in text
    found = yaml.safe_load_all(text.replace("weather", name).replace(_IMAGE, image()))
    return [manifest for manifest in found if manifest["kind"] != "MCPServer"]


def only(manifests: list[Manifest], kind: str) -> Manifest:
    """Return the object of a kind of which there is one."""
    [found] = [manifest for manifest in manifests if manifest["kind"] == kind]
    return found


class Applied:
    """Objects in a namespace, which are deleted in the end.

    :param namespace: of the MCPServers.
    """

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._namespace = namespace
        self._paths: list[str] = []

    def path(self, kind: str, name: str, api: str) -> str:
        """Return the path of an object."""
        root = f"/apis/{api}" if "/" in api else f"/api/{api}"
        plural = _PLURALS.get(kind, f"{kind.lower()}s")
        return f"{root}/namespaces/{self._namespace}/{plural}/{name}"

    def apply(self, manifest: Manifest) -> None:
        """Apply an object."""
        path = self.path(manifest["kind"], manifest["metadata"]["name"], manifest["apiVersion"])
        self._paths.append(path)
        gateway.apply(self._client, path, manifest)

    def read(self, kind: str, name: str, api: str) -> Manifest:
        """Return an object; empty if there is none."""
        return cluster.found(self._client, self.path(kind, name, api)) or {}

    def delete(self) -> None:
        """Delete all objects that were applied, the last one first."""
        for path in reversed(self._paths):
            with contextlib.suppress(ApiNotFound):
                self._client.request("DELETE", path, what=f"delete {path}")


class History:
    """What was seen of an MCPServer while something was waited for.

    :param read: returns what is to be recorded.
    """

    def __init__(self, read: Callable[[], Any]) -> None:
        self._read = read
        self.seen: list[Any] = []

    def until(self, what: str, check: Callable[[Any], bool], timeout: float = 180) -> None:
        """Record each change until it is as wanted."""

        def look() -> bool:
            found = self._read()
            if not self.seen or self.seen[-1] != found:
                self.seen.append(found)
            return check(found)

        try:
            cluster.until(what, look, timeout)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {self.seen}") from None
