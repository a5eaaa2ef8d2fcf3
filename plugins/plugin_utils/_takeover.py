# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Takes a fleet over from vitorbari/mcp-operator, whose names and selectors are ours, so that its Pods can stay.

Nothing that runs is touched here: what is written is whose the fields are, and that its finalizer is gone. The roll of
the Pods comes with the first reconciliation by this collection.
"""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

import yaml

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.body import JsonPatch
from ..module_utils._kube.errors import ApiConflict, ApiNotFound, StillManaged
from ..module_utils._kube.resources import describe, object_path
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import names
from ..module_utils._workload import server as workload
from ..module_utils._workload.managers import handed_over
from ..module_utils._workload.ownership import ours
from ._operator import Answering, holds

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Item = dict[str, t.Any]
Patch = list[dict[str, t.Any]]

# What the reference operator's client is called by controller-runtime: after its program, /manager.
THEIR_MANAGER = "manager"
THEIR_FINALIZER = f"{names.GROUP}/finalizer"
THEIR_LEASE = "4058338e.mcp-operator.io"
DEPLOYMENT = "mcp-operator-controller-manager"
_MANAGER = "mcp-kubernetes-takeover"
_KINDS = (
    ("v1", "ServiceAccount"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
)
# Of its proxy's metrics. Nothing here makes that proxy, so that this would look for a port that is not there.
_MONITOR = ("monitoring.coreos.com/v1", "ServiceMonitor")
_THREADS = 8
_TRIES = 5


def require_stopped(client: Client, namespace: str) -> bool:
    """Refuse to work beside another operator, which would write everything back.

    :param namespace: where the reference operator was installed.
    :return: whether its Deployment is still there, where ours is to be.
    :raises StillManaged: it runs.
    """
    lease = client.find("coordination.k8s.io/v1", "Lease", namespace, THEIR_LEASE)
    stop = (
        f"Stop it: kubectl --namespace {namespace} scale deployment {DEPLOYMENT} --replicas=0; then run this again, at "
        "the earliest 15 seconds later. Do not delete its CustomResourceDefinition: all MCPServers would go with it."
    )
    if lease is not None and holds(lease):
        holder = str(lease["spec"]["holderIdentity"])
        raise StillManaged(f"The reference operator runs: {holder} holds its Lease {namespace}/{THEIR_LEASE}.", stop)
    deployment = client.find("apps/v1", "Deployment", namespace, DEPLOYMENT)
    if deployment is None or is_ours(deployment):
        return False
    if deployment["spec"].get("replicas", 1):
        raise StillManaged(
            f"The reference operator is to run: its Deployment {namespace}/{DEPLOYMENT} wants Pods.", stop
        )
    return True


def is_ours(deployment: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a Deployment of the operator's name runs this collection's operator."""
    containers = deployment["spec"]["template"]["spec"].get("containers") or []
    return any((container.get("args") or [""])[0] == "run" for container in containers)


