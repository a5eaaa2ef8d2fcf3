# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The request for a run of Ansible, and its result."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field


class HostOutcome(enum.StrEnum):
    """The result of a run for one host. UNPROCESSED means that the run ended without a result for it."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNPROCESSED = "unprocessed"


class Ending(enum.StrEnum):
    """How a run ended as a whole. COMPLETE means that Ansible printed its recap, even if hosts failed."""

    COMPLETE = "complete"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleContent:
    """What to run: exactly one of a playbook and a role, each by path or by its name in a collection."""

    playbook: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One run.

    :param hosts: variables by host of the inventory. They are data: their strings are never evaluated as templates.
    :param extra_vars: variables of the watch for all hosts. They take precedence, and may contain templates.
    :param environment: overrides the operator's own environment.
    :param verbosity: the number of Ansible's ``-v``.
    :param timeout: seconds after which the run is cancelled.
    """

    content: AnsibleContent
    hosts: t.Mapping[str, t.Mapping[str, t.Any]]
    extra_vars: t.Mapping[str, t.Any] = field(default_factory=dict)
    environment: t.Mapping[str, str] = field(default_factory=dict)
    verbosity: int = 0
    timeout: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostResult:
    """The result for one host.

    :param message: why it failed, for people; empty if it did not fail.
    :param requeue_after: seconds after which the run requested to be repeated; None for no request.
    :param data: the host's result of the batch action, at most one KiB.
    """

    outcome: HostOutcome
    message: str = ""
    ok: int = 0
    changed: int = 0
    skipped: int = 0
    failures: int = 0
    unreachable: int = 0
    rescued: int = 0
    ignored: int = 0
    requeue_after: float | None = None
    data: t.Mapping[str, t.Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The result of a run.

    :param reason: why the run is not complete; empty if it is.
    :param wall: seconds from start to end.
    :param cpu: CPU seconds of all its processes; 0 if unknown.
    """

    ident: str
    ending: Ending
    hosts: t.Mapping[str, HostResult]
    reason: str = ""
    wall: float = 0.0
    cpu: float = 0.0
