# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Sources: the kinds to list and watch, selectors of their objects, and the parts of objects to keep."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from urllib.parse import quote

from .._vendor._workload.objects import state_of
from ..watches.definition import Child, GroupVersionKind, Watch
from .shared_texts import shared, with_shared_conditions
from .store import Key, Object

Projection = t.Callable[[dict[str, t.Any]], Object]


def _everything(_namespace: str) -> bool:
    return True


NAMESPACE = GroupVersionKind("", "v1", "Namespace")
_METADATA = "application/json;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1,application/json;q=0.1"


def whole(found: dict[str, t.Any]) -> Object:
    """Keep everything except ``managedFields``, which are the larger part of many objects and are not used."""
    found["metadata"].pop("managedFields", None)
    return found


_KEPT = (
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "deletionTimestamp",
    "labels",
    "annotations",
    "ownerReferences",
)


def trimmed(found: dict[str, t.Any]) -> Object:
    """Keep the metadata and the status of a dependent. Its spec follows from its owner.

    ``spec.replicas`` is kept, since an autoscaler may change it; ``state`` is a digest that shows changes of the rest.
    """
    state = state_of(found)
    meta = found["metadata"]
    metadata = {name: shared(meta[name]) for name in _KEPT if name in meta}
    if metadata.get("ownerReferences"):
        metadata["ownerReferences"] = [shared(entry) for entry in metadata["ownerReferences"]]
    kept = {"apiVersion": found["apiVersion"], "kind": found["kind"], "metadata": metadata, "state": state}
    if "replicas" in (found.get("spec") or {}):
        kept["spec"] = {"replicas": found["spec"]["replicas"]}
    return {**kept, "status": with_shared_conditions(found["status"])} if "status" in found else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind to list and watch.

    :param id: the first part of the objects' keys.
    :param label_selector: a label selector in the syntax of API queries.
    :param field_selector: a field selector in the syntax of API queries.
    :param metadata_only: request only ``metadata`` from the API server.
    :param optional: the cluster may not serve the kind or forbid to list it. Work waits only until this is known.
    :param wanted_by: returns whether an object of another source needs this one, which then starts; None to start at
        once.
    :param project: returns the part of an object to keep, with at least ``metadata.name``, ``.namespace`` and
        ``.resourceVersion``. It may change its argument.
    :param owns: returns whether to keep objects of a namespace; others are dropped.
    """

    id: str
    gvk: GroupVersionKind
    label_selector: str = ""
    field_selector: str = ""
    metadata_only: bool = False
    optional: bool = False
    wanted_by: t.Callable[[Key, Object], bool] | None = None
    project: Projection = whole
    owns: t.Callable[[str], bool] = _everything

    @classmethod
    def of(cls, watch: Watch) -> Source:
        """Return the source of a watch's own objects."""
        return cls(id=watch.id, gvk=watch.gvk, label_selector=watch.selector)

    @classmethod
    def of_child(cls, watch: Watch, child: Child) -> Source:
        """Return the source of a kind of dependents of a watch."""
        return cls(
            id=f"{watch.id}/{child.gvk}",
            gvk=child.gvk,
            label_selector=child.selector,
            metadata_only=child.metadata_only,
            optional=child.optional,
            project=trimmed,
        )

    def query(self) -> dict[str, str]:
        """Return the query parameters of its lists and watches."""
        selectors = {"labelSelector": self.label_selector, "fieldSelector": self.field_selector}
        return {name: value for name, value in selectors.items() if value}

    def accept(self, *, listing: bool) -> str:
        """Return the value of the Accept header."""
        return _METADATA.format(list="List" if listing else "") if self.metadata_only else "application/json"

    def keep(self, found: t.Any) -> Object | None:
        """Return the part of a received object to keep; None for an object of another shard.

        :raises ValueError: it is not an object.
        """
        if (
            not isinstance(found, dict)
            or not isinstance(found.get("metadata"), dict)
            or "name" not in found["metadata"]
        ):
            raise ValueError(f"the API server sent data that is not an object of kind {self.gvk}")
        namespace = found["metadata"].get("name" if self.gvk == NAMESPACE else "namespace")
        if not self.owns(str(namespace or "")):
            return None
        # Items of a list of a built-in kind have no kind; metadata-only objects have the kind PartialObjectMetadata.
        found["apiVersion"], found["kind"] = self.gvk.api_version, self.gvk.kind
        return self.project(found)


@dataclass(frozen=True, slots=True)
class Resource:
    """The API resource of a kind, from discovery."""

    gvk: GroupVersionKind
    plural: str
    namespaced: bool

    def path(self, namespace: str | None = None, name: str = "", subresource: str = "") -> str:
        """Return the path of the kind's objects, of one object, or of its subresource."""
        root = f"/apis/{self.gvk.api_version}" if self.gvk.group else f"/api/{self.gvk.version}"
        if self.namespaced and namespace:
            root += f"/namespaces/{quote(namespace, safe='')}"
        return "/".join([root, self.plural, *(quote(part, safe="") for part in (name, subresource) if part)])
