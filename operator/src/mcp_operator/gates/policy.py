# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which gates are to be open: of Pods that are proved, and of those that were while nothing proves the contrary."""

from __future__ import annotations

import typing as t

from .._vendor._workload import validation
from .._vendor._workload.fields import mapping
from .._vendor._workload.question import Question
from .._vendor._workload.status import CIRCUIT_BREAKER_OPEN, LAST_POD_KEPT, Held
from ..cluster.store import Key, Object
from ..validation.http_probe import Answer, is_transient
from ..workloads.snapshot import Status
from . import writer as gates
from .breaker import CircuitBreaker
from .writer import GateState, GateWriter


class PodAnswer(t.NamedTuple):
    """A Pod with a gate, what it was asked, and what it has answered; None while it has not."""

    pod: Object
    answer: Answer | None
    question: Question


class ValidationResult(t.NamedTuple):
    """What is known of all Pods together.

    :param status: as ``status.validation`` says it.
    :param failure: why it failed, in one line; empty where it did not.
    :param running: somebody still has to answer for the first time.
    :param again: seconds after which another look may show more; None where only a change can.
    :param answers: of each Pod that has a gate, also those of earlier templates.
    :param passed: all Pods of the newest template have, each by itself.
    :param unrecoverable: one of them has proved that it does not, and no waiting will help.
    """

    status: Status
    failure: str = ""
    running: bool = False
    again: float | None = None
    answers: tuple[PodAnswer, ...] = ()
    passed: bool = False
    unrecoverable: bool = False


class GatePolicy:
    """Looks at one MCPServer at a time, in one thread; `close_stale_gate` is for any."""

    def __init__(self, writer: GateWriter, breaker: CircuitBreaker) -> None:
        self._writer = writer
        self._breaker = breaker

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone, or has no gates."""
        self._breaker.remove(key)

    def close_stale_gate(self, key: Key, pod: Object) -> None:
        """Close a gate that was opened for another container, or by somebody else, before anything else happens."""
        gate = gates.stale_gate(pod) if gates.is_gated(pod) else None
        if gate is not None:
            self._writer.request_update(key, pod, gate)

    def update_gates(self, key: Key, server: Object, answers: t.Sequence[PodAnswer]) -> Held | None:
        """Open and close the gates of an MCPServer's Pods; return why one that should be closed is held open.

        :param answers: of its Pods that have a gate.
        """
        opened = sum(gates.is_validated(one.pod) for one in answers)
        bad, held = False, None
        for pod, answer, question in answers:
            if answer is None:
                self.close_stale_gate(key, pod)
            elif passes(answer, question):
                reason = "Validated" if answer["compliant"] else "AuthRequired"
                self._writer.request_update(key, pod, GateState(True, reason, gates.message_for(pod, _spoken(answer))))
            elif not gates.is_validated(pod):
                self._writer.request_update(
                    key, pod, GateState(False, "ValidationFailed", gates.message_for(pod, _words(answer)))
                )
            elif not is_transient(answer):
                bad = True
                why = self._why_not(key, server, opened)
                if why is None:
                    opened -= 1
                    self._writer.request_update(
                        key, pod, GateState(False, "ValidationFailed", gates.message_for(pod, _words(answer)))
                    )
                held = held or why
        if answers and not bad:
            self._breaker.record_success(key)
        return held

    def _why_not(self, key: Key, server: Object, opened: int) -> Held | None:
        if not self._breaker.record_failure(key):
            return Held(CIRCUIT_BREAKER_OPEN, "Too many servers have gone bad at once, so that no gate is closed.")
        if opened <= 1 and mapping(server["spec"], "validation").get("onFailure") != "remove":
            return Held(
                LAST_POD_KEPT, "It is the last one that serves; validation.onFailure: remove would close its gate."
            )
        return None


def passes(answer: Answer, question: Question) -> bool:
    """Tell whether an answer opens a gate: what a server offers that wants credentials first is not known."""
    return answer["compliant"] is not False and (bool(answer["compliant"]) or not question.capabilities)


def _spoken(answer: Answer) -> str:
    if not answer["compliant"]:
        return "it wants credentials first; nothing that the manifest requires speaks against it."
    return f"it speaks MCP {answer['protocol_version']} over {answer['transport']}."


def _words(answer: Answer) -> str:
    if answer["compliant"] is None:
        return "it wants credentials first, so that nobody knows whether it offers what the manifest requires."
    return validation.failure([answer])