class Takeover:
    """Takes MCPServers over.

    :param dry_run: only say what would be done.
    """

    def __init__(self, client: Client, *, dry_run: bool = False) -> None:
        self._client = client
        self._operator = Answering(client)
        self._dry_run = dry_run

    def take_all(self, servers: t.Mapping[str, t.Any]) -> dict[str, Item]:
        """Take the MCPServers of many hosts over.

        :param servers: host name -> MCPServer as the API server has it.
        :return: host name -> result with ``changed``, ``failed``, ``msg``, ``objects``, ``diff``, ``warnings``.
        """
        with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="takeover") as pool:
            return dict(zip(servers, pool.map(self._guarded, servers.values())))

    def _guarded(self, server: t.Any) -> Item:
        result: Item = {"changed": False, "failed": False, "objects": [], "diff": [], "warnings": []}
        try:
            self._take(manifests.check(server), result)
        except McpKubernetesError as exc:
            result.update(failed=True, msg=str(exc), error=exc.to_dict())
        return result

    def _take(self, server: Item, result: Item) -> None:
        meta = server["metadata"]
        result["namespace"], result["name"] = meta["namespace"], meta["name"]
        if self._operator.answers(meta["namespace"]):
            raise StillManaged(
                f"This collection's operator answers for {meta['namespace']} already, and would not notice the change.",
                f"Scale its Deployment {names.OPERATOR_NAMESPACE}/{DEPLOYMENT} to 0, run this, and scale it back.",
            )
        # What it would be made of is checked before anything is written.
        result["warnings"] = workload.warnings(server)
        port = workload.template_context(server)["service"]["port"]
        for api_version, kind in _KINDS:
            found = self._child(api_version, kind, server)
            if found is None:
                continue
            if kind == "Service":
                port = _port_of(found, port)
            self._write(api_version, kind, server, _child_patch, result)
        self._remove(server, result)
        # Last: until it is gone, a run that ended half way is seen by it.
        self._write(names.API_VERSION, names.KIND, server, lambda item: _server_patch(item, port), result)
        result["msg"] = ", ".join(f"{item['kind']} {item['action']}" for item in result["objects"])

    def _child(self, api_version: str, kind: str, server: Item) -> Item | None:
        """Return an object of the MCPServer's name if it was made of it; somebody else's is none."""
        meta = server["metadata"]
        found = self._client.find(api_version, kind, meta["namespace"], meta["name"])
        return found if found is not None and ours(found, server) else None

    def _write(
        self,
        api_version: str,
        kind: str,
        server: Item,
        patch_of: t.Callable[[Item], tuple[Patch, Item, Item]],
        result: Item,
    ) -> None:
        meta = server["metadata"]
        for _attempt in range(_TRIES):
            found = self._client.find(api_version, kind, meta["namespace"], meta["name"])
            if found is None:
                return
            patch, before, after = patch_of(found)
            if not patch:
                result["objects"].append({"kind": kind, "name": meta["name"], "action": "unchanged"})
                return
            # Both that the object is the one that was read, and that nobody wrote since.
            guard = [
                {"op": "test", "path": "/metadata/uid", "value": found["metadata"]["uid"]},
                {"op": "replace", "path": "/metadata/resourceVersion", "value": found["metadata"]["resourceVersion"]},
            ]
            try:
                if not self._dry_run:
                    self._client.request(
                        "PATCH",
                        object_path(api_version, kind, meta["namespace"], meta["name"]),
                        what=f"take {kind} {meta['namespace']}/{meta['name']} over",
                        body=JsonPatch([*guard, *patch]),
                        query={"fieldManager": _MANAGER},
                    )
            except ApiConflict:
                continue
            except ApiNotFound:
                return  # it was about to be deleted, and its finalizer is what it waited for
            _record(result, {"apiVersion": api_version, "kind": kind, "metadata": meta}, "configured", before, after)
            return
        text = f"{kind} {meta['namespace']}/{meta['name']} changes faster than it can be taken over."
        raise ApiConflict(text, "Look who writes it, and run it again.")

    def _remove(self, server: Item, result: Item) -> None:
        api_version, kind = _MONITOR
        found = self._child(api_version, kind, server)
        if found is None:
            return
        meta = found["metadata"]
        if not self._dry_run:
            self._client.delete(api_version, kind, meta["namespace"], meta["name"], uid=str(meta["uid"]))
        item = {"apiVersion": api_version, "kind": kind, "metadata": meta}
        _record(result, item, "deleted", {"spec": found.get("spec")}, {})


def _child_patch(item: Item) -> tuple[Patch, Item, Item]:
    entries = item["metadata"].get("managedFields") or []
    handed = handed_over(entries, THEIR_MANAGER, names.FIELD_MANAGER)
    if handed is None:
        return [], {}, {}
    patch = [{"op": "replace", "path": "/metadata/managedFields", "value": handed}]
    return patch, {"managers": _managers(entries)}, {"managers": _managers(handed)}


def _server_patch(item: Item, port: int) -> tuple[Patch, Item, Item]:
    """Return what an MCPServer is changed by.

    :param port: of its Service, which clients use.
    """
    patch: Patch = []
    before: Item = {}
    after: Item = {}
    meta, spec = item["metadata"], item["spec"]
    entries = meta.get("managedFields") or []
    handed = handed_over(entries, THEIR_MANAGER, names.STATUS_MANAGER, subresource="status")
    if handed is not None:
        patch.append({"op": "replace", "path": "/metadata/managedFields", "value": handed})
        before["managers"], after["managers"] = _managers(entries), _managers(handed)
    finalizers = meta.get("finalizers") or []
    if THEIR_FINALIZER in finalizers:
        rest = [name for name in finalizers if name != THEIR_FINALIZER]
        patch.append({"op": "replace", "path": "/metadata/finalizers", "value": rest})
        before["finalizers"], after["finalizers"] = finalizers, rest
    # It never read this field, and had its CustomResourceDefinition fill it in.
    wanted = workload.template_context(item)["service"]["port"]
    if wanted != port:
        own = spec.get("service") or {}
        patch.append({"op": "add", "path": "/spec/service", "value": {**own, "port": port}})
        before["spec.service.port"], after["spec.service.port"] = own.get("port"), port
    return patch, before, after


def _port_of(service: Item, wanted: int) -> int:
    """Return the port by which clients reach the server now."""
    ports = service["spec"].get("ports") or []
    found = next((entry["port"] for entry in ports if entry.get("name") == names.PORT_NAME), wanted)
    return int(found)


def _managers(entries: t.Sequence[t.Mapping[str, t.Any]]) -> list[str]:
    return [f"{entry.get('manager')}, {_how(entry)}" for entry in entries]


def _how(entry: t.Mapping[str, t.Any]) -> str:
    part = entry.get("subresource")
    return f"{entry.get('operation')} of {part}" if part else str(entry.get("operation"))


def _record(result: Item, item: Item, action: str, before: Item, after: Item) -> None:
    result["objects"].append({"kind": item["kind"], "name": item["metadata"]["name"], "action": action})
    result["changed"] = True
    header = describe(item)
    text = {"before": _text(before), "after": _text(after), "before_header": header, "after_header": header}
    result["diff"].append(text)


def _text(item: Item) -> str:
    return str(yaml.safe_dump(item, sort_keys=True, allow_unicode=True)) if item else ""
