# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The Pods of an MCPServer, of its stable Deployment and of its canary, as those of one update.

The Pods of the manifest's template are the newest ones, in whichever Deployment they are. So a canary is validated,
observed and rolled back as a rolling update that has not come further.
"""

from __future__ import annotations

import typing as t

from .._vendor._workload import names
from .._vendor._workload.pod_selector import SelectedPods
from .._vendor._workload.rollout import Rollout, rollout
from ..cluster.store import Object
from ..workloads.lister import WorkloadLister


class Deployed(t.NamedTuple):
    """A Deployment and its Pods."""

    deployment: Object
    pods: SelectedPods

    @property
    def template(self) -> str:
        """The fingerprint of its newest Pod template; empty if its Pods have no readiness gate."""
        return template_of(self.pods)

    @property
    def rollout(self) -> Rollout:
        """Its counts."""
        return rollout(self.deployment)


class Update(t.NamedTuple):
    """The Pods of an MCPServer.

    :param pods: those of the newest template, and those of earlier ones.
    :param rollout: the counts of all of them.
    :param template: the fingerprint of the newest template; empty if its Pods have no readiness gate.
    :param stable: the Deployment of the MCPServer's name; None before it exists.
    :param canary: the Deployment of the canary; None without one of the newest template.
    :param tried: the stable Deployment has an earlier template.
    """

    pods: SelectedPods
    rollout: Rollout
    template: str
    stable: Deployed | None = None
    canary: Deployed | None = None
    tried: bool = False

    @property
    def incomplete(self) -> Object | None:
        """The Deployment that creates Pods of the newest template at present."""
        if self.tried and self.canary is not None:
            return self.canary.deployment
        return None if self.stable is None else self.stable.deployment


def template_of(pods: SelectedPods) -> str:
    """Return the fingerprint of the newest Pod template; empty if its Pods have no readiness gate."""
    replica_set = pods.replica_set
    return str((replica_set["metadata"].get("labels") or {}).get(names.TEMPLATE_LABEL, "")) if replica_set else ""


def update_of(lister: WorkloadLister, deployment: Object | None, canary: Object | None) -> Update:
    """Return the Pods of an MCPServer.

    :param deployment: the stable Deployment.
    :param canary: the Deployment of the canary.
    """
    if deployment is None:
        return Update(SelectedPods(newest=[]), rollout(None), "")
    stable = Deployed(deployment, lister.pods(deployment))
    template = str((deployment["metadata"].get("annotations") or {}).get(names.CANARY_ANNOTATION) or "")
    tried = bool(template)
    if canary is None and not tried:
        return Update(stable.pods, stable.rollout, stable.template, stable)
    template = template or stable.template
    parts = [stable, *([] if canary is None else [Deployed(canary, lister.pods(canary))])]
    newest: list[Object] = []
    older: list[Object] = []
    for part in parts:
        own = part.pods.newest or []
        (newest if part.template == template else older).extend(own)
        older.extend(part.pods.older)
    unknown = any(part.pods.newest is None for part in parts)
    selected = SelectedPods(None if unknown else newest, older, stable.pods.replica_set)
    current = parts[1] if len(parts) > 1 and parts[1].template == template else None
    return Update(selected, _sum(parts, template), template, stable, current, tried)


def _sum(parts: t.Sequence[Deployed], template: str) -> Rollout:
    counts = [part.rollout for part in parts]
    return Rollout(
        desired=sum(one.desired for one in counts),
        replicas=sum(one.replicas for one in counts),
        updated=sum(part.rollout.updated for part in parts if part.template == template),
        ready=sum(one.ready for one in counts),
        available=sum(one.available for one in counts),
        observed=all(one.observed for one in counts),
    )
