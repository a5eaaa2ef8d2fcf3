# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Build the run for a batch of objects."""

from __future__ import annotations

import typing as t

from ..cluster.store import Key, Object
from ..runs.ansible_content import content_of, is_for_localhost
from ..runs.run import RunSettings
from ..runs.run_request import RunRequest
from ..runs.variables import extra_variables, host_name, host_variables
from ..watches.definition import Watch
from .annotations import verbosity
from .dependents import Dependents
from .queue_types import Phase, WatchLimits
from .run_history import RunHistory


class PreparedRun(t.NamedTuple):
    """The request for a run, and the object of each of its hosts."""

    request: RunRequest
    hosts: dict[str, Key]


class RunBuilder:
    """Builds runs from objects and watches."""

    def __init__(self, settings: RunSettings, dependents: Dependents, history: RunHistory) -> None:
        self._settings = settings
        self._dependents = dependents
        self._history = history

    def build(self, watch: Watch, phase: Phase, items: t.Mapping[Key, Object]) -> PreparedRun:
        """Return the run for some objects of a watch."""
        finalizing = phase is Phase.FINALIZE
        content = content_of(watch, finalizing=finalizing)
        local = is_for_localhost(content)
        hosts = {"localhost" if local else host_name(key.namespace, key.name): key for key in items}
        request = RunRequest(
            content=content,
            hosts={host: self._variables(watch, key, items[key]) for host, key in hosts.items()},
            extra_vars=extra_variables(watch, finalizing=finalizing),
            environment=self._settings.environment,
            verbosity=verbosity(watch, items.values()),
            timeout=self._settings.timeout,
        )
        return PreparedRun(request, hosts)

    def _variables(self, watch: Watch, key: Key, item: Object) -> dict[str, t.Any]:
        """Return the variables of an object, with its dependents: so the run need not read them from the API server."""
        variables = host_variables(watch, item)
        if watch.children:
            dependents = self._dependents.of(watch, item)
            variables["mcp_operator_children"] = dependents
            variables["mcp_operator_applied"] = self._history.applied(key, item, dependents)
        return variables


def watch_limits(watch: Watch) -> WatchLimits:
    """Return the limits of a watch. A playbook for localhost supports one object at a time."""
    contents = [content_of(watch, finalizing=False), content_of(watch, finalizing=True)]
    local = any(is_for_localhost(content) for content in contents)
    return WatchLimits(batch_objects=1 if local else None, running_objects=watch.max_concurrent_reconciles)
