# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Remembers the result of the last run for each MCPServer. After a restart, the status of the MCPServer tells it."""

from __future__ import annotations

import re
import threading
import typing as t

from .._vendor._workload.names import RECORD_FIELD
from .._vendor._workload.observation import Error
from ..cluster.store import Key, Object
from ..runs.run_request import HostOutcome, HostResult

# Failures that pass by themselves within seconds, and how many of them in a row are not reported.
_TRANSIENT, _TOLERATED = frozenset({"KindNotReady", "ObjectLeaving"}), 5
_CODE = re.compile(r"\[([A-Z][A-Z0-9_]*)\]$")


class RunFailure(t.NamedTuple):
    """A run that failed.

    :param generation: the object's generation when the run began.
    """

    generation: int
    reason: str
    message: str

    def error(self, applied: int) -> Error:
        """Return the failure as a status reports it.

        :param applied: the generation that the running workload was made from.
        """
        return Error(self.reason, self.message, behind=self.generation > applied)


class LastRuns:
    """The results of the last runs. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Key, tuple[str, RunFailure | None]] = {}
        # The UIDs of objects, and the records of their last reconciliations that were not written yet.
        self._records: dict[Key, tuple[str, str]] = {}
        # How many transient failures there were in a row.
        self._transient: dict[Key, int] = {}
        self._warnings: dict[Key, tuple[str, list[str]]] = {}

    def record(self, key: Key, item: Object, result: HostResult, reconciliation: str = "") -> None:
        """Record how a run ended for an object.

        :param item: the object as it was when the run began.
        :param reconciliation: see the module `fingerprint`; empty if it did not change.
        """
        failure = None
        if result.outcome is not HostOutcome.SUCCEEDED:
            failure = RunFailure(_generation(item), _reason(result), result.message)
        with self._lock:
            if reconciliation:
                self._records[key] = (_uid(item), reconciliation)
            if failure is not None and failure.reason in _TRANSIENT:
                self._transient[key] = self._transient.get(key, 0) + 1
                if self._transient[key] <= _TOLERATED:
                    return
            else:
                self._transient.pop(key, None)
            self._known[key] = (_uid(item), failure)

    def new_warnings(self, key: Key, item: Object, result: HostResult) -> list[str]:
        """Record the warnings of a run that succeeded; return those that the run before did not give.

        :param item: the object as it was when the run began.
        """
        if result.outcome is not HostOutcome.SUCCEEDED:
            return []
        found = [str(text) for text in result.data.get("warnings") or []]
        with self._lock:
            uid, known = self._warnings.pop(key, ("", []))
            if found:
                self._warnings[key] = (_uid(item), found)
        return [text for text in found if uid != _uid(item) or text not in known]

    def remove(self, key: Key) -> None:
        """Drop what is known of an object that is gone."""
        with self._lock:
            self._known.pop(key, None)
            self._records.pop(key, None)
            self._transient.pop(key, None)
            self._warnings.pop(key, None)

    def reconciliation(self, key: Key, server: Object) -> str:
        """Return the record of the last reconciliation; empty if it was written."""
        with self._lock:
            uid, found = self._records.get(key, ("", ""))
        return found if uid == _uid(server) else ""

    def written(self, key: Key, server: Object, status: t.Mapping[str, t.Any]) -> None:
        """Drop the record of the last reconciliation if it is in a status that was written."""
        with self._lock:
            if self._records.get(key) == (_uid(server), status.get(RECORD_FIELD)):
                del self._records[key]

    def unwritten(self) -> list[Key]:
        """Return the objects whose last reconciliation is not recorded in their statuses yet."""
        with self._lock:
            return list(self._records)

    def failure(self, key: Key, server: Object) -> RunFailure | None:
        """Return why the last run failed; None if it succeeded."""
        with self._lock:
            uid, failure = self._known.get(key, ("", None))
        return failure if uid == _uid(server) else _from_status(server)


def _from_status(server: Object) -> RunFailure | None:
    """Return the failure that the status reports, which an earlier process of the operator wrote."""
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Reconciled" and condition.get("status") == "False":
            generation = int(condition.get("observedGeneration") or 0)
            return RunFailure(generation, str(condition.get("reason")), str(condition.get("message")))
    return None


def _reason(result: HostResult) -> str:
    """Return the reason for a condition: the error code at the end of the message, in CamelCase."""
    if result.outcome is HostOutcome.UNPROCESSED:
        return "RunFailed"
    code = _CODE.search(result.message.strip())
    return "".join(word.capitalize() for word in code[1].split("_")) if code else "ReconcileError"


def _uid(item: Object) -> str:
    return str(item["metadata"].get("uid"))


def _generation(item: Object) -> int:
    return int(item["metadata"].get("generation") or 0)
