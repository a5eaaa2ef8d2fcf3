# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whose the fields of an object are, handed from a client that updates to one that applies.

Server-side apply removes what its field manager leaves out only where nobody else has it. What another client wrote by
``update`` therefore stays for ever, unless its entry becomes the applying manager's first. kubectl does the same with
what it applied client-side: https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
"""

from __future__ import annotations

import typing as t

Entry = dict[str, t.Any]
Fields = dict[str, t.Any]


def handed_over(
    entries: t.Sequence[t.Mapping[str, t.Any]], of: str, to: str, *, subresource: str = ""
) -> list[Entry] | None:
    """Return an object's ``managedFields`` with what one manager updated as what another one applied.

    :param of: the manager whose entries of operation Update are taken.
    :param to: the manager that has them afterwards, by operation Apply, with all that it had before.
    :param subresource: only entries of this subresource are; empty for the object itself.
    :return: None where there is nothing to hand over.
    """
    taken = [entry for entry in entries if _is(entry, of, "Update", subresource)]
    if not taken:
        return None
    own = [entry for entry in entries if _is(entry, to, "Apply", subresource)]
    fields: Fields = {}
    for entry in (*own, *taken):
        fields = _union(fields, entry.get("fieldsV1") or {})
    some = taken[-1]
    merged: Entry = {
        "manager": to,
        "operation": "Apply",
        # A manager that applies has one entry; its next apply says by which version.
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
    """Return all fields of both; the leaves of FieldsV1 are empty objects."""
    merged = dict(one)
    for name, value in other.items():
        merged[name] = _union(merged[name], value) if name in merged else value
    return merged
