# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Transfer fields from a field manager that updates to one that applies.

Server-side apply removes a field that its manager stops applying only if no other manager owns it. So a field that
another client wrote by ``update`` stays for ever, unless its entry becomes the applying manager's first. kubectl does
the same with what it applied client-side: see "Upgrading from client-side apply to server-side apply" in
https://kubernetes.io/docs/reference/using-api/server-side-apply/.
"""

from __future__ import annotations

import typing as t

Entry = dict[str, t.Any]
Fields = dict[str, t.Any]


def transfer_fields(
    entries: t.Sequence[t.Mapping[str, t.Any]], source: str, target: str, *, subresource: str = ""
) -> list[Entry] | None:
    """Return ``managedFields`` in which the target has applied what the source has updated.

    :param source: the manager whose entries of operation Update are transferred.
    :param target: the manager that owns them afterwards, by operation Apply, besides what it already owns.
    :param subresource: the subresource whose entries are transferred; empty for the object itself.
    :return: None if there is nothing to transfer.
    """
    taken = [entry for entry in entries if _is(entry, source, "Update", subresource)]
    if not taken:
        return None
    own = [entry for entry in entries if _is(entry, target, "Apply", subresource)]
    fields: Fields = {}
    for entry in (*own, *taken):
        fields = _union(fields, entry.get("fieldsV1") or {})
    some = taken[-1]
    merged: Entry = {
        "manager": target,
        "operation": "Apply",
        # A manager that applies has one entry; its next apply sets the version.
        "apiVersion": str((own or taken)[-1].get("apiVersion")),
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    if some.get("time"):
        merged["time"] = some["time"]
    if subresource:
        merged["subresource"] = subresource
    return [merged, *(dict(entry) for entry in entries if entry not in own and entry not in taken)]


def _is(entry: t.Mapping[str, t.Any], manager: str, operation: str, subresource: str) -> bool:
    found = (entry.get("manager"), entry.get("operation"), entry.get("subresource") or "")
    return found == (manager, operation, subresource)


def _union(one: Fields, other: Fields) -> Fields:
    """Return the fields of both. The leaves of FieldsV1 are empty objects."""
    merged = dict(one)
    for name, value in other.items():
        merged[name] = _union(merged[name], value) if name in merged else value
    return merged
