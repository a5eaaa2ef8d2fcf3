# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What became of the last run for each MCPServer. After a restart the MCPServer's own status says it."""

from __future__ import annotations

import re
import threading
import typing as t

from .._vendor._workload.status import Error
from ..cluster.store import Key, Object
from ..runs.run_request import HostOutcome, HostResult

# What passes by itself within seconds, and how often in a row it may before it is told.
_PASSING, _PATIENCE = frozenset({"KindNotReady", "ObjectLeaving"}), 5
_CODE = re.compile(r"\[([A-Z][A-Z0-9_]*)\]$")


class RunFailure(t.NamedTuple):
    """A run that failed.

    :param generation: of the object that it was about.
    """

    generation: int
    reason: str
    message: str

    def error(self, applied: int) -> Error:
        """Return it for a status.

        :param applied: the generation of which what runs was made.
        """
        return Error(self.reason, self.message, behind=self.generation > applied)


class LastRuns:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Key, tuple[str, RunFailure | None]] = {}
        self._passing: dict[Key, int] = {}

    def record(self, key: Key, item: Object, result: HostResult) -> None:
        """Take in how a run ended for an object, as it was when the run began."""
        failure = None
        if result.outcome is not HostOutcome.SUCCEEDED:
            failure = RunFailure(_generation(item), _reason(result), result.message)
        with self._lock:
            if failure is not None and failure.reason in _PASSING:
                self._passing[key] = self._passing.get(key, 0) + 1
                if self._passing[key] <= _PATIENCE:
                    return
            else:
                self._passing.pop(key, None)
            self._known[key] = (_uid(item), failure)

    def forget(self, key: Key) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._known.pop(key, None)
            self._passing.pop(key, None)

    def failure(self, key: Key, server: Object) -> RunFailure | None:
        """Return why the last run failed; None if it did not."""
        with self._lock:
            uid, failure = self._known.get(key, ("", None))
        return failure if uid == _uid(server) else _told(server)


def _told(server: Object) -> RunFailure | None:
    """Return what the status says of the last run: an operator before us wrote it."""
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Reconciled" and condition.get("status") == "False":
            generation = int(condition.get("observedGeneration") or 0)
            return RunFailure(generation, str(condition.get("reason")), str(condition.get("message")))
    return None


def _reason(result: HostResult) -> str:
    """Return the reason of a condition: the error's code, as conditions write it."""
    if result.outcome is HostOutcome.UNPROCESSED:
        return "RunFailed"
    code = _CODE.search(result.message.strip())
    return "".join(word.capitalize() for word in code[1].split("_")) if code else "ReconcileError"


def _uid(item: Object) -> str:
    return str(item["metadata"].get("uid"))


def _generation(item: Object) -> int:
    return int(item["metadata"].get("generation") or 0)
