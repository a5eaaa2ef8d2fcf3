# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The Pod templates of MCPServers that passed validation, kept to roll back to.

Each is a ControllerRevision owned by the MCPServer and named after the template's fingerprint. Revision 0 is a
candidate: it was applied, and has not passed yet. Kubernetes' own history of a Deployment does not record which of its
ReplicaSets ever passed.
"""

from __future__ import annotations

import typing as t

from .._kube.body import MergePatch
from .._kube.errors import KubeError
from .._kube.resources import object_path
from .._workload import gate, names
from .._workload.ownership import belongs_to_predecessor, controller_of, is_owned_by
from .._workload.revision import revision_defect
from .._workload.rollout_manager import manager
from .workload_state import leaving

if t.TYPE_CHECKING:
    from .._kube.client import Client

_API = ("apps/v1", "ControllerRevision")
_FIELDS = ("name", "namespace", "labels", "ownerReferences")
# The newest template that passed, and those before it.
_KEPT = 3

_WITHOUT_CANARY = "There is no canary. Set spec.rollout.strategy to rolling to replace the running Pods without one."

Item = dict[str, t.Any]


class LatestPassed(t.NamedTuple):
    """The newest template that passed.

    :param template: None if there is none.
    :param ignored: a sentence about each newer ControllerRevision that must not be used.
    """

    template: t.Optional[Item]
    ignored: list[str]


class RevisionHistory:
    """The history of all MCPServers. Thread-safe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def settle(self, deployment: Item, server: t.Mapping[str, t.Any], stable: str = "") -> Item:
        """Return the Deployment to apply: as wanted, or with an earlier template.

        :param deployment: as the manifest wants it, with a readiness gate.
        :param server: with its status, which names the template to roll back to.
        :param stable: the fingerprint of the template to keep during a canary; empty if there is none.
        :raises KubeError: the earlier template is gone, or is not the one that passed.
        """
        mark = gate.mark_of(deployment["spec"]["template"])
        back = gate.rollback(server)
        if back is not None and back.failed == mark:
            return self._with_earlier(deployment, server, back.to, {names.ROLLED_BACK_ANNOTATION: mark})
        if stable:
            return self._with_earlier(deployment, server, stable, {names.CANARY_ANNOTATION: mark})
        return deployment

    def _with_earlier(
        self, deployment: Item, server: t.Mapping[str, t.Any], earlier: str, annotations: t.Mapping[str, str]
    ) -> Item:
        meta = deployment["metadata"]
        found = self._client.find(*_API, meta["namespace"], gate.revision_name(meta["name"], earlier))
        if found is None:
            raise KubeError(
                f"The ControllerRevision with template {earlier}, the last one that passed, was deleted.",
                _WITHOUT_CANARY
                if names.CANARY_ANNOTATION in annotations
                else "The running Pods were left as they are. Correct the manifest; a new template is tried at once.",
                code="ROLLBACK_TARGET_GONE",
            )
        defect = revision_defect(found, server, earlier)
        if defect:
            raise KubeError(
                f"ControllerRevision {meta['namespace']}/{found['metadata']['name']} is ignored: {defect}.",
                _WITHOUT_CANARY
                if names.CANARY_ANNOTATION in annotations
                else "There was no rollback. Find out where it comes from, and correct the manifest.",
                code="ROLLBACK_TARGET_INVALID",
            )
        return {
            **deployment,
            "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), **annotations}},
            "spec": {**deployment["spec"], "template": found["data"]["template"]},
        }

    def record_candidate(self, deployment: Item, server: t.Mapping[str, t.Any]) -> None:
        """Record a Deployment's template before it is tried.

        If another controller replaces the Pods, templates may never be recorded as passed, so the earlier candidates
        are deleted here.

        :raises ObjectLeaving: the garbage collector is about to delete the record of a former MCPServer of this name.
        """
        meta = deployment["metadata"]
        template = deployment["spec"]["template"]
        mark = gate.mark_of(template)
        found = self._client.find(*_API, meta["namespace"], gate.revision_name(meta["name"], mark))
        if found is not None and belongs_to_predecessor(found, server):
            raise leaving(found)
        # A restored one may have lost its owner. Another template under this name is left as it is.
        is_orphan = found is not None and controller_of(found) is None and not is_owned_by(found, server)
        if found is None or (is_orphan and found.get("data") == {"template": template}):
            self._apply(deployment, mark, 0)
            if manager(server["spec"]):
                self._prune(self._list(server), mark, meta["namespace"])

    def record_passed(self, deployment: Item, mark: str, server: t.Mapping[str, t.Any]) -> None:
        """Record a Deployment's template as the newest one that passed, and delete what is too old.

        :param mark: the fingerprint of the template.
        """
        found = self._list(server)
        if not _is_latest(found, mark):
            self._apply(deployment, mark, _next_number(found))
            self._prune(found, mark, deployment["metadata"]["namespace"])

    def mark_passed(self, mark: str, server: t.Mapping[str, t.Any]) -> None:
        """Mark a recorded template as the newest one that passed, and delete what is too old.

        :raises ApiNotFound: it was deleted.
        """
        meta = server["metadata"]
        found = self._list(server)
        name = gate.revision_name(meta["name"], mark)
        body = {"metadata": {"labels": {names.PASSED_LABEL: "true"}}, "revision": _next_number(found)}
        path = object_path(*_API, meta["namespace"], name)
        what = f"mark ControllerRevision {meta['namespace']}/{name} as passed"
        self._client.request("PATCH", path, what=what, body=MergePatch(body), retry=False)
        self._prune(found, mark, meta["namespace"])

    def is_latest_passed(self, mark: str, server: t.Mapping[str, t.Any]) -> bool:
        """Tell whether a template is the newest one that passed.

        :param mark: the fingerprint of the template.
        """
        found = self._list(server)
        return _is_latest(found, mark) and not revision_defect(found[0], server, mark)

    def latest_passed(self, server: t.Mapping[str, t.Any], *, other_than: str) -> LatestPassed:
        """Find the newest template that passed, except one by its fingerprint."""
        ignored: list[str] = []
        for item in self._list(server):
            if int(item["revision"]) and _mark(item) != other_than:
                defect = revision_defect(item, server, _mark(item))
                if not defect:
                    return LatestPassed(item["data"]["template"], ignored)
                ignored.append(f"ControllerRevision {item['metadata']['name']} is ignored: {defect}.")
        return LatestPassed(None, ignored)

    def _apply(self, deployment: Item, mark: str, number: int) -> None:
        meta = deployment["metadata"]
        own = {field: meta[field] for field in _FIELDS if field in meta}
        labels = {**meta["labels"], names.TEMPLATE_LABEL: mark}
        revision = {
            "apiVersion": _API[0],
            "kind": _API[1],
            "metadata": {**own, "name": gate.revision_name(meta["name"], mark), "labels": labels},
            "revision": number,
            "data": {"template": deployment["spec"]["template"]},
        }
        self._client.apply(revision, field_manager=names.FIELD_MANAGER)

    def _list(self, server: t.Mapping[str, t.Any]) -> list[Item]:
        """Return all revisions of an MCPServer, the newest first."""
        meta = server["metadata"]
        selector = f"{names.INSTANCE_LABEL}={meta['name']},{names.TEMPLATE_LABEL}"
        found = self._client.list(*_API, meta["namespace"], labelSelector=selector)
        return sorted((item for item in found if is_owned_by(item, server)), key=lambda item: -int(item["revision"]))

    def _prune(self, found: t.Sequence[Item], newest: str, namespace: str) -> None:
        """Delete candidates that never passed, and templates that are too old."""
        others = [item for item in found if _mark(item) != newest]
        kept = [item for item in others if int(item["revision"])][: _KEPT - 1]
        for item in others:
            if item not in kept:
                self._client.delete(*_API, namespace, item["metadata"]["name"])


def _mark(item: Item) -> str:
    return str(item["metadata"]["labels"].get(names.TEMPLATE_LABEL))


def _is_latest(found: t.Sequence[Item], mark: str) -> bool:
    return bool(found) and _mark(found[0]) == mark and int(found[0]["revision"]) > 0


def _next_number(found: t.Iterable[Item]) -> int:
    return 1 + max((int(item["revision"]) for item in found), default=0)
