# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Delete an MCPServer, or a workload without one, and wait until its objects are deleted."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ..module_utils._engine.served_kinds import ServedKinds
from ..module_utils._kube.errors import ApiForbidden, ApiNotFound
from ..module_utils._kube.resources import describe, path_of
from ..module_utils._workload import names
from ..module_utils._workload.objects import BACKEND_TLS_POLICY, OBJECTS
from ..module_utils._workload.ownership import controller_of, is_owned_by
from ._changes import record

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_PERIOD = 0.5  # seconds between two reads while objects are being deleted
_DEPLOYMENT, _REVISION = ("apps/v1", "Deployment"), ("apps/v1", "ControllerRevision")
# An older version of a kind, which a cluster can have alone.
_OLDER = ("gateway.networking.k8s.io/v1alpha3", BACKEND_TLS_POLICY)
KINDS = (*OBJECTS, _REVISION, _OLDER)

Object = dict[str, t.Any]
Result = dict[str, t.Any]


class Clock(t.Protocol):
    """The time, which tests replace."""

    def monotonic(self) -> float:
        """Return seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Deletion:
    """Deletes MCPServers of one cluster.

    :param wait_timeout: seconds to wait until the objects of one are deleted. 0 does not wait.
    :param dry_run: change nothing.
    """

    def __init__(self, client: Client, *, wait_timeout: float, dry_run: bool, clock: Clock = time) -> None:
        self._client = client
        self._served = ServedKinds(client)
        self._timeout = wait_timeout
        self._dry_run = dry_run
        self._clock = clock

    def delete(self, namespace: str, name: str) -> Result:
        """Delete one, and return ``changed``, ``failed``, ``msg``, ``objects`` and ``diff``.

        Without an MCPServer of that name, the objects that ``deploy`` applied without one are deleted.

        :raises KubeError: the API server did not answer, or rejected a request.
        """
        result: Result = {"changed": False, "failed": False, "objects": [], "diff": []}
        server = self._client.find(names.API_VERSION, names.KIND, namespace, name)
        named = f"MCPServer {namespace}/{name}"
        found = [server] if server else self._workload(namespace, name)
        if not found:
            return {**result, "msg": f"{named} does not exist."}
        for item in found:
            if not self._dry_run:
                self._delete(item)
            record(result, item, None, dry_run=self._dry_run)
        if self._dry_run:
            return {**result, "msg": f"{named} would be deleted."}
        left = self._left(found)
        if left:
            what = ", ".join(f"{item['kind']} {item['metadata']['name']}" for item in left)
            msg = f"After {self._timeout:g} s, still being deleted: {what} in {namespace}. See the finalizers."
            return {**result, "failed": True, "msg": msg}
        return {**result, "msg": f"{named} was deleted."}

    def _delete(self, item: Object) -> None:
        """Delete an object. It remains until the objects that it owns are deleted."""
        body = {"preconditions": {"uid": item["metadata"]["uid"]}, "propagationPolicy": "Foreground"}
        with contextlib.suppress(ApiNotFound):
            self._client.request("DELETE", path_of(item), what=f"delete {describe(item)}", body=body)

    def _workload(self, namespace: str, name: str) -> list[Object]:
        """Return the objects of a workload that was applied without an MCPServer."""
        if self._served.has(names.API_VERSION, names.KIND):
            # Such a workload is older than the CustomResourceDefinition, so it is rare: one request is enough.
            try:
                if not self._ours(*_DEPLOYMENT, namespace, name):
                    return []
            except ApiForbidden:
                return []
        return [item for version, kind in KINDS for item in self._ours(version, kind, namespace, name)]

    def _ours(self, version: str, kind: str, namespace: str, name: str) -> list[Object]:
        if not self._has(version, kind):
            return []
        selector = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY},{names.INSTANCE_LABEL}={name}"
        found = []
        for item in self._client.list(version, kind, namespace, labelSelector=selector):
            # A revision has the labels of its Deployment, and more field managers.
            ours = is_owned_by(item, {"metadata": {"name": name}}) or (version, kind) == _REVISION
            if ours and controller_of(item) is None:
                # An object of a list lacks its type.
                found.append({**item, "apiVersion": version, "kind": kind})
        return found

    def _has(self, version: str, kind: str) -> bool:
        """Tell whether the cluster has a kind: those of other projects need not be there."""
        return "/" not in version or "." not in version.partition("/")[0] or self._served.has(version, kind)

    def _left(self, deleted: t.Sequence[Object]) -> list[Object]:
        """Return what is still there when the time is over."""
        deadline = self._clock.monotonic() + self._timeout
        left = list(deleted) if self._timeout else []
        while left:
            left = [item for item in left if self._exists(item)]
            if not left or self._clock.monotonic() > deadline:
                return left
            self._clock.sleep(_PERIOD)
        return left

    def _exists(self, item: Object) -> bool:
        meta = item["metadata"]
        found = self._client.find(item["apiVersion"], item["kind"], meta["namespace"], meta["name"])
        # Another one of the same name is none of ours.
        return found is not None and found["metadata"]["uid"] == meta["uid"]
