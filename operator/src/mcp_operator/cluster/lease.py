# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read and write a Lease."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, replace
from urllib.parse import quote

from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound
from .._vendor._util import format_time

_ROOT = "/apis/coordination.k8s.io/v1/namespaces"


def _now() -> str:
    """Return the time as a ``MicroTime``. It is informational: clocks differ, so nothing is decided by it."""
    return format_time(dt.datetime.now(dt.UTC), micro=True)


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """The content of a Lease.

    :param version: its resourceVersion; empty if the Lease does not exist.
    :param holder: the identity of the holder; empty for none.
    :param seconds: its duration after each renewal.
    """

    version: str = ""
    holder: str = ""
    seconds: int = 0
    acquired: str = ""
    renewed: str = ""
    transitions: int = 0

    @property
    def content(self) -> tuple[str, str, int]:
        """What changes with each renewal, but not with the labels or annotations of the Lease."""
        return self.holder, self.renewed, self.transitions

    @classmethod
    def of(cls, found: t.Mapping[str, t.Any]) -> LeaseRecord:
        """Return the content of a Lease object. Any of its fields may be missing."""
        spec = found.get("spec") or {}
        return cls(
            version=str(found["metadata"].get("resourceVersion", "")),
            holder=spec.get("holderIdentity") or "",
            seconds=spec.get("leaseDurationSeconds") or 0,
            acquired=spec.get("acquireTime") or "",
            renewed=spec.get("renewTime") or "",
            transitions=spec.get("leaseTransitions") or 0,
        )

    def taken(self, by: str, seconds: int) -> LeaseRecord:
        """Return the record with another holder."""
        transitions = self.transitions + 1 if self.version else 0
        return replace(self, holder=by, seconds=seconds, acquired=_now(), transitions=transitions)

    def released(self) -> LeaseRecord:
        """Return the record without a holder, so that any candidate can acquire the Lease at once."""
        return replace(self, holder="", seconds=1)


class Lease:
    """One Lease, written with optimistic locking: of two concurrent writes, one fails.

    :param annotations: annotations of the Lease while it is held, which describe its holder.
    """

    def __init__(
        self, client: Client, namespace: str, name: str, annotations: t.Mapping[str, str] | None = None
    ) -> None:
        self._client = client
        self._namespace = namespace
        self._name = name
        self._annotations = dict(annotations or {})
        self._collection = f"{_ROOT}/{quote(namespace, safe='')}/leases"
        self.what = f"Lease {namespace}/{name}"

    def read(self) -> LeaseRecord:
        """Return the content of the Lease; an empty record if it does not exist.

        :raises KubeError: it could not be read.
        """
        path = f"{self._collection}/{quote(self._name, safe='')}"
        try:
            return LeaseRecord.of(self._client.request("GET", path, what=f"read {self.what}", retry=False))
        except ApiNotFound:
            return LeaseRecord()

    def write(self, record: LeaseRecord) -> LeaseRecord:
        """Write the Lease if it is unchanged since it was read, and return its new content.

        :raises ApiConflict: it has changed.
        :raises KubeError: the write failed, or its result is unknown.
        """
        metadata: dict[str, t.Any] = {"name": self._name, "annotations": self._annotations}
        method, path = "POST", self._collection
        if record.version:
            # A patch keeps labels and annotations of other clients; the resourceVersion makes it fail after a change.
            metadata["resourceVersion"] = record.version
            method, path = "PATCH", f"{self._collection}/{quote(self._name, safe='')}"
        body = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": metadata,
            "spec": {
                "holderIdentity": record.holder,
                "leaseDurationSeconds": record.seconds,
                "acquireTime": record.acquired or _now(),
                "renewTime": _now(),
                "leaseTransitions": record.transitions,
            },
        }
        if method == "PATCH":
            body = MergePatch(body)
        what = f"write {self.what}"
        return LeaseRecord.of(self._client.request(method, path, what=what, body=body, retry=False))
