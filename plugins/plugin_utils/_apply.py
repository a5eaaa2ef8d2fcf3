# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Applies MCPServers and what is made of them, many at once; each result stands alone."""

from __future__ import annotations

import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

import yaml

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.errors import ApiConflict, ApiNotFound, ForeignObject
from ..module_utils._kube.resources import describe
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import names
from ..module_utils._workload import server as workload
from ..module_utils._workload.mask import masked

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._render import Renderer

_THREADS = 8
# Controllers write the status of a new Deployment several times a second; each may cost one try.
_TRIES = 8
# How long the garbage collector may take with the objects of a deleted MCPServer of the same name, seconds.
_COLLECT_TIMEOUT = 30.0
# What the API server keeps about an object; nothing that a person changed.
_BOOKKEEPING = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink")


class Applier:
    """Applies MCPServers.

    :param default_resources: requests and limits for manifests that name none.
    :param dry_run: ask the API server what would change, and change nothing.
    """

    def __init__(
        self,
        client: Client,
        renderer: Renderer,
        *,
        default_namespace: str = "default",
        default_resources: t.Mapping[str, t.Any] | None = None,
        dry_run: bool = False,
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._namespace = default_namespace
        self._resources = default_resources
        self._dry_run = dry_run

    def apply_all(self, servers: t.Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
        """Apply the manifests of many hosts.

        :param servers: host name -> manifest.
        :return: host name -> result with ``changed``, ``failed``, ``msg``, ``objects``, ``diff``, ``warnings``;
            a result never raises.
        """
        with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="apply") as pool:
            return dict(zip(servers, pool.map(self._guarded, servers.values())))

    def _guarded(self, manifest: t.Any) -> dict[str, t.Any]:
        result: dict[str, t.Any] = {"changed": False, "failed": False, "objects": [], "diff": [], "warnings": []}
        try:
            self._apply(manifest, result)
        except McpKubernetesError as exc:
            result.update(failed=True, msg=str(exc), error=exc.to_dict())
        return result

    def _apply(self, manifest: t.Any, result: dict[str, t.Any]) -> None:
        wanted = manifests.check(manifest, self._namespace)
        server = self._apply_server(wanted, result)
        result["warnings"] = workload.warnings(server)
        result["namespace"], result["name"] = server["metadata"]["namespace"], server["metadata"]["name"]
        children = self._renderer.render(server, self._resources)
        for child in children:
            self._apply_child(child, server, result)
        if all(child["kind"] != "HorizontalPodAutoscaler" for child in children):
            self._remove_hpa(server, result)
        result["msg"] = ", ".join(f"{item['kind']} {item['action']}" for item in result["objects"])

    def _apply_server(self, wanted: dict[str, t.Any], result: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            before, after = self._write(wanted, names.DEPLOY_MANAGER, lambda: self._find(wanted))
        except ApiNotFound as exc:
            raise self._missing(exc, wanted["metadata"]["namespace"]) from None
        self._record(before, after, result)
        return after

    def _apply_child(self, child: dict[str, t.Any], server: t.Mapping[str, t.Any], result: dict[str, t.Any]) -> None:
        before, after = self._write(child, names.FIELD_MANAGER, lambda: self._owned(child, server))
        self._record(before, after, result)

    def _write(
        self, wanted: dict[str, t.Any], manager: str, find: t.Callable[[], dict[str, t.Any] | None]
    ) -> tuple[dict[str, t.Any] | None, dict[str, t.Any]]:
        """Apply an object and return it as it was and as it is.

        The version that was read is a condition of the write: what differs is then what *we* changed, and nobody can
        have put another object in its place meanwhile.
        """
        for attempt in range(_TRIES):
            before = find()
            body = wanted
            if before is not None:
                version = before["metadata"]["resourceVersion"]
                body = {**wanted, "metadata": {**wanted["metadata"], "resourceVersion": version}}
            try:
                return before, self._client.apply(body, field_manager=manager, dry_run=self._dry_run)
            except ApiConflict:
                continue
            except ApiNotFound:
                if before is not None and attempt + 1 < _TRIES:
                    continue  # deleted since it was read
                if not self._dry_run:
                    raise
                # Check mode: the namespace or the CustomResourceDefinition would be made first.
                return before, wanted
        raise ApiConflict(f"{describe(wanted)} changes faster than it can be applied.", "Run it again.")

    def _remove_hpa(self, server: t.Mapping[str, t.Any], result: dict[str, t.Any]) -> None:
        """Remove the autoscaler that an earlier generation asked for; somebody else's stays."""
        meta = server["metadata"]
        key = ("autoscaling/v2", "HorizontalPodAutoscaler", meta["namespace"], meta["name"])
        found = self._client.find(*key)
        if found is None or not _controlled_by(found, server):
            return
        if not self._dry_run:
            self._client.delete(*key)
        self._record({**found, "apiVersion": key[0], "kind": key[1]}, None, result)

    def _owned(self, child: dict[str, t.Any], server: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        """Return the object that exists, after making sure that it is this MCPServer's.

        :raises ForeignObject: it is somebody else's.
        """
        deadline = time.monotonic() + _COLLECT_TIMEOUT
        while True:
            found = self._find(child)
            if found is None or _controlled_by(found, server):
                return found
            owner = next((ref for ref in found["metadata"].get("ownerReferences") or [] if ref.get("controller")), None)
            earlier = owner and owner.get("kind") == names.KIND and owner.get("name") == server["metadata"]["name"]
            if not earlier or self._dry_run or time.monotonic() > deadline:
                text = f"it belongs to {owner['kind']} {owner['name']}" if owner else "it belongs to no MCPServer"
                raise ForeignObject(
                    f"{describe(child)} exists already and {text}.",
                    "It was left as it is. Delete or rename it, or give the MCPServer another name.",
                )
            # An MCPServer of this name was deleted a moment ago and the garbage collector is still at work.
            time.sleep(0.5)

    def _find(self, item: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        meta = item["metadata"]
        return self._client.find(item["apiVersion"], item["kind"], meta["namespace"], meta["name"])

    def _missing(self, exc: ApiNotFound, namespace: str) -> ApiNotFound:
        if "namespaces" in exc.seen:
            return ApiNotFound(
                f"The namespace {namespace} does not exist.",
                f"Create it: kubectl create namespace {namespace}; or run deploy with -e mcp_create_namespaces=true.",
                code="NAMESPACE_MISSING",
            )
        return ApiNotFound(
            "The cluster does not know MCPServers: their CustomResourceDefinition is not installed.",
            "Run deploy with -e mcp_install_crd=true (this needs cluster-admin), or let an administrator install it.",
            code="CRD_MISSING",
        )

    def _record(
        self, before: dict[str, t.Any] | None, after: dict[str, t.Any] | None, result: dict[str, t.Any]
    ) -> None:
        some = t.cast("dict[str, t.Any]", after or before)
        old, new = _plain(before), _plain(after)
        if before is None:
            action = "created"
        elif after is None:
            action = "deleted"
        elif self._dry_run:
            action = "unchanged" if old == new else "configured"
        else:
            same = before["metadata"].get("resourceVersion") == after["metadata"].get("resourceVersion")
            action = "unchanged" if same else "configured"
        result["objects"].append({"kind": some["kind"], "name": some["metadata"]["name"], "action": action})
        if action != "unchanged":
            result["changed"] = True
            header = describe(some)
            diff = {"before": _text(old), "after": _text(new), "before_header": header, "after_header": header}
            result["diff"].append(diff)


def _controlled_by(item: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> bool:
    uid = server["metadata"].get("uid")
    owners = item["metadata"].get("ownerReferences") or []
    return any(owner.get("controller") and owner.get("uid") == uid for owner in owners)


def _plain(item: dict[str, t.Any] | None) -> dict[str, t.Any] | None:
    """Return an object as a person would write it: no status, no bookkeeping, no secrets."""
    if item is None:
        return None
    meta = {key: value for key, value in item["metadata"].items() if key not in _BOOKKEEPING}
    plain = {key: value for key, value in item.items() if key != "status"}
    return t.cast("dict[str, t.Any]", masked({**plain, "metadata": meta}))


def _text(item: dict[str, t.Any] | None) -> str:
    if item is None:
        return ""
    return str(yaml.safe_dump(item, sort_keys=True, allow_unicode=True))
