# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Remembers what the Pods of each MCPServer are validated against."""

from __future__ import annotations

import typing as t

from .._vendor._workload.probe_spec import ProbeSpec, probe_spec
from ..cluster.store import Key, Object
from ..workloads.snapshot import generation


class _Applied(t.NamedTuple):
    """A probe specification, and the uid and the generation of the MCPServer that it is of."""

    uid: str
    generation: int
    spec: ProbeSpec


class AppliedSpecs:
    """The probe specifications of the manifests that were applied last. For one thread.

    An MCPServer is observed some twenty times while its Pods start, and its specification is computed once.
    """

    def __init__(self) -> None:
        self._applied: dict[Key, _Applied] = {}

    def record(self, key: Key, server: Object) -> None:
        """Record that the manifest of an MCPServer is applied."""
        uid, number = str(server["metadata"].get("uid")), generation(server)
        known = self._applied.get(key)
        if known is None or (known.uid, known.generation) != (uid, number):
            self._applied[key] = _Applied(uid, number, probe_spec(server))

    def of(self, key: Key) -> ProbeSpec | None:
        """Return the specification of the manifest that was applied last; None if it is not known."""
        known = self._applied.get(key)
        return None if known is None else known.spec

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._applied.pop(key, None)
