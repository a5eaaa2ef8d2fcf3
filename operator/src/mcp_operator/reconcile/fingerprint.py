# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fingerprint of everything that a run of an object depends on, and the record of a reconciliation with it.

The record, in the status of an MCPServer or an annotation of another object, is ``INPUTS.DEPENDENTS.MANIFESTS``:
digests of what the run depends on and of the dependents as it left them, and the fingerprint of each dependent's
manifest. The first two are the fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import typing as t

from ..watches.definition import Watch
from .annotations import user_annotations

_LENGTH = 16
_BETWEEN = "-"


def fingerprint(
    watch: Watch,
    item: t.Mapping[str, t.Any],
    dependents: t.Mapping[str, t.Sequence[str]],
    content_version: str,
    further_inputs: t.Any = None,
) -> str:
    """Return the fingerprint of an object, of what runs for it, and of its dependents.

    :param dependents: UID and state by kind and name. Their status is not part of the state.
    :param content_version: the digest of playbooks and roles.
    :param further_inputs: JSON data; None for none.
    """
    meta = item["metadata"]
    inputs = [
        meta.get("uid"),
        # Kinds without a generation, like ConfigMap, are compared by their content.
        meta.get("generation") or {key: value for key, value in item.items() if key not in ("metadata", "status")},
        user_annotations(item) if watch.watch_annotations_changes else None,
        [watch.playbook, watch.role, watch.vars],
        content_version,
        *([] if further_inputs is None else [further_inputs]),
    ]
    return f"{_digest(inputs)}.{_digest_of(dependents)}"


def record(fingerprint_of_object: str, applied: t.Mapping[str, t.Sequence[str]]) -> str:
    """Return the record of a reconciliation.

    :param applied: UID, state and fingerprint of the manifest by kind and name; without the last, it is not recorded.
    """
    manifests = [dependent[2] for _name, dependent in sorted(applied.items()) if len(dependent) > 2]
    if not manifests or len(manifests) < len(applied):
        return fingerprint_of_object
    return f"{fingerprint_of_object}.{_BETWEEN.join(manifests)}"


def recorded_fingerprint(text: str) -> str:
    """Return the fingerprint in a record."""
    return ".".join(text.split(".")[:2])


def recorded_applied(text: str, dependents: t.Mapping[str, t.Sequence[str]]) -> dict[str, tuple[str, str, str]]:
    """Return UID, state and fingerprint of the manifest of each dependent; empty if they are not as recorded.

    :param text: the record.
    :param dependents: UID and state by kind and name, as they are now.
    """
    _inputs, _, rest = text.partition(".")
    recorded, _, manifests = rest.partition(".")
    found = manifests.split(_BETWEEN)
    if not manifests or len(found) != len(dependents) or recorded != _digest_of(dependents):
        return {}
    return {
        name: (dependent[0], dependent[1], manifest)
        for (name, dependent), manifest in zip(sorted(dependents.items()), found, strict=True)
    }


def _digest_of(dependents: t.Mapping[str, t.Sequence[str]]) -> str:
    return _digest(sorted((name, *dependent[:2]) for name, dependent in dependents.items()))


def _digest(value: t.Any) -> str:
    text = json.dumps(value, sort_keys=True, default=dict, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
