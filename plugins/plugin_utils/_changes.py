# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The changes of an apply, for the recap and for diffs."""

from __future__ import annotations

import typing as t

import yaml

from ..module_utils._kube.resources import describe
from ..module_utils._util import mask_secrets

# Metadata that the API server sets.
_BOOKKEEPING = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink")

Item = dict[str, t.Any]


def record(result: dict[str, t.Any], before: Item | None, after: Item | None, *, dry_run: bool) -> None:
    """Add the change of one object to a host's result. None stands for an object that does not exist.

    An object has changed if its resourceVersion, and its content or whose fields are which. The API server writes an
    object once more where it had not stored a default yet. In check mode the version never changes, so only the content
    is compared.
    """
    some = after or before or {}
    old, new = _plain(before), _plain(after)
    if before is None:
        action = "created"
    elif after is None:
        action = "deleted"
    elif dry_run:
        action = "unchanged" if old == new else "configured"
    else:
        same = before["metadata"].get("resourceVersion") == after["metadata"].get("resourceVersion")
        action = "unchanged" if same or (old == new and _owners(before) == _owners(after)) else "configured"
    result["objects"].append({"kind": some["kind"], "name": some["metadata"]["name"], "action": action})
    if action != "unchanged":
        result["changed"] = True
        header = describe(some)
        diff = {"before": _text(old), "after": _text(new), "before_header": header, "after_header": header}
        result["diff"].append(diff)


def _owners(item: Item) -> list[dict[str, t.Any]]:
    """Return whose fields are which, without the times."""
    entries = item["metadata"].get("managedFields") or []
    return [{key: value for key, value in entry.items() if key != "time"} for entry in entries]


def _plain(item: Item | None) -> Item | None:
    """Return an object without status, without metadata of the API server, and with masked secrets."""
    if item is None:
        return None
    meta = {key: value for key, value in item["metadata"].items() if key not in _BOOKKEEPING}
    plain = {key: value for key, value in item.items() if key != "status"}
    return t.cast("Item", mask_secrets({**plain, "metadata": meta}))


def _text(item: Item | None) -> str:
    """Return an object as YAML in which characters that hide or reorder text are escaped."""
    if item is None:
        return ""
    dumped = str(yaml.safe_dump(item, sort_keys=True, allow_unicode=True))
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in dumped)
