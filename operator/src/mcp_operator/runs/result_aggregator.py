# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Aggregate the events of a run into one result for each host, for any playbook.

The recap decides, because it counts rescued tasks as successful and unreachable hosts as failed. A batch action returns
more than the recap: one task result for every host of the batch. It is recognized by its key ``hosts``, a dictionary
whose keys are hosts of this run. Hosts that are missing from it count as unprocessed.
"""

from __future__ import annotations

import typing as t

from .result_text import MAX_LENGTH, shorten, truncate_data
from .run_request import Ending, HostOutcome, HostResult

_COUNTS = {
    "ok": "ok",
    "changed": "changed",
    "skipped": "skipped",
    "failures": "failures",
    "dark": "unreachable",
    "rescued": "rescued",
    "ignored": "ignored",
}
_REQUEUE = ("operator_sdk.util.requeue_after", "requeue_after")
_MOST_MESSAGES = 5
_UNPROCESSED = "The run ended without a result for this object."
_TOO_LARGE = "The result of the batch was too large. A batch action may return at most one KiB for each object."


class ResultAggregator:
    """Aggregates the events of one run."""

    def __init__(self, hosts: t.Iterable[str]) -> None:
        self._hosts = tuple(hosts)
        self._messages: dict[str, list[str]] = {}
        self._batch: dict[str, list[dict[str, t.Any]]] = {}
        self._batches = 0
        self._requeue: dict[str, float] = {}
        self._stats: dict[str, t.Any] | None = None
        self._emptied: dict[str, set[str]] = {}
        self._last_output = ""

    def add(self, event: t.Mapping[str, t.Any]) -> None:
        """Add one event of ansible-runner."""
        kind, data = event.get("event"), event.get("event_data") or {}
        if kind == "runner_on_ok":
            self._on_ok(data)
        elif kind in ("runner_on_failed", "runner_on_item_failed", "runner_on_unreachable"):
            self._on_failed(data)
        elif kind == "playbook_on_stats":
            self._stats = dict(data)
        elif kind in ("verbose", "error") and self._stats is None:
            self._last_output = (self._last_output + str(event.get("stdout") or "") + "\n")[-2 * MAX_LENGTH :]

    def results(
        self, ending: Ending, status: int | None, reason: str = ""
    ) -> tuple[Ending, str, dict[str, HostResult]]:
        """Return how the run ended, why it is not complete, and the result of each host.

        :param status: the exit status of Ansible; None if it was killed.
        """
        if ending is Ending.COMPLETE and self._stats is None:
            ending = Ending.CRASHED
            reason = f"Ansible ended without a recap ({_ended(status)}). {self._end_of_output()}"
        results = {host: self._result(host) for host in self._hosts} if self._stats else {}
        if (
            ending is Ending.COMPLETE
            and status != 0
            and not any(r.outcome is HostOutcome.FAILED for r in results.values())
        ):
            ending = Ending.CRASHED
            reason = f"Ansible failed and named no host ({_ended(status)}). {self._end_of_output()}"
        reason = shorten(reason)
        if ending is not Ending.COMPLETE:
            outcome = HostOutcome.UNPROCESSED if ending is Ending.CANCELLED else HostOutcome.FAILED
            results = {host: HostResult(outcome=outcome, message=reason) for host in self._hosts}
        return ending, reason, results

    def _on_ok(self, data: t.Mapping[str, t.Any]) -> None:
        host, result = str(data.get("host")), data.get("res")
        if not isinstance(result, dict):
            return
        if not result:
            # ansible-runner empties results that are too large; no other result is empty.
            self._emptied.setdefault(str(data.get("task_uuid")), set()).add(host)
        if data.get("task_action") in _REQUEUE:
            self._on_requeue(host, result)
        batch = result.get("hosts")
        if isinstance(batch, dict) and batch and all(isinstance(item, dict) for item in batch.values()):
            known = {name: item for name, item in batch.items() if name in self._hosts}
            if known:
                self._batches += 1
                for name, item in known.items():
                    self._batch.setdefault(name, []).append(item)

    def _on_requeue(self, host: str, result: t.Mapping[str, t.Any]) -> None:
        try:
            seconds = float(result["period"])
        except (KeyError, TypeError, ValueError):
            return
        self._requeue[host] = min(seconds, self._requeue.get(host, seconds))

    def _on_failed(self, data: t.Mapping[str, t.Any]) -> None:
        result = data.get("res")
        if data.get("ignore_errors") or not isinstance(result, dict):
            return
        messages = self._messages.setdefault(str(data.get("host")), [])
        message = shorten(str(result.get("msg") or result.get("censored") or "The task failed without a message."))
        if message not in messages:
            messages.append(message)
            del messages[:-_MOST_MESSAGES]

    def _result(self, host: str) -> HostResult:
        stats = self._stats or {}
        counts = {name: int((stats.get(key) or {}).get(host, 0)) for key, name in _COUNTS.items()}
        from_batch = self._batch.get(host, [])
        data = truncate_data(from_batch[-1]) if from_batch else {}
        failed = [item for item in from_batch if item.get("failed")]
        outcome, message = HostOutcome.SUCCEEDED, ""
        if counts["failures"] or counts["unreachable"] or failed:
            outcome = HostOutcome.FAILED
            texts = [str(item.get("msg") or "It failed without a message.") for item in failed]
            message = shorten("\n".join(dict.fromkeys([*texts, *self._messages.get(host, [])])))
        elif len(from_batch) < self._batches or (not from_batch and not self._was_seen(host)):
            outcome = HostOutcome.UNPROCESSED
            message = _TOO_LARGE if self._was_emptied() else _UNPROCESSED
        return HostResult(outcome=outcome, message=message, requeue_after=self._requeue.get(host), data=data, **counts)

    def _was_seen(self, host: str) -> bool:
        return host in ((self._stats or {}).get("processed") or {}) and not self._was_emptied()

    def _was_emptied(self) -> bool:
        """Return whether the one result of a batch was dropped; other tasks have a result of each host."""
        return any(len(hosts) == 1 for hosts in self._emptied.values()) and len(self._hosts) > 1

    def _end_of_output(self) -> str:
        return " ".join(self._last_output.split())[-MAX_LENGTH // 2 :]


def _ended(status: int | None) -> str:
    return "it was killed" if status is None else f"exit status {status}"
