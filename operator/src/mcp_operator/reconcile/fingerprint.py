# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fingerprint of everything that a run of an object depends on."""

from __future__ import annotations

import hashlib
import json
import typing as t

from ..watches.definition import Watch
from .annotations import user_annotations

_LENGTH = 16


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
    return f"{_digest(inputs)}.{_digest(sorted((name, *dependent[:2]) for name, dependent in dependents.items()))}"


def _digest(value: t.Any) -> str:
    text = json.dumps(value, sort_keys=True, default=dict, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
