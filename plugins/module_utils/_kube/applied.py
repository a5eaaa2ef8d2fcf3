# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Tell without a request whether server-side apply of a manifest would change an object that was read.

It changes nothing if the manager owns exactly the fields of the manifest, and if their values are those of the
manifest. The fields are in ``managedFields`` as FieldsV1: names of fields as ``f:NAME``, items of lists with keys as
``k:{KEYS}``, items of sets as ``v:VALUE``, and ``.`` for the map or item itself. See
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ and
https://kubernetes.io/docs/reference/using-api/server-side-apply/.
"""

from __future__ import annotations

import json
import typing as t

# Fields that identify an object belong to no manager.
_IDENTITY = frozenset({"apiVersion", "kind"})
_META_IDENTITY = frozenset({"name", "namespace"})
# The keys of list items that manifests may leave to a default of Kubernetes.
_DEFAULT_KEYS = {"protocol": "TCP"}


def is_applied(manifest: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any], field_manager: str) -> bool:
    """Tell whether server-side apply of a manifest would change nothing.

    It is False where that is uncertain: for values that the API server writes in another way, such as "1000m".

    :param manifest: without a resourceVersion.
    :param found: the object as the API server returned it, with ``metadata.managedFields``.
    """
    entries = [
        entry
        for entry in found["metadata"].get("managedFields") or []
        if (entry.get("manager"), entry.get("operation")) == (field_manager, "Apply") and not entry.get("subresource")
    ]
    if len(entries) != 1 or entries[0].get("apiVersion") != manifest["apiVersion"]:
        return False
    wanted = {name: value for name, value in manifest.items() if name not in _IDENTITY}
    meta = {name: value for name, value in manifest["metadata"].items() if name not in _META_IDENTITY}
    wanted["metadata"] = meta
    if not meta:
        del wanted["metadata"]
    return _is_same(wanted, found, entries[0].get("fieldsV1") or {})


def _is_same(wanted: t.Any, found: t.Any, owned: t.Mapping[str, t.Any]) -> bool:
    below = {name: fields for name, fields in owned.items() if name != "."}
    if not below:
        return bool(wanted == found)
    if isinstance(wanted, t.Mapping) and isinstance(found, t.Mapping):
        return below.keys() == {f"f:{name}" for name in wanted} and all(
            name in found and _is_same(value, found[name], below[f"f:{name}"]) for name, value in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(found, list):
        return len(below) == len(wanted) and _are_same_items(wanted, found, below)
    return False


def _are_same_items(wanted: list[t.Any], found: list[t.Any], owned: t.Mapping[str, t.Any]) -> bool:
    places = []
    for name, fields in owned.items():
        kind, _colon, text = name.partition(":")
        key = json.loads(text) if kind in ("k", "v") else None
        ours, theirs = _place(wanted, kind, key), _place(found, kind, key)
        if ours is None or theirs is None or not _is_same(wanted[ours], found[theirs], fields):
            return False
        places.append((ours, theirs))
    # An apply also restores the order of its items.
    ordered = [theirs for _ours, theirs in sorted(places)]
    return ordered == sorted(ordered)


def _place(items: list[t.Any], kind: str, key: t.Any) -> t.Optional[int]:
    """Return the index of an item; None if there is none."""
    for index, item in enumerate(items):
        if kind == "v" and item == key:
            return index
        if (
            kind == "k"
            and isinstance(item, t.Mapping)
            and all(item.get(name, _DEFAULT_KEYS.get(name)) == value for name, value in key.items())
        ):
            return index
    return None
