# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Applies what is made of MCPServers that the cluster has, many at once, with one call for each object that changes.

Nothing is read first. What the operator's store knows says which objects there are; one that is not known is created
on the condition that there is none, and one that is known is changed on the condition that it is still that one. Only
where the API server refuses does somebody look why.
"""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.errors import ApiConflict, ApiInvalid, ForeignObject, KubeError
from ..module_utils._kube.resources import describe
from ..module_utils._workload import gate, names, scaling
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import server as workload
from ..module_utils._workload.children import AUTOSCALER, OPTIONAL, key_of, state_of
from ..module_utils._workload.fingerprint import fingerprint
from ..module_utils._workload.ownership import controller_of, of_an_earlier, ours
from ._config import config_hash
from ._outcome import Outcome
from ._scaling import adopt, hand_over, leaves_replicas
from ._templates import keep, settle

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._render import Renderer

_THREADS = 8
# An object that is made and deleted over and over again must not hold up a batch.
_TRIES = 3
# No object has it: the revisions of etcd begin with it, before there is anything.
_NEW = {"resourceVersion": "1"}

Item = dict[str, t.Any]


class Known(t.NamedTuple):
    """What is known of the objects of one MCPServer, by :func:`key_of`.

    :param there: uid and state of those that there are; None where nobody knows.
    :param applied: uid, state and fingerprint of the manifest of those that the last run applied.
    """

    there: t.Mapping[str, t.Sequence[str]] | None
    applied: t.Mapping[str, t.Sequence[str]]

    def uid(self, key: str) -> str:
        """Return the uid of an object; empty for one that is not known."""
        # What was made a moment ago may not have come to the store yet.
        entry = (self.there or {}).get(key) or self.applied.get(key)
        return entry[0] if entry else ""

    def unchanged(self, key: str, manifest: str) -> bool:
        """Whether an object is there, and is what was made of the same manifest."""
        there, applied = (self.there or {}).get(key), self.applied.get(key)
        return there is not None and applied is not None and [*there, manifest] == list(applied)


class Server(t.NamedTuple):
    """An MCPServer of the API server's, and what is known of its objects."""

    manifest: t.Any
    known: Known


