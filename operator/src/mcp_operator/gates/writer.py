# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A Pod's gate: what its condition says now, and what it is to say; and who writes that."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, ApiNotFound, KubeError
from .._vendor._util import clean, format_time
from .._vendor._workload import names
from ..cluster.store import Key, Object
from ..workloads.container_ref import container_of

_log = logging.getLogger(__name__)

_CALLS = 8
_MESSAGE = 900


class GateState(t.NamedTuple):
    """What a gate says, or is to say, of one container."""

    open: bool
    reason: str
    message: str


def is_gated(pod: Object) -> bool:
    """Tell whether a Pod has a gate that we open."""
    return bool(pod["spec"].get("gated"))


def current_gate(pod: Object) -> GateState | None:
    """Return what a Pod's gate says now; None where nobody has said anything."""
    for entry in pod["status"].get("conditions") or []:
        if entry.get("type") == names.GATE:
            return GateState(entry.get("status") == "True", str(entry.get("reason")), str(entry.get("message")))
    return None


def message_for(pod: Object, text: str) -> str:
    """Return a message that names the container, and the image, that it is about."""
    container = container_of(pod)
    return clean(f"{container.get('containerID')} of {container.get('imageID')}: {text}", _MESSAGE)


def is_validated(pod: Object) -> bool:
    """Tell whether we have opened the gate for the very container that runs now."""
    gate, container = current_gate(pod), container_of(pod)
    if gate is None or not gate.open or not pod["status"].get("gateIsOurs"):
        return False
    return is_running(pod) and gate.message.startswith(
        f"{container.get('containerID')} of {container.get('imageID')}: "
    )


def stale_gate(pod: Object) -> GateState | None:
    """Return what a gate is to say at once, whoever else is still to be asked; None where it may stay as it is.

    A gate outlives the container that it was opened for, and the kubelet would make the Pod ready again.
    """
    gate = current_gate(pod)
    if gate is None or not gate.open or is_validated(pod):
        return None
    if not pod["status"].get("gateIsOurs"):
        return GateState(
            False, "SetByAnother", message_for(pod, "somebody else has opened the gate; it is proved anew.")
        )
    return GateState(False, "Unproven", message_for(pod, "another container was proved; this one is proved anew."))


def is_running(pod: Object) -> bool:
    """Tell whether the server's container runs, ready or not."""
    return "running" in (container_of(pod).get("state") or {})


class GateWriter:
    """Thread-safe. Of what is wanted of a Pod while something is on its way, the newest is written next.

    :param may_write: whether this process may still write; asked before each write.
    :param failed: is told whose Pod's gate could not be written.
    """

    def __init__(self, client: Client, may_write: t.Callable[[], bool], failed: t.Callable[[Key], None]) -> None:
        self._client = client
        self._may_write = may_write
        self._failed = failed
        self._lock = threading.Lock()
        self._wanted: dict[str, tuple[Key, Object, GateState]] = {}
        self._writing: set[str] = set()
        self._pool = ThreadPoolExecutor(_CALLS, thread_name_prefix="gates")

    def stop(self) -> None:
        """Write nothing any more; what is on its way arrives."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def request_update(self, owner: Key, pod: Object, gate: GateState) -> None:
        """Say what a Pod's gate is to say."""
        now = current_gate(pod)
        if now is not None and pod["status"].get("gateIsOurs") and now == gate:
            return
        uid = str(pod["metadata"]["uid"])
        with self._lock:
            self._wanted[uid] = (owner, pod, gate)
            if uid in self._writing:
                return
            self._writing.add(uid)
        with contextlib.suppress(RuntimeError):  # it was stopped
            self._pool.submit(self._work, uid)

    def _work(self, uid: str) -> None:
        while True:
            with self._lock:
                found = self._wanted.pop(uid, None)
                if found is None:
                    self._writing.discard(uid)
                    return
            owner, pod, gate = found
            try:
                if self._may_write():
                    self._write(pod, gate)
            except (ApiNotFound, ApiConflict):
                pass  # that Pod is gone
            except KubeError as exc:
                _log.warning("The gate of Pod %s/%s: %s", owner.namespace, pod["metadata"]["name"], exc)
                self._failed(owner)
            except Exception:
                _log.exception("The gate of Pod %s/%s cannot be written", owner.namespace, pod["metadata"]["name"])
                self._failed(owner)

    def _write(self, pod: Object, gate: GateState) -> None:
        meta = pod["metadata"]
        before = current_gate(pod)
        condition = {
            "type": names.GATE,
            "status": "True" if gate.open else "False",
            "reason": gate.reason,
            "message": gate.message,
        }
        since = _since(pod) if before is not None and before.open == gate.open else None
        condition["lastTransitionTime"] = since or format_time(dt.datetime.now(dt.UTC))
        manifest = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
            "status": {"conditions": [condition]},
        }
        self._client.apply(manifest, field_manager=names.GATE_MANAGER, subresource="status")


def _since(pod: Object) -> str | None:
    moments = (entry for entry in pod["status"].get("conditions") or [] if entry.get("type") == names.GATE)
    return next((str(entry["lastTransitionTime"]) for entry in moments if entry.get("lastTransitionTime")), None)
