# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which gates are to be open: of Pods that are proved, and of those that were while nothing proves the contrary."""

from __future__ import annotations

import threading
import time
import typing as t

from .._vendor._workload import validation
from .._vendor._workload.fields import mapping
from .._vendor._workload.question import Question
from .._vendor._workload.status import HELD, Held
from ..cluster.store import Key, Object
from ..validation.http_probe import Answer, is_transient
from ..workloads.snapshot import Status
from . import writer as gates
from .writer import Gate, GateWriter

# More of the fleet than this, and more servers than this few, do not go bad at once: then it is we who have gone bad.
_SHARE = 0.2
_LEAST = 3
# Seconds for which a gate that was closed counts.
_WINDOW = 600.0


class Answered(t.NamedTuple):
    """A Pod with a gate, what it was asked, and what it has answered; None while it has not."""

    pod: Object
    answer: Answer | None
    question: Question


class Verdict(t.NamedTuple):
    """What is known of all Pods together.

    :param status: as ``status.validation`` says it.
    :param failure: why it failed, in one line; empty where it did not.
    :param running: somebody still has to answer for the first time.
    :param again: seconds after which another look may show more; None where only a change can.
    :param answers: of each Pod that has a gate, also those of earlier templates.
    :param passed: all Pods of the newest template have, each by itself.
    :param hopeless: one of them has proved that it does not, and no waiting will help.
    """

    status: Status
    failure: str = ""
    running: bool = False
    again: float | None = None
    answers: tuple[Answered, ...] = ()
    passed: bool = False
    hopeless: bool = False


class Breaker:
    """Knows how many servers have gone bad of late. Thread-safe."""

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._fleet: set[Key] = set()
        self._bad: dict[Key, float] = {}

    def forget(self, key: Key) -> None:
        """Forget a server that is gone, or has no gates."""
        with self._lock:
            self._fleet.discard(key)
            self._bad.pop(key, None)

    def well(self, key: Key) -> None:
        """Note a server of which nothing is bad."""
        with self._lock:
            self._fleet.add(key)
            self._bad.pop(key, None)

    def bad(self, key: Key) -> bool:
        """Note a server that has gone bad; whether it may be believed."""
        with self._lock:
            now = self._clock()
            self._fleet.add(key)
            self._bad.setdefault(key, now)
            late = [other for other, since in self._bad.items() if other != key and now - since > _WINDOW]
            for other in late:
                del self._bad[other]
            return len(self._bad) < _LEAST or len(self._bad) <= _SHARE * len(self._fleet)


class Gatekeeper:
    """Looks at one MCPServer at a time, in one thread; `glance` is for any."""

    def __init__(self, writer: GateWriter, breaker: Breaker) -> None:
        self._writer = writer
        self._breaker = breaker

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone, or has no gates."""
        self._breaker.forget(key)

    def glance(self, key: Key, pod: Object) -> None:
        """Close a gate that was opened for another container, or by somebody else, before anything else happens."""
        gate = gates.glance(pod) if gates.is_gated(pod) else None
        if gate is not None:
            self._writer.want(key, pod, gate)

    def look(self, key: Key, server: Object, answers: t.Sequence[Answered]) -> Held | None:
        """Open and close the gates of an MCPServer's Pods; return why one that should be closed is held open.

        :param answers: of its Pods that have a gate.
        """
        opened = sum(gates.is_proved(one.pod) for one in answers)
        bad, held = False, None
        for pod, answer, question in answers:
            if answer is None:
                self.glance(key, pod)
            elif passes(answer, question):
                reason = "Validated" if answer["compliant"] else "AuthRequired"
                self._writer.want(key, pod, Gate(True, reason, gates.about(pod, _spoken(answer))))
            elif not gates.is_proved(pod):
                self._writer.want(key, pod, Gate(False, "ValidationFailed", gates.about(pod, _words(answer))))
            elif not is_transient(answer):
                bad = True
                why = self._why_not(key, server, opened)
                if why is None:
                    opened -= 1
                    self._writer.want(key, pod, Gate(False, "ValidationFailed", gates.about(pod, _words(answer))))
                held = held or why
        if answers and not bad:
            self._breaker.well(key)
        return held

    def _why_not(self, key: Key, server: Object, opened: int) -> Held | None:
        if not self._breaker.bad(key):
            return Held(HELD[0], "Too many servers have gone bad at once, so that no gate is closed.")
        if opened <= 1 and mapping(server["spec"], "validation").get("onFailure") != "remove":
            return Held(HELD[1], "It is the last one that serves; validation.onFailure: remove would close its gate.")
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
