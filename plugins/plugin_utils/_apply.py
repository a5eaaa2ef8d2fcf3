# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Applies MCPServers and what is made of them, many at once; each result stands alone."""

from __future__ import annotations

import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.errors import ApiConflict, ApiNotFound, ForeignObject
from ..module_utils._kube.resources import describe
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import names, scaling
from ..module_utils._workload import server as workload
from ..module_utils._workload.children import AUTOSCALER, OPTIONAL
from ..module_utils._workload.ownership import controller_of, of_an_earlier, ours
from ._changes import record
from ._config import config_hash
from ._missing import missing
from ._modes import OBJECT, STANDALONE, Modes
from ._scaling import adopt, hand_over, leaves_replicas

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._render import Renderer

_THREADS = 8
# Controllers write the status of a new Deployment several times a second; each may cost one try.
_TRIES = 8
# How long the garbage collector may take with the objects of a deleted MCPServer of the same name, seconds.
_COLLECT_TIMEOUT = 30.0


class Applier:
    """Applies MCPServers.

    :param default_resources: requests and limits for manifests that name none.
    :param modes: who makes the workload.
    :param dry_run: ask the API server what would change, and change nothing.
    """

    def __init__(
        self,
        client: Client,
        renderer: Renderer,
        modes: Modes,
        *,
        default_namespace: str = "default",
        default_resources: t.Mapping[str, t.Any] | None = None,
        dry_run: bool = False,
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._modes = modes
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
        result["namespace"], result["name"] = wanted["metadata"]["namespace"], wanted["metadata"]["name"]
        result["mode"] = self._modes.of(result["namespace"])
        server = self._apply_server(wanted, result)
        result["warnings"] = workload.warnings(server)
        if result["mode"] != OBJECT:
            self._apply_workload(server, result)
        result["msg"] = ", ".join(f"{item['kind']} {item['action']}" for item in result["objects"])

    def _apply_workload(self, server: dict[str, t.Any], result: dict[str, t.Any]) -> None:
        ends = {}
        if scaling.hpa(server["spec"]) is None:
            ends[AUTOSCALER] = self._ends("autoscaling/v2", AUTOSCALER, server)
            if ends[AUTOSCALER] and not self._dry_run:
                server = adopt(self._client, server)
        # Without an operator nothing is found out before this, and the next run would change what this one made.
        children = self._renderer.render(
            {**server, "status": {}},
            self._resources,
            config_hash=lambda pod: config_hash(self._client, server["metadata"]["namespace"], pod),
        )
        for child in children:
            self._apply_child(child, server, result)
        there = {child["kind"] for child in children}
        for api_version, kind in OPTIONAL:
            if kind not in there:
                if kind not in ends:
                    ends[kind] = self._ends(api_version, kind, server)
                self._remove(api_version, kind, ends[kind], result)

    def _apply_server(self, wanted: dict[str, t.Any], result: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            # In check mode the CustomResourceDefinition would be installed first, unless the user does without it.
            before, after = self._write(
                wanted, names.DEPLOY_MANAGER, lambda: self._find(wanted), may_lack=not self._modes.may_stand_alone
            )
        except ApiNotFound as exc:
            if "namespaces" not in exc.seen and self._modes.may_stand_alone:
                result["mode"], result["manifest"] = STANDALONE, wanted
                return wanted
            raise missing(exc, wanted["metadata"]["namespace"]) from None
        record(result, before, after, dry_run=self._dry_run)
        return after

    def _apply_child(self, child: dict[str, t.Any], server: t.Mapping[str, t.Any], result: dict[str, t.Any]) -> None:
        before, after = self._write(child, names.FIELD_MANAGER, lambda: self._owned(child, server))
        record(result, before, after, dry_run=self._dry_run)

    def _write(
        self,
        wanted: dict[str, t.Any],
        manager: str,
        find: t.Callable[[], dict[str, t.Any] | None],
        *,
        may_lack: bool = True,
    ) -> tuple[dict[str, t.Any] | None, dict[str, t.Any]]:
        """Apply an object and return it as it was and as it is.

        The version that was read is a condition of the write: what differs is then what *we* changed, and nobody can
        have put another object in its place meanwhile.

        :param may_lack: in check mode, take an object whose namespace or kind is not there as one to be created.
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
                if not (self._dry_run and may_lack):
                    raise
                return before, wanted
        raise ApiConflict(f"{describe(wanted)} changes faster than it can be applied.", "Run it again.")

    def _remove(self, api_version: str, kind: str, found: dict[str, t.Any] | None, result: dict[str, t.Any]) -> None:
        """Remove an object that an earlier generation asked for, if there is one."""
        if found is None:
            return
        meta = found["metadata"]
        key = (api_version, kind, meta["namespace"], meta["name"])
        if not self._dry_run:
            self._client.delete(*key)
        record(result, {**found, "apiVersion": key[0], "kind": key[1]}, None, dry_run=self._dry_run)

    def _ends(self, api_version: str, kind: str, server: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        """Return an object that is not wanted any more; None where there is none, or somebody else's."""
        meta = server["metadata"]
        found = self._client.find(api_version, kind, meta["namespace"], meta["name"])
        return found if found is not None and ours(found, server) else None

    def _owned(self, child: dict[str, t.Any], server: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        """Return the object that exists, after making sure that it is this MCPServer's.

        :raises ForeignObject: it is somebody else's.
        """
        deadline = time.monotonic() + _COLLECT_TIMEOUT
        while True:
            found = self._find(child)
            if found is None:
                return None
            if ours(found, server):
                hands_over = leaves_replicas(child) and not self._dry_run
                return hand_over(self._client, found) if hands_over else found
            owner = controller_of(found)
            if not of_an_earlier(found, server) or self._dry_run or time.monotonic() > deadline:
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
