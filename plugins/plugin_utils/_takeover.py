# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Takes MCPServers over from vitorbari/mcp-operator, which uses the same names and selectors, so its Pods can stay.

This changes no Pod: it changes the field managers of the objects and removes the finalizer. The first reconciliation by
this collection rolls the Pods.
"""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

import yaml

from ..module_utils._engine.operator_lease import OperatorLease, holds
from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.body import JsonPatch
from ..module_utils._kube.errors import ApiConflict, ApiNotFound, StillManaged
from ..module_utils._kube.resources import describe, object_path
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import names, ports
from ..module_utils._workload import server as workload
from ..module_utils._workload.field_managers import transfer_fields
from ..module_utils._workload.ownership import is_owned_by
from ..module_utils._workload.sidecar_options import proxied
from ._takeover_install import LEASE

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Item = dict[str, t.Any]
Patch = list[dict[str, t.Any]]

# The field manager of the reference operator: controller-runtime uses the name of the program, /manager.
THEIR_MANAGER = "manager"
THEIR_FINALIZER = f"{names.GROUP}/finalizer"
DEPLOYMENT = "mcp-operator-controller-manager"
_MANAGER = "mcp-kubernetes-takeover"
_KINDS = (
    ("v1", "ServiceAccount"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
)
# It scrapes the metrics of the proxy sidecar, by the labels and the port of the Service, which stay the same.
_MONITOR = ("monitoring.coreos.com/v1", "ServiceMonitor")
_THREADS = 8
_TRIES = 5


def require_stopped(client: Client, namespace: str) -> bool:
    """Check that the reference operator does not run, which would revert the takeover.

    :param namespace: of the reference operator.
    :return: whether its Deployment, which has the name of this collection's, still exists.
    :raises StillManaged: it runs.
    """
    lease = client.find("coordination.k8s.io/v1", "Lease", namespace, LEASE)
    stop = (
        f"Stop it: kubectl --namespace {namespace} scale deployment {DEPLOYMENT} --replicas=0; then run this again, at "
        "the earliest 15 seconds later. Do not delete its CustomResourceDefinition: all MCPServers would go with it."
    )
    if lease is not None and holds(lease):
        holder = str(lease["spec"]["holderIdentity"])
        raise StillManaged(f"The reference operator runs: {holder} holds its Lease {namespace}/{LEASE}.", stop)
    deployment = client.find("apps/v1", "Deployment", namespace, DEPLOYMENT)
    if deployment is None or is_ours(deployment):
        return False
    if deployment["spec"].get("replicas", 1):
        raise StillManaged(
            f"The reference operator is not stopped: its Deployment {namespace}/{DEPLOYMENT} has replicas.", stop
        )
    return True


def is_ours(deployment: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a Deployment of the operator's name runs this collection's operator."""
    containers = deployment["spec"]["template"]["spec"].get("containers") or []
    return any((container.get("args") or [""])[0] == "run" for container in containers)


class Takeover:
    """Takes MCPServers over.

    :param dry_run: only return what would be changed.
    """

    def __init__(self, client: Client, *, dry_run: bool = False) -> None:
        self._client = client
        self._operator = OperatorLease(client)
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
        if self._operator.manages(meta["namespace"]):
            raise StillManaged(
                f"This collection's operator manages {meta['namespace']} already and would not see the change.",
                f"Scale its Deployment {names.OPERATOR_NAMESPACE}/{DEPLOYMENT} to 0, run this, and scale it back.",
            )
        # The manifest is checked before anything is written.
        result["warnings"] = workload.warnings(server)
        clients = _Clients(workload.template_context(server)["service"]["port"], None)
        for api_version, kind in _KINDS:
            found = self._child(api_version, kind, server)
            if found is None:
                continue
            if kind == "Service":
                clients = _clients_of(found, clients)
            self._write(api_version, kind, server, _child_patch, result)
        self._remove(server, result)
        # Last: the finalizer shows that an interrupted takeover is not complete.
        self._write(names.API_VERSION, names.KIND, server, lambda item: _server_patch(item, clients), result)
        result["msg"] = ", ".join(f"{item['kind']} {item['action']}" for item in result["objects"])

    def _child(self, api_version: str, kind: str, server: Item) -> Item | None:
        """Return the object of the MCPServer's name if the MCPServer owns it, else None."""
        meta = server["metadata"]
        found = self._client.find(api_version, kind, meta["namespace"], meta["name"])
        return found if found is not None and is_owned_by(found, server) else None

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
            # The object must be the one that was read, and unchanged since.
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
                return  # its deletion waited for the finalizer only
            _record(result, {"apiVersion": api_version, "kind": kind, "metadata": meta}, "configured", before, after)
            return
        text = f"{kind} {meta['namespace']}/{meta['name']} changes faster than it can be taken over."
        raise ApiConflict(text, "See its field managers with --show-managed-fields, and run this again.")

    def _remove(self, server: Item, result: Item) -> None:
        api_version, kind = _MONITOR
        found = self._child(api_version, kind, server)
        if found is None:
            return
        meta = found["metadata"]
        if _still_scrapes(found, server):
            result["objects"].append({"kind": kind, "name": meta["name"], "action": "unchanged"})
            return
        if not self._dry_run:
            self._client.delete(api_version, kind, meta["namespace"], meta["name"], uid=str(meta["uid"]))
        item = {"apiVersion": api_version, "kind": kind, "metadata": meta}
        _record(result, item, "deleted", {"spec": found.get("spec")}, {})


