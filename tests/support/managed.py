# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers whose Pods Argo Rollouts or Flagger replaces: the phases of both, and how a controller takes over."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .operator import WATCHED
from .rollout_controllers import Applied, History, Manifest, example, only

# Another version of a server, as its environment.
SECOND = [{"name": "SECOND", "value": "1"}]
# Seconds in which a version must become ready, and retries of the Job: those of the examples take longer.
_DEADLINES = {"argo-rollouts": 20, "flagger": 30}
_RETRIES = 0


class Server(Protocol):
    """An MCPServer of a test."""

    name: str

    def read(self) -> dict[str, Any]:
        """Return it."""

    def child(self, kind: str) -> dict[str, Any] | None:
        """Return its object of a kind."""

    def becomes(self, phase: str, state: str) -> dict[str, Any]:
        """Wait until its status says so."""


class Phases(NamedTuple):
    """What the status of an MCPServer says.

    :param observed: it is about the newest manifest.
    """

    server: str | None
    rollout: str | None
    step: int | None
    observed: bool


SERVES = Phases("Running", "Stable", None, observed=True)


def phases(server: Server) -> Phases:
    """Return the phases of an MCPServer."""
    found = server.read()
    status = found.get("status") or {}
    rollout = status.get("rollout") or {}
    observed = status.get("observedGeneration") == found["metadata"]["generation"]
    return Phases(status.get("phase"), rollout.get("phase"), rollout.get("step"), observed)


@contextlib.contextmanager
def adopting(controller: str, client: Client) -> Iterator[Callable[[Server], None]]:
    """Yield what applies the example of a controller to an MCPServer, and waits until the Pods of the controller serve.

    The objects are deleted in the end.
    """
    applied = Applied(client, WATCHED)
    prepare = {"argo-rollouts": _argo, "flagger": _flagger}[controller]

    def adopt(server: Server) -> None:
        for manifest in prepare(applied, server.name):
            applied.apply(manifest)
        History(lambda: phases(server)).until("the Pods of the controller serve", lambda found: found == SERVES)
        server.becomes("Running", "Validated")
        deployment = server.child("Deployment")
        assert deployment is not None
        assert deployment["spec"]["replicas"] == 0

    try:
        yield adopt
    finally:
        applied.delete()


def _argo(_applied: Applied, name: str) -> list[Manifest]:
    manifests = example("argo-rollouts", name)
    only(manifests, "Rollout")["spec"]["progressDeadlineSeconds"] = _DEADLINES["argo-rollouts"]
    [metric] = only(manifests, "AnalysisTemplate")["spec"]["metrics"]
    metric["provider"]["job"]["spec"]["backoffLimit"] = _RETRIES
    return manifests


def _flagger(applied: Applied, name: str) -> list[Manifest]:
    """Apply the webhook, and return the Canary, which uses it."""
    manifests = example("flagger", name)
    canary = only(manifests, "Canary")
    canary["spec"]["progressDeadlineSeconds"] = _DEADLINES["flagger"]
    canary["spec"]["analysis"] |= {"iterations": 2, "threshold": 2}
    [webhook] = canary["spec"]["analysis"]["webhooks"]
    for manifest in manifests:
        if manifest is not canary:
            applied.apply(manifest)
    listener = f"{name}-webhook"
    cluster.until("the webhook listens", lambda: _is_available(applied.read("Deployment", listener, "apps/v1")), 60)
    # Flagger runs on the node, which does not know the names of Services.
    address = applied.read("Service", listener, "v1")["spec"]["clusterIP"]
    assert listener in webhook["url"]
    webhook["url"] = webhook["url"].replace(listener, address)
    return [canary]


def _is_available(deployment: Manifest) -> bool:
    return (deployment.get("status") or {}).get("availableReplicas") == 1
