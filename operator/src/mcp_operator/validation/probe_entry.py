# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the scheduler of probes keeps of each container."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..cluster.store import Key
from ..workloads.container_ref import ContainerRef, ProbeRequest
from .http_probe import Answer


class ProbeKey(t.NamedTuple):
    """A container in the queue, with the namespace that its probe counts for."""

    namespace: str
    container: ContainerRef


@dataclass(slots=True)
class ProbeEntry:
    """What is known of a container that is probed."""

    owner: Key
    request: ProbeRequest
    # When all of it passed last, or this process took it over as one that has: seconds since the epoch.
    checked: float
    failures: int = 0
    attempts: int = 0
    running: bool = False
    answer: Answer | None = None
    passed: bool = False
    # How often it was probed before it was ready.
    early_attempts: int = 0
    # When its first probe began, in monotonic seconds; None before.
    began: float | None = None
    # When everything is to be validated again, in monotonic seconds; 0 if that is not scheduled.
    full_due: float = 0.0

    @property
    def key(self) -> ProbeKey:
        """Its key in the queue."""
        return ProbeKey(self.owner.namespace, self.request.container)

    @property
    def passes(self) -> bool:
        """Whether its last result that counts is a pass."""
        return self.answer is not None and self.answer["compliant"] is not False
