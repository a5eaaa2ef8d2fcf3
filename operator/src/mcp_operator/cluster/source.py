# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is listed and watched: a kind, which of its objects, and what of them is kept."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from urllib.parse import quote

from .._vendor._workload.children import state_of
from ..watches.definition import Child, GroupVersionKind, Watch
from .store import Object

Projection = t.Callable[[dict[str, t.Any]], Object]


def _everything(_namespace: str) -> bool:
    return True


_METADATA = "application/json;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1,application/json;q=0.1"


def whole(found: dict[str, t.Any]) -> Object:
    """Keep everything but the field managers: they are the larger half of many objects, and nobody reads them here."""
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
    """Keep what says whose a child is, which one it is, and how it fares: what is wanted of it, the owner knows.

    But for how many it is to be: an autoscaler may say that; and, in ``state``, whether anything of it changed.
    """
    state = state_of(found)
    metadata = {name: value for name, value in found["metadata"].items() if name in _KEPT}
    kept = {"apiVersion": found["apiVersion"], "kind": found["kind"], "metadata": metadata, "state": state}
    if "replicas" in (found.get("spec") or {}):
        kept["spec"] = {"replicas": found["spec"]["replicas"]}
    return {**kept, "status": found["status"]} if "status" in found else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind to list and watch.

    :param id: the first part of the objects' keys.
    :param label_selector: what the API server is to select, as in queries.
    :param field_selector: likewise.
    :param metadata_only: let the API server send nothing but ``metadata``.
    :param project: what is kept of an object; it may change what it is given. It is to keep ``metadata.name``,
        ``.namespace`` and ``.resourceVersion``.
    :param owns: whether the objects of a namespace are of interest; those of others are thrown away unread.
    """

    id: str
    gvk: GroupVersionKind
    label_selector: str = ""
    field_selector: str = ""
    metadata_only: bool = False
    project: Projection = whole
    owns: t.Callable[[str], bool] = _everything

    @classmethod
    def of(cls, watch: Watch) -> Source:
        """Return the source of a watch's own objects."""
        return cls(id=watch.id, gvk=watch.gvk, label_selector=watch.selector)

    @classmethod
    def of_child(cls, watch: Watch, child: Child) -> Source:
        """Return the source of a kind of objects that a watch's runs make."""
        return cls(
            id=f"{watch.id}/{child.gvk}",
            gvk=child.gvk,
            label_selector=child.selector,
            metadata_only=child.metadata_only,
            project=trimmed,
        )

    def query(self) -> dict[str, str]:
        """Return what every list and watch of it asks for."""
        selectors = {"labelSelector": self.label_selector, "fieldSelector": self.field_selector}
        return {name: value for name, value in selectors.items() if value}

    def accept(self, *, listing: bool) -> str:
        """Return the media type to ask for."""
        return _METADATA.format(list="List" if listing else "") if self.metadata_only else "application/json"

    def take(self, found: t.Any) -> Object | None:
        """Return what is kept of an object that the API server sent; None for one that is of no interest.

        :raises ValueError: it is not an object.
        """
        if (
            not isinstance(found, dict)
            or not isinstance(found.get("metadata"), dict)
            or "name" not in found["metadata"]
        ):
            raise ValueError(f"the API server sent something that is not an object of kind {self.gvk}")
        if not self.owns(str(found["metadata"].get("namespace") or "")):
            return None
        # The items of a list of a built-in kind do not say what they are, and metadata says that it is metadata.
        found["apiVersion"], found["kind"] = self.gvk.api_version, self.gvk.kind
        return self.project(found)


@dataclass(frozen=True, slots=True)
class Resource:
    """Where a kind is in the API, as discovery says it."""

    gvk: GroupVersionKind
    plural: str
    namespaced: bool
    has_status: bool

    def path(self, namespace: str | None = None, name: str = "", subresource: str = "") -> str:
        """Return the path of the kind's objects, of one object, or of its subresource."""
        root = f"/apis/{self.gvk.api_version}" if self.gvk.group else f"/api/{self.gvk.version}"
        if self.namespaced and namespace:
            root += f"/namespaces/{quote(namespace, safe='')}"
        return "/".join([root, self.plural, *(quote(part, safe="") for part in (name, subresource) if part)])
