# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Extension points of the generic controller, for what is specific to a kind of objects."""

from __future__ import annotations

import typing as t

from ..cluster.store import Key, Object
from ..runs.run_request import HostResult, RunResult
from ..watches.definition import Watch
from .annotations import reconciled_record, resync_period
from .queue_types import Batch


class ReconcileHooks(t.Protocol):
    """Called by the controller, from several threads. Methods must return quickly and must not raise."""

    def fingerprint_inputs(self, watch: Watch, item: Object) -> t.Any:
        """Return further inputs of an object's fingerprint, as JSON data. A change of them reconciles the object.

        :return: None for no further inputs.
        """

    def resync_period(self, watch: Watch, item: Object) -> float:
        """Return the seconds after which an unchanged object is reconciled again; 0 for never."""

    def reconciliation(self, watch: Watch, item: Object) -> str:
        """Return the record of an object's last reconciliation; empty if there was none."""

    def on_result(self, watch: Watch, key: Key, item: Object, result: HostResult, reconciliation: str) -> bool:
        """Handle the result of a run for one object that was not deleted.

        :param item: the object as it was at the start of the run.
        :param reconciliation: the record of it, see the module `fingerprint`; empty if it did not change.
        :return: the record is kept, so the object needs no annotation with it.
        """

    def on_run_finished(self, batch: Batch, result: RunResult) -> None:
        """Handle the end of a run."""


class DefaultHooks:
    """The behavior for kinds without hooks of their own."""

    def fingerprint_inputs(self, _watch: Watch, _item: Object) -> t.Any:
        """Return no further inputs."""
        return None

    def resync_period(self, watch: Watch, item: Object) -> float:
        """Return the period from the object's annotation or the watch."""
        return resync_period(watch, item)

    def reconciliation(self, _watch: Watch, item: Object) -> str:
        """Return the record in the object's annotation."""
        return reconciled_record(item)

    def on_result(self, _watch: Watch, _key: Key, _item: Object, _result: HostResult, _reconciliation: str) -> bool:
        """Keep nothing."""
        return False

    def on_run_finished(self, batch: Batch, result: RunResult) -> None:
        """Do nothing."""
