# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether an operator answers for a namespace: then it alone makes the workload and writes the status."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from ..module_utils._kube.errors import ApiForbidden
from ..module_utils._util import parse_time
from ..module_utils._workload import names
from ..module_utils._workload.shard import lease_of

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# Where the Lease does not say how long it holds.
_DEFAULT_SECONDS = 15
# For so long an answer counts: an operator may begin or end while a playbook waits.
_FRESH = 2.0


class Answering:
    """Asks again and again whether an operator answers, and the API server no more often than it must."""

    def __init__(self, client: Client, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    def answers(self, namespace: str) -> bool:
        """Tell whether an operator answers for a namespace now."""
        asked, found = self._known.get(namespace, (float("-inf"), False))
        if self._clock() - asked >= _FRESH:
            found = answers(self._client, namespace)
            self._known[namespace] = (self._clock(), found)
        return found


def answers(client: Client, namespace: str, now: dt.datetime | None = None) -> bool:
    """Tell whether an operator holds a fresh Lease and watches the namespace.

    Who may not read the Lease is told that there is none: a tenant without an operator is the common case, and an
    operator lets everybody read its Lease.
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
    """Tell whether somebody holds a Lease, and has said so lately."""
    spec = lease.get("spec") or {}
    if not spec.get("holderIdentity") or not spec.get("renewTime"):
        return False
    renewed = parse_time(spec["renewTime"])
    if renewed is None:
        return False
    seconds = int(spec.get("leaseDurationSeconds") or _DEFAULT_SECONDS)
    return ((now or dt.datetime.now(dt.timezone.utc)) - renewed).total_seconds() < seconds
