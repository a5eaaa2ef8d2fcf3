# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How far a Deployment's rollout is; the same rules as ``kubectl rollout status``."""

from __future__ import annotations

import dataclasses
import typing as t


@dataclasses.dataclass(frozen=True)
class Rollout:
    """Counts of one Deployment and whether its newest template is what runs."""

    desired: int
    replicas: int
    updated: int
    ready: int
    available: int
    observed: bool

    @property
    def complete(self) -> bool:
        """All Pods are of the newest template and available, and none of an older one is left."""
        return self.observed and self.replicas == self.updated == self.available == self.desired

    @property
    def phase(self) -> str:
        """The MCPServer's phase as far as its Pods decide it."""
        if not self.observed or (self.ready == 0 and self.desired):
            return "Creating"
        if self.updated < self.desired or self.replicas > self.updated:
            return "Updating"
        if self.available < self.desired:
            return "Scaling"
        return "Running"


def rollout(deployment: t.Mapping[str, t.Any] | None) -> Rollout:
    """Return the progress of a Deployment, of None before it exists."""
    if deployment is None:
        return Rollout(desired=1, replicas=0, updated=0, ready=0, available=0, observed=False)
    status = deployment.get("status") or {}
    spec = deployment.get("spec") or {}
    generation = int((deployment.get("metadata") or {}).get("generation") or 0)
    desired = spec.get("replicas")
    return Rollout(
        desired=1 if desired is None else int(desired),
        replicas=int(status.get("replicas") or 0),
        updated=int(status.get("updatedReplicas") or 0),
        ready=int(status.get("readyReplicas") or 0),
        available=int(status.get("availableReplicas") or 0),
        observed=int(status.get("observedGeneration") or 0) >= generation > 0,
    )