def _still_scrapes(monitor: Item, server: Item) -> bool:
    """Tell whether a ServiceMonitor finds metrics: they are served over plain HTTP, also by the other operator."""
    endpoints = (monitor.get("spec") or {}).get("endpoints") or []
    enabled = (server["spec"].get("metrics") or {}).get("enabled")
    return bool(enabled) and all(endpoint.get("scheme") != "https" for endpoint in endpoints)


def _child_patch(item: Item) -> tuple[Patch, Item, Item]:
    entries = item["metadata"].get("managedFields") or []
    handed = transfer_fields(entries, THEIR_MANAGER, names.FIELD_MANAGER)
    if handed is None:
        return [], {}, {}
    patch = [{"op": "replace", "path": "/metadata/managedFields", "value": handed}]
    return patch, {"managers": _managers(entries)}, {"managers": _managers(handed)}


class _Clients(t.NamedTuple):
    """Where clients connect.

    :param port: of the Service.
    :param target: the port of the Pods by number; None for another kind of target.
    """

    port: int
    target: int | None


def _server_patch(item: Item, clients: _Clients) -> tuple[Patch, Item, Item]:
    """Return the patch of an MCPServer, and its changed fields before and after."""
    patch: Patch = []
    before: Item = {}
    after: Item = {}
    meta, spec = item["metadata"], item["spec"]
    entries = meta.get("managedFields") or []
    handed = transfer_fields(entries, THEIR_MANAGER, names.STATUS_MANAGER, subresource="status")
    if handed is not None:
        patch.append({"op": "replace", "path": "/metadata/managedFields", "value": handed})
        before["managers"], after["managers"] = _managers(entries), _managers(handed)
    finalizers = meta.get("finalizers") or []
    if THEIR_FINALIZER in finalizers:
        rest = [name for name in finalizers if name != THEIR_FINALIZER]
        patch.append({"op": "replace", "path": "/metadata/finalizers", "value": rest})
        before["finalizers"], after["finalizers"] = finalizers, rest
    own = spec.get("service") or {}
    service: Item = {}
    # The reference operator ignores this field, which its CustomResourceDefinition sets by default.
    if workload.template_context(item)["service"]["port"] != clients.port:
        service["port"] = clients.port
    # By the name of the port, the Service would forward to the server of Pods that are not replaced yet, past their
    # sidecar: the reference operator gives that name to the port of the server.
    if proxied(spec) and not own.get("targetPort") and clients.target == ports.served_port(item):
        service["targetPort"] = clients.target
    if service:
        patch.append({"op": "add", "path": "/spec/service", "value": {**own, **service}})
        before.update({f"spec.service.{field}": own.get(field) for field in service})
        after.update({f"spec.service.{field}": value for field, value in service.items()})
    return patch, before, after


def _clients_of(service: Item, default: _Clients) -> _Clients:
    """Return where clients connect now."""
    for entry in service["spec"].get("ports") or []:
        if entry.get("name") == names.PORT_NAME:
            target = entry.get("targetPort")
            return _Clients(int(entry["port"]), target if isinstance(target, int) else None)
    return default


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
