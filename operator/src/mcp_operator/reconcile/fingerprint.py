# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whether anything changed since an object was last reconciled."""

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
    children: t.Mapping[str, t.Sequence[str]],
    content_version: str,
    further: t.Any = None,
) -> str:
    """Return what a run depends on: the object, what runs for it, and the objects made of it.

    :param children: what identifies each child and its desired state; their own status is no reason to run.
    :param content_version: what the playbooks and roles are; another one is a reason to run.
    :param further: what else of the object a run depends on; None for nothing.
    """
    meta = item["metadata"]
    inputs = [
        meta.get("uid"),
        # Kinds without a generation, like ConfigMap, are compared by what is in them.
        meta.get("generation") or {key: value for key, value in item.items() if key not in ("metadata", "status")},
        user_annotations(item) if watch.watch_annotations_changes else None,
        [watch.playbook, watch.role, watch.vars],
        content_version,
        *([] if further is None else [further]),
    ]
    return f"{_digest(inputs)}.{_digest(sorted((name, *child[:2]) for name, child in children.items()))}"


def _digest(value: t.Any) -> str:
    text = json.dumps(value, sort_keys=True, default=dict, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