class Reconciler:
    """Applies.

    :param default_resources: requests and limits for MCPServers that name none.
    :param gated: an operator is there that opens the gates of strict mode.
    """

    def __init__(
        self,
        client: Client,
        renderer: Renderer,
        default_resources: t.Mapping[str, t.Any] | None = None,
        *,
        gated: bool = False,
    ) -> None:
        self._gated = gated
        self._client = client
        self._renderer = renderer
        self._resources = default_resources

    def present(self, servers: t.Mapping[str, Server]) -> dict[str, dict[str, t.Any]]:
        """Apply what is made of the MCPServers of many hosts; a result never raises."""
        return self._each(self._present, servers)

    def absent(self, servers: t.Mapping[str, Server]) -> dict[str, dict[str, t.Any]]:
        """Delete what was made of the MCPServers of many hosts; a result never raises."""
        return self._each(self._absent, servers)

    def _each(
        self, work: t.Callable[[Server, Outcome], None], servers: t.Mapping[str, Server]
    ) -> dict[str, dict[str, t.Any]]:
        def guarded(server: Server) -> dict[str, t.Any]:
            outcome = Outcome()
            try:
                work(server, outcome)
            except McpKubernetesError as exc:
                outcome.fail(exc)
            except Exception as exc:  # noqa: BLE001 - one MCPServer must not be the end of all the others
                outcome.fail(McpKubernetesError(f"{type(exc).__name__}: {exc}.", "This is a defect.", code="DEFECT"))
            return outcome.to_dict()

        with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="reconcile") as pool:
            return dict(zip(servers, pool.map(guarded, servers.values())))

    def _present(self, given: Server, outcome: Outcome) -> None:
        server = manifests.check(given.manifest)
        # What was found out about it decides how its Service leads to it.
        server["status"] = given.manifest.get("status") or {}
        outcome.warnings = workload.warnings(server)
        ends = {}
        if scaling.hpa(server["spec"]) is None:
            ends[AUTOSCALER] = self._known_uid(_autoscaler(server), server, given.known)
            if ends[AUTOSCALER]:
                server = {**adopt(self._client, server), "status": server["status"]}
        children = self._renderer.render(
            server,
            self._resources,
            gated=self._gated,
            config_hash=lambda pod: config_hash(self._client, server["metadata"]["namespace"], pod),
        )
        if self._gated and gate.wanted(server):
            children = [self._settled(child, given) for child in children]
        outcome.template = next(
            fingerprint(item["spec"]["template"]) for item in children if item["kind"] == "Deployment"
        )
        there = {child["kind"] for child in children}
        for item in _optional(server):
            if item["kind"] not in there:
                if item["kind"] not in ends:
                    ends[item["kind"]] = self._known_uid(item, server, given.known)
                self._delete(item, ends[item["kind"]], outcome)
        for child in children:
            if leaves_replicas(child) and _changes(child, given.known):
                self._hand_over(child, server)
            self._apply(child, server, given.known, outcome)

    def _settled(self, child: Item, given: Server) -> Item:
        """Return a Deployment with the template that is to be applied, which is kept; other objects as they are."""
        if child["kind"] != "Deployment":
            return child
        settled = settle(self._client, child, given.manifest)
        if not given.known.unchanged(key_of(settled), fingerprint(settled)):
            keep(self._client, settled)
        return settled

    def _absent(self, given: Server, outcome: Outcome) -> None:
        server = manifests.check(given.manifest)
        children = self._renderer.render(server, self._resources)
        wanted = {key_of(item): item for item in [*_optional(server), *reversed(children)]}
        for item in wanted.values():
            self._delete(item, self._known_uid(item, server, given.known), outcome)

    def _apply(self, child: Item, server: Item, known: Known, outcome: Outcome) -> None:
        key, manifest = key_of(child), fingerprint(child)
        if known.unchanged(key, manifest):
            outcome.applied(key, "unchanged", known.applied[key])
            return
        uid = known.uid(key)
        if not uid and known.there is None:
            uid = self._uid(child, server)
        after, error = self._write(child, uid)
        for _attempt in range(_TRIES):
            if after is not None:
                break
            found = self._uid(child, server)
            if found == uid:
                break  # it is what we thought it was, and refused for what it is to be
            uid = found
            after, error = self._write(child, uid)
        if after is None:
            raise t.cast("KubeError", error)
        action = "configured" if uid else "created"
        outcome.applied(key, action, (after["metadata"]["uid"], state_of(after), manifest))

    def _write(self, child: Item, uid: str) -> tuple[Item | None, KubeError | None]:
        """Apply an object, or return how the API server refused it.

        :param uid: of the object that there is; empty for none.
        """
        condition = {"uid": uid} if uid else _NEW
        body = {**child, "metadata": {**child["metadata"], **condition}}
        try:
            return self._client.apply(body, field_manager=names.FIELD_MANAGER), None
        except (ApiConflict, ApiInvalid) as exc:
            return None, exc

    def _hand_over(self, deployment: Item, server: Item) -> None:
        """See to it that an autoscaler which is about to begin finds as many replicas as there are."""
        found = self._find(deployment)
        if found is not None and ours(found, server):
            hand_over(self._client, found)

    def _known_uid(self, item: Item, server: Item, known: Known) -> str:
        """Return the uid of an object that there is; empty where there is none, or somebody else's."""
        uid = known.uid(key_of(item))
        if uid or known.there is not None:
            return uid
        found = self._find(item)
        return str(found["metadata"]["uid"]) if found is not None and ours(found, server) else ""

    def _delete(self, item: Item, uid: str, outcome: Outcome) -> None:
        """Delete an object, if it is still that one; without a uid there is none."""
        if not uid:
            return
        meta = item["metadata"]
        try:
            self._client.delete(item["apiVersion"], item["kind"], meta["namespace"], meta["name"], uid=uid)
        except ApiConflict:
            return  # it has been made anew by somebody else
        outcome.deleted(key_of(item))

    def _uid(self, child: Item, server: Item) -> str:
        """Return the uid of the object that there is; empty where there is none.

        :raises ForeignObject: it is somebody else's.
        :raises KubeError: it belongs to an MCPServer of this name that was deleted, and is about to go.
        """
        found = self._find(child)
        if found is None:
            return ""
        if ours(found, server):
            return str(found["metadata"]["uid"])
        if of_an_earlier(found, server):
            raise KubeError(
                f"{describe(child)} belongs to an MCPServer of the same name that was deleted.",
                "The cluster's garbage collector is about to delete it; it is made anew then.",
                code="OBJECT_LEAVING",
            )
        owner = controller_of(found)
        whose = f"it belongs to {owner['kind']} {owner['name']}" if owner else "it belongs to no MCPServer"
        raise ForeignObject(
            f"{describe(child)} exists already and {whose}.",
            "It was left as it is. Delete or rename it, or give the MCPServer another name.",
        )

    def _find(self, item: Item) -> Item | None:
        meta = item["metadata"]
        return self._client.find(item["apiVersion"], item["kind"], meta["namespace"], meta["name"])


def _changes(deployment: Item, known: Known) -> bool:
    """Whether there may be a Deployment that was made of another manifest: perhaps one that said how many replicas."""
    key = key_of(deployment)
    may_be_there = known.there is None or known.uid(key)
    return bool(may_be_there) and not known.unchanged(key, fingerprint(deployment))


def _autoscaler(server: Item) -> Item:
    return next(item for item in _optional(server) if item["kind"] == AUTOSCALER)


def _optional(server: Item) -> list[Item]:
    meta = server["metadata"]
    named = {"name": meta["name"], "namespace": meta["namespace"]}
    return [{"apiVersion": api_version, "kind": kind, "metadata": named} for api_version, kind in OPTIONAL]
