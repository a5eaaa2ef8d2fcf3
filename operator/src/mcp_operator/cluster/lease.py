# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A Lease of the API server's: who holds it, and who may take it."""

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
    """Return the time as a ``MicroTime``. It is for people: nobody decides by it, since clocks differ and jump."""
    return format_time(dt.datetime.now(dt.UTC), micro=True)


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """What the Lease says.

    :param version: its resourceVersion; empty for a Lease that is not there.
    :param holder: who holds it; empty for nobody.
    :param seconds: for which it is held after each renewal.
    """

    version: str = ""
    holder: str = ""
    seconds: int = 0
    acquired: str = ""
    renewed: str = ""
    transitions: int = 0

    @property
    def content(self) -> tuple[str, str, int]:
        """What changes with each renewal, and not when somebody writes a label on the Lease."""
        return self.holder, self.renewed, self.transitions

    @classmethod
    def of(cls, found: t.Mapping[str, t.Any]) -> LeaseRecord:
        """Read a Lease. Any of its fields may be missing."""
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
        """Return the record without a holder, for anybody to take at once."""
        return replace(self, holder="", seconds=1)


class Lease:
    """One Lease, read and written with the API server's optimistic lock: of two who write, one fails.

    :param annotations: that the Lease is to carry while it is held, for whoever wants to know what its holder does.
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
        """Return what it says; an empty record where there is none.

        :raises KubeError: the API server does not say.
        """
        path = f"{self._collection}/{quote(self._name, safe='')}"
        try:
            return LeaseRecord.of(self._client.request("GET", path, what=f"read {self.what}", retry=False))
        except ApiNotFound:
            return LeaseRecord()

    def write(self, record: LeaseRecord) -> LeaseRecord:
        """Write it, if nobody has written it since it was read, and return what it says now.

        :raises ApiConflict: somebody has.
        :raises KubeError: it could not be written, or nobody knows whether it was.
        """
        metadata: dict[str, t.Any] = {"name": self._name, "annotations": self._annotations}
        method, path = "POST", self._collection
        if record.version:
            # A patch leaves alone what others have written on it, and the resourceVersion makes it fail if they have.
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
