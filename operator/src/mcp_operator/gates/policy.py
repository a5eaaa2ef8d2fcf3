# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decides which readiness gates are open: those of Pods that pass, and stay so until there is evidence of a failure."""

from __future__ import annotations

import typing as t

from .._vendor._engine.pod_probe import error_codes, has_expired, is_inconclusive, is_transient
from .._vendor._workload import probe_auth, validation
from .._vendor._workload.fields import mapping
from .._vendor._workload.network_proof import Isolation
from .._vendor._workload.observation import ACCESS_REFUSED, CIRCUIT_BREAKER_OPEN, LAST_POD_KEPT, HeldGate
from .._vendor._workload.probe_spec import ProbeSpec
from .._vendor._workload.reachability import Reachability
from ..cluster.store import Key, Object
from ..validation.http_probe import Answer
from ..workloads.last_change import manifest_change
from ..workloads.snapshot import Status
from . import writer as gates
from .breaker import CircuitBreaker
from .writer import GateState, GateWriter

_BREAKER = HeldGate(
    CIRCUIT_BREAKER_OPEN,
    "Servers of several namespaces give no answer, or deny access, at the same time. The operator or its network may "
    "be the cause, so no readiness gate is closed for that.",
)
_LAST_POD = HeldGate(
    LAST_POD_KEPT,
    "The last Pod that serves fails validation; its readiness gate stays open. Set validation.onFailure to remove to "
    "close it.",
)
_ACCESS = HeldGate(
    ACCESS_REFUSED,
    "The credentials or the CA of validation may be the cause of the failure, and clients may have others. Pods that "
    "passed stay in the Service. New Pods do not receive traffic.",
)


class PodAnswer(t.NamedTuple):
    """The result of probing a gated Pod; the answer is None while there is none."""

    pod: Object
    answer: Answer | None
    spec: ProbeSpec


class ValidationResult(t.NamedTuple):
    """The result of validating an MCPServer, over all its Pods.

    :param status: ``status.validation``.
    :param failure: why validation failed, in one line; empty if it did not.
    :param running: a Pod has no result yet.
    :param again: seconds after which another observation may find more; None if only a change can.
    :param answers: of all gated Pods, including those of earlier templates.
    :param probed: when the first probe of a Pod of the newest template began, in monotonic seconds; None if unknown.
    :param waiting: Pods of the newest template can be probed, and none has been.
    :param passed: every Pod of the newest template passes.
    :param unrecoverable: a Pod of the newest template fails in a way that does not pass by itself.
    :param isolation: whether the NetworkPolicy is enforced; None without one.
    :param reachability: whether clients reach the server through its Gateways; None if it is not exposed.
    :param blocked: validation cannot connect to a Pod of the newest template for a cause outside of it.
    """

    status: Status
    failure: str = ""
    running: bool = False
    again: float | None = None
    answers: tuple[PodAnswer, ...] = ()
    probed: float | None = None
    waiting: bool = False
    passed: bool = False
    unrecoverable: bool = False
    blocked: bool = False
    isolation: Isolation | None = None
    reachability: Reachability | None = None


class GatePolicy:
    """Requests the updates of readiness gates.

    `close_stale_gate` is thread-safe. The other methods are for one thread.
    """

    def __init__(self, writer: GateWriter, breaker: CircuitBreaker) -> None:
        self._writer = writer
        self._breaker = breaker

    def remove(self, key: Key) -> None:
        """Drop what is known of an MCPServer that is gone or has no gates."""
        self._breaker.remove(key)

    def close_stale_gate(self, key: Key, pod: Object) -> None:
        """Close a Pod's gate at once if it was opened for another container or by another client."""
        gate = gates.stale_gate(pod) if gates.is_gated(pod) else None
        if gate is not None:
            self._writer.request_update(key, pod, gate)

    def update_gates(self, key: Key, server: Object, answers: t.Sequence[PodAnswer]) -> HeldGate | None:
        """Open and close the gates of an MCPServer's Pods.

        :param answers: of its gated Pods.
        :returns: why the gate of a Pod that fails is held open; None if none is.
        """
        change = manifest_change(server)
        opened = sum(gates.is_validated(one.pod) for one in answers)
        doubtful = any(_fails(one) and is_inconclusive(t.cast("Answer", one.answer)) for one in answers)
        breaker_open = bool(answers) and self._breaker.record(key, inconclusive=doubtful)
        held = None
        for pod, answer, spec in answers:
            if answer is None:
                self.close_stale_gate(key, pod)
            elif passes(answer, spec):
                self._open(key, pod, answer, change)
            elif not gates.is_validated(pod):
                self._close(key, pod, answer, change)
            elif breaker_open and is_inconclusive(answer):
                held = held or _BREAKER
            elif _is_of_the_probe(answer):
                held = held or _ACCESS
            elif not is_transient(answer):
                if opened <= 1 and mapping(server["spec"], "validation").get("onFailure") != "remove":
                    held = held or _LAST_POD
                else:
                    opened -= 1
                    self._close(key, pod, answer, change)
        return held

    def _open(self, key: Key, pod: Object, answer: Answer, change: str) -> None:
        if answer["compliant"]:
            text = f"The server speaks MCP {answer['protocol_version']} over {answer['transport']}."
            gate = GateState(True, "Validated", gates.message_for(pod, text))
        else:
            gate = GateState(True, "AuthRequired", gates.message_for(pod, "The server requires authentication."))
        self._writer.request_update(key, pod, gate, change)

    def _close(self, key: Key, pod: Object, answer: Answer, change: str) -> None:
        text = validation.failure([answer])
        if answer["compliant"] is None:
            text = "The server requires authentication, so it is unknown whether it meets spec.validation."
        gate = GateState(False, "ValidationFailed", gates.message_for(pod, text))
        self._writer.request_update(key, pod, gate, change)


def _is_of_the_probe(answer: Answer) -> bool:
    """Tell whether all errors may be caused by the credentials or the CA of the probe.

    No client accepts a certificate that has expired, whatever CA it has.
    """
    errors = error_codes(answer)
    return bool(errors) and errors <= probe_auth.OF_THE_PROBE and not has_expired(answer)


def _fails(one: PodAnswer) -> bool:
    """Tell whether a Pod fails that has passed before."""
    return one.answer is not None and not passes(one.answer, one.spec) and gates.is_validated(one.pod)


def passes(answer: Answer, spec: ProbeSpec) -> bool:
    """Tell whether an answer opens a gate.

    A server that requires authentication passes unless capabilities or a tool call are required, which cannot be
    verified.
    """
    required = spec.capabilities or spec.tool_call
    return answer["compliant"] is not False and (bool(answer["compliant"]) or not required)
