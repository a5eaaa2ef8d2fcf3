# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether an operator manages a namespace: then it alone applies workloads and writes the status."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from .._kube.errors import ApiForbidden
from .._util import parse_time
from .._workload import names
from .._workload.shard import lease_of

if t.TYPE_CHECKING:
    from .._kube.client import Client

# For a Lease without a duration, seconds.
_DEFAULT_SECONDS = 15
# Seconds for which a result is cached. An operator may start or stop while a playbook waits.
_FRESH = 2.0


class OperatorLease:
    """The operator's Lease, cached for a short time."""

    def __init__(self, client: Client, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    def manages(self, namespace: str) -> bool:
        """Tell whether an operator manages a namespace now."""
        asked, found = self._known.get(namespace, (float("-inf"), False))
        if self._clock() - asked >= _FRESH:
            found = is_managed(self._client, namespace)
            self._known[namespace] = (self._clock(), found)
        return found


def is_managed(client: Client, namespace: str, now: dt.datetime | None = None) -> bool:
    """Tell whether an operator holds a valid Lease and watches the namespace.

    False if reading the Lease is forbidden: the operator's Role allows every user to read it.
    """
    try:
        lease = _lease(client, names.OPERATOR_LEASE)
        name = lease_of(namespace, lease)
        if name != names.OPERATOR_LEASE:
            lease = _lease(client, name)
    except ApiForbidden:
        return False
    if lease is None or not holds(lease, now):
        return False
    watched = (lease["metadata"].get("annotations") or {}).get(names.WATCHED_ANNOTATION, "")
    return not watched or namespace in {name.strip() for name in watched.split(",")}


def _lease(client: Client, name: str) -> dict[str, t.Any] | None:
    return client.find("coordination.k8s.io/v1", "Lease", names.OPERATOR_NAMESPACE, name)


def holds(lease: t.Mapping[str, t.Any], now: dt.datetime | None = None) -> bool:
    """Tell whether a Lease has a holder and has not expired."""
    spec = lease.get("spec") or {}
    if not spec.get("holderIdentity") or not spec.get("renewTime"):
        return False
    renewed = parse_time(spec["renewTime"])
    if renewed is None:
        return False
    seconds = int(spec.get("leaseDurationSeconds") or _DEFAULT_SECONDS)
    return ((now or dt.datetime.now(dt.timezone.utc)) - renewed).total_seconds() < seconds


def unmanaged(namespace: str) -> str:
    """Return the message for an MCPServer in a namespace that no operator manages."""
    return (
        f"No operator in the namespace {names.OPERATOR_NAMESPACE} manages the namespace {namespace}. Install the"
        f" operator, add {namespace} to its watchNamespaces, or apply the workload with the playbook deploy."
    )


def is_unobserved(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the status of an MCPServer is not about its generation."""
    observed = (server.get("status") or {}).get("observedGeneration")
    return observed is None or observed != server["metadata"].get("generation")
