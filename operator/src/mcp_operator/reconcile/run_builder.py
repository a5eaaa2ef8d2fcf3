# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From the objects of a batch to a run."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..cluster.store import Key, Object
from ..runs.ansible_content import content_of, is_for_localhost
from ..runs.run_request import RunRequest
from ..runs.variables import extra_variables, host_name, host_variables
from ..watches.definition import Watch
from .annotations import verbosity
from .queue_types import Lane, WatchLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """What all runs have in common.

    :param timeout: seconds that a run may take.
    :param environment: goes on top of the operator's own, for example where the API server is.
    :param content_version: what the playbooks and roles are; when it changes, everything is reconciled.
    """

    timeout: float = 600.0
    environment: t.Mapping[str, str] = field(default_factory=dict)
    content_version: str = ""


class Job(t.NamedTuple):
    """A run, and whose each of its hosts is."""

    request: RunRequest
    hosts: dict[str, Key]


# What a run is told of an object on top of the object itself.
Tell = t.Callable[[Key, Object], t.Mapping[str, t.Any]]


def make_job(watch: Watch, lane: Lane, items: t.Mapping[Key, Object], settings: JobSettings, tell: Tell) -> Job:
    """Return the run for some objects of a watch."""
    finalizing = lane is Lane.FINALIZE
    content = content_of(watch, finalizing=finalizing)
    local = is_for_localhost(content)
    hosts = {"localhost" if local else host_name(key.namespace, key.name): key for key in items}
    request = RunRequest(
        content=content,
        hosts={host: {**host_variables(watch, items[key]), **tell(key, items[key])} for host, key in hosts.items()},
        extra_vars=extra_variables(watch, finalizing=finalizing),
        environment=settings.environment,
        verbosity=verbosity(watch, items.values()),
        timeout=settings.timeout,
    )
    return Job(request, hosts)


def limits_of(watch: Watch) -> WatchLimits:
    """Return what the queue has to know: there is one localhost, so a playbook for it takes one object at a time."""
    contents = [content_of(watch, finalizing=False), content_of(watch, finalizing=True)]
    local = any(is_for_localhost(content) for content in contents)
    return WatchLimits(batch=1 if local else None, running=watch.max_concurrent_reconciles)
