# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a run is asked to do, and what became of it."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field


class Outcome(enum.StrEnum):
    """What a run did for one host. UNPROCESSED: it ended without having said anything about it."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNPROCESSED = "unprocessed"


class Ending(enum.StrEnum):
    """How a run ended as a whole. COMPLETE: Ansible came to its recap, whatever became of single hosts."""

    COMPLETE = "complete"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is run: exactly one of a playbook (path or collection name) and a role (path or collection name)."""

    playbook: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One run.

    :param hosts: the variables of each host of the inventory. Data: no string of them is ever a template.
    :param extra_vars: variables of the watch, for all hosts; they win, and may be templates.
    :param environment: goes on top of the operator's own.
    :param timeout: seconds after which the run is ended.
    """

    content: Content
    hosts: t.Mapping[str, t.Mapping[str, t.Any]]
    extra_vars: t.Mapping[str, t.Any] = field(default_factory=dict)
    environment: t.Mapping[str, str] = field(default_factory=dict)
    verbosity: int = 0
    timeout: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostResult:
    """What became of one host.

    :param message: why it failed, for people; empty if it did not.
    :param requeue_after: seconds after which the run itself asked to be repeated.
    :param data: what the batch action returned for it, at most a kibibyte.
    """

    outcome: Outcome
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
    """What became of a run.

    :param reason: why it is not complete; empty if it is.
    :param cpu: seconds of CPU of all its processes; 0 where they could not be asked.
    """

    ident: str
    ending: Ending
    hosts: t.Mapping[str, HostResult]
    reason: str = ""
    wall: float = 0.0
    cpu: float = 0.0
