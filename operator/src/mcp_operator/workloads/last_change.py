# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which client changed an MCPServer last, for Events and logs.

The API server records the field manager of each client. A client chooses its own name, so this says what a client
called itself; the audit log of the API server says which user it was.
"""

from __future__ import annotations

import typing as t

from .._vendor._util import clean
from .._vendor._workload import names
from ..cluster.shared_texts import shared, with_shared_conditions
from ..cluster.source import whole
from ..cluster.store import Object
from .own_status import without_restored_status

_FIELD = "changedBy"
_SPEC, _REVALIDATE = "spec", "revalidate"
# The longest name of a field manager (k8s.io/apimachinery/pkg/apis/meta/v1/validation).
_NAME = 128


def server(found: dict[str, t.Any]) -> Object:
    """Keep an MCPServer, and of its ``managedFields`` only the name and the time of the last changes.

    A status that was restored is dropped.
    """
    found = without_restored_status(found)
    entries = [entry for entry in found["metadata"].get("managedFields") or [] if not entry.get("subresource")]
    changes = {
        _SPEC: _newest(entries, "f:spec"),
        _REVALIDATE: _newest(entries, "f:metadata", "f:annotations", f"f:{names.REVALIDATE_ANNOTATION}"),
    }
    kept = {**whole(found), _FIELD: {name: change for name, change in changes.items() if change}}
    if "status" in kept:
        kept["status"] = with_shared_conditions(kept["status"])
        if "validation" in kept["status"]:
            kept["status"]["validation"] = shared(kept["status"]["validation"])
    return kept


def manifest_change(server: Object) -> str:
    """Return a sentence about the last change of a manifest; empty if it is unknown."""
    return _sentence("The manifest was last changed", server, _SPEC)


def revalidation_request(server: Object) -> str:
    """Return a sentence about the last request to validate again."""
    return _sentence("Validation was requested", server, _REVALIDATE) or "Validation was requested."


def _newest(entries: t.Iterable[t.Mapping[str, t.Any]], *path: str) -> list[str] | None:
    owners = [entry for entry in entries if _owns(entry.get("fieldsV1"), path)]
    if not owners:
        return None
    # RFC 3339 times of the API server are in UTC and sort as texts.
    entry = max(owners, key=lambda one: str(one.get("time") or ""))
    return [clean(entry.get("manager"), _NAME), clean(entry.get("time"), _NAME)]


def _owns(fields: t.Any, path: t.Iterable[str]) -> bool:
    for name in path:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields is not None


def _sentence(what: str, server: Object, change: str) -> str:
    manager, when = (server.get(_FIELD) or {}).get(change) or ("", "")
    return f'{what} by "{manager}" at {when}.' if manager else ""
