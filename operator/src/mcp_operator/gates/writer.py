# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reads and writes the readiness gate of a Pod: the condition that must be true before the Pod becomes ready."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import typing as t

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, ApiNotFound, KubeError
from .._vendor._util import clean, format_time
from .._vendor._workload import names
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..workloads.container_ref import container_of
from ..workqueue import Workers, WorkQueue

_log = logging.getLogger(__name__)

_WRITERS = 8
# Seconds that shutting down waits for requests that are under way; the client gives up each by itself.
_SHUTDOWN = 30.0
# Characters of a condition's message.
_MESSAGE = 900


class GateState(t.NamedTuple):
    """The condition of a gate."""

    open: bool
    reason: str
    message: str


class _PodKey(t.NamedTuple):
    namespace: str
    uid: str


class _Update(t.NamedTuple):
    owner: Key
    pod: Object
    gate: GateState
    change: str


def is_gated(pod: Object) -> bool:
    """Tell whether a Pod has the readiness gate of this operator."""
    return bool(pod["spec"].get("gated"))


def current_gate(pod: Object) -> GateState | None:
    """Return the state of a Pod's gate; None while the condition is missing."""
    for entry in pod["status"].get("conditions") or []:
        if entry.get("type") == names.GATE:
            return GateState(entry.get("status") == "True", str(entry.get("reason")), str(entry.get("message")))
    return None


def message_for(pod: Object, text: str) -> str:
    """Return a message that names the container and the image that it is about."""
    container = container_of(pod)
    return clean(f"{container.get('containerID')} of {container.get('imageID')}: {text}", _MESSAGE)


def is_validated(pod: Object) -> bool:
    """Tell whether this operator has opened the gate for the container that runs now."""
    gate, container = current_gate(pod), container_of(pod)
    if gate is None or not gate.open or not pod["status"].get("gateIsOurs"):
        return False
    return is_running(pod) and gate.message.startswith(
        f"{container.get('containerID')} of {container.get('imageID')}: "
    )


def stale_gate(pod: Object) -> GateState | None:
    """Return the state that a gate must have at once, before validation; None if it may stay as it is.

    A gate outlives the container that it was opened for, and the kubelet would make the Pod ready again.
    """
    gate = current_gate(pod)
    if gate is None or not gate.open or is_validated(pod):
        return None
    if not pod["status"].get("gateIsOurs"):
        text = "The readiness gate was set by another client; revalidating."
        return GateState(False, "SetByAnother", message_for(pod, text))
    return GateState(False, "Unproven", message_for(pod, "Another container was validated; validating this one."))


def is_running(pod: Object) -> bool:
    """Tell whether the server's container is running, ready or not."""
    return "running" in (container_of(pod).get("state") or {})


class GateWriter:
    """Writes the gates of Pods, from `start` to `stop`. Thread-safe.

    Of several updates that are requested for one Pod before one is written, only the newest is written.

    :param may_write: whether this process leads; called before each write.
    :param on_failure: is called with the owner of a Pod whose gate was not written. The update is not repeated: by
        then another state may be right.
    """

    def __init__(
        self,
        client: Client,
        may_write: t.Callable[[], bool],
        on_failure: t.Callable[[Key], None],
        clock: Clock = SYSTEM,
    ) -> None:
        self._client = client
        self._may_write = may_write
        self._on_failure = on_failure
        self._clock = clock
        self._lock = threading.Lock()
        self._updates: dict[_PodKey, _Update] = {}
        self.queue = WorkQueue[_PodKey](flow=lambda key: key.namespace, clock=clock)
        self._workers = Workers("gates", self.queue, self._write_next, count=_WRITERS, clock=clock)

    @property
    def last_turn(self) -> float:
        """When the workers last turned, in monotonic seconds."""
        return self._workers.last_turn

    def start(self) -> None:
        """Start writing."""
        self._workers.start()

    def stop(self) -> None:
        """Stop writing. Requests that are under way are awaited."""
        self.queue.shut_down()
        self._workers.join(_SHUTDOWN)

    def request_update(self, owner: Key, pod: Object, gate: GateState, change: str = "") -> None:
        """Request a readiness-gate update for a Pod.

        :param owner: the MCPServer that the Pod belongs to.
        :param change: a sentence about the last change of its manifest, for the log.
        """
        now = current_gate(pod)
        if now is not None and pod["status"].get("gateIsOurs") and now == gate:
            return
        key = _PodKey(owner.namespace, str(pod["metadata"]["uid"]))
        with self._lock:
            self._updates[key] = _Update(owner, pod, gate, change)
        self.queue.add(key)

    def _write_next(self, key: _PodKey) -> None:
        with self._lock:
            update = self._updates.pop(key, None)
        if update is None:
            return
        if not self._may_write():
            self._on_failure(update.owner)
            return
        try:
            self._write(update.pod, update.gate)
            _log_update(update)
        except (ApiNotFound, ApiConflict):
            pass  # the Pod is gone
        except Exception as exc:
            name = f"{update.owner.namespace}/{update.pod['metadata']['name']}"
            if isinstance(exc, KubeError):
                _log.warning("Failed to write the readiness gate of Pod %s: %s", name, exc)
            else:
                _log.exception("Failed to write the readiness gate of Pod %s", name)
            self._on_failure(update.owner)

    def _write(self, pod: Object, gate: GateState) -> None:
        meta = pod["metadata"]
        before = current_gate(pod)
        condition = {
            "type": names.GATE,
            "status": "True" if gate.open else "False",
            "reason": gate.reason,
            "message": gate.message,
        }
        since = _transition_time(pod) if before is not None and before.open == gate.open else None
        condition["lastTransitionTime"] = since or format_time(dt.datetime.fromtimestamp(self._clock.epoch(), dt.UTC))
        manifest = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
            "status": {"conditions": [condition]},
        }
        self._client.apply(manifest, field_manager=names.GATE_MANAGER, subresource="status")


def _log_update(update: _Update) -> None:
    meta, gate = update.pod["metadata"], update.gate
    state = "opened" if gate.open else "closed"
    name = f"{update.owner.namespace}/{meta['name']}"
    _log.info("The readiness gate of Pod %s is %s: %s: %s %s", name, state, gate.reason, gate.message, update.change)


def _transition_time(pod: Object) -> str | None:
    gates = (entry for entry in pod["status"].get("conditions") or [] if entry.get("type") == names.GATE)
    return next((str(entry["lastTransitionTime"]) for entry in gates if entry.get("lastTransitionTime")), None)
