# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer and its workload at one moment."""

from __future__ import annotations

import typing as t

from .._vendor._workload.rollout import Rollout
from ..cluster.store import Object

Status = dict[str, t.Any]


class WorkloadSnapshot(t.NamedTuple):
    """An MCPServer and its workload at one moment.

    :param server: the MCPServer, with the generation that the status is about.
    :param applied: the generation that the Deployment was made of; 0 if there is no Deployment.
    :param pods: Pods of the newest template.
    :param others: Pods of earlier templates.
    :param template: fingerprint of the newest template; empty if its Pods have no readiness gate.
    :param rolled_back: fingerprint of the failed template that was rolled back; empty if none.
    :param canary: the newest template is tried by a canary, and the stable Deployment has an earlier one.
    """

    server: Object
    applied: int
    rollout: Rollout
    pods: list[Object]
    others: list[Object] = []  # noqa: RUF012 - never modified
    template: str = ""
    rolled_back: str = ""
    canary: bool = False


def as_of(server: Object, observed: int) -> Object:
    """Return an MCPServer with another generation."""
    return {**server, "metadata": {**server["metadata"], "generation": observed}}


def generation(server: Object) -> int:
    """Return an MCPServer's generation."""
    return int(server["metadata"].get("generation") or 0)
