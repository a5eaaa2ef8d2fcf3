# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What the status of an MCPServer is computed from."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .kstatus import Condition
    from .network_proof import Isolation
    from .pods import Cause
    from .reachability import Reachability
    from .rollout import Rollout

# Reasons of the condition Degraded: why the gate of a Pod that fails validation is held open.
CIRCUIT_BREAKER_OPEN: t.Final = "CircuitBreakerOpen"
LAST_POD_KEPT: t.Final = "LastPodKept"
ACCESS_REFUSED: t.Final = "AccessRefused"
GATE_HELD_REASONS: t.Final = (CIRCUIT_BREAKER_OPEN, LAST_POD_KEPT, ACCESS_REFUSED)


@dataclasses.dataclass(frozen=True)
class Error:
    """Why a manifest was not applied.

    :param behind: the workload was made of an earlier manifest.
    """

    reason: str
    message: str
    behind: bool = True


class HeldGate(t.NamedTuple):
    """Why a gate is held open: one of :data:`GATE_HELD_REASONS`, and a message."""

    reason: str
    message: str


class Templates(t.NamedTuple):
    """The fingerprint of the template that passed last, and ``status.rollback``, for Pods with a readiness gate."""

    proved: str = ""
    rollback: t.Mapping[str, t.Any] = {}


@dataclasses.dataclass(frozen=True)
class Observation:
    """What a status is computed from.

    :param cause: why the Pods are not ready; None if there is no sign of a problem.
    :param validation: ``status.validation`` by :mod:`.validation`.
    :param failure: the first error of a failed validation, or of a failed apply.
    :param gave_up: the Pods have not become ready in time.
    :param error: why the manifest was not applied.
    :param leaving: the MCPServer is being deleted.
    :param held: why a Pod that fails validation still serves; None if none does.
    :param certificate_ready: the condition of a server with ``spec.tls``; set by :func:`status`.
    :param unresolved_port: the Service's target port, if no port of the Pods has that name; set by :func:`status`.
    :param templates: fingerprints of the template that passed last, and of one that failed.
    :param rolled_back: what was done instead of serving a template that failed; empty if none failed.
    :param isolation: whether the NetworkPolicy is enforced; None without one.
    :param reachability: whether clients reach the server through its Gateways; None if it is not exposed.
    :param certificate: the Certificate of cert-manager; None without one.
    :param rollout_status: ``status.rollout``; empty without canaries.
    :param restarts: of the Pods (:func:`.pods.restarts`), for stdio servers.
    :param record: of the last reconciliation; empty for the one in the status.
    """

    rollout: Rollout
    validation: t.Mapping[str, t.Any]
    cause: Cause | None = None
    failure: str = ""
    gave_up: bool = False
    rolled_back: str = ""
    error: Error | None = None
    leaving: bool = False
    restarts: int = 0
    isolation: Isolation | None = None
    reachability: Reachability | None = None
    certificate: t.Mapping[str, t.Any] | None = None
    certificate_ready: Condition | None = None
    held: HeldGate | None = None
    unresolved_port: str = ""
    rollout_status: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    templates: Templates = dataclasses.field(default_factory=Templates)
    record: str = ""
