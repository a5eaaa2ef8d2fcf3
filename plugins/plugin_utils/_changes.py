# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What an apply changed, for the recap and for people."""

from __future__ import annotations

import typing as t

import yaml

from ..module_utils._kube.resources import describe
from ..module_utils._util import mask_secrets

# What the API server keeps about an object; nothing that a person changed.
_BOOKKEEPING = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink")

Item = dict[str, t.Any]


def record(result: dict[str, t.Any], before: Item | None, after: Item | None, *, dry_run: bool) -> None:
    """Add to a host's result what became of one object, None standing for an object that is not there.

    An object changed when its resourceVersion moved; in check mode it does not, and what would be is compared.
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
        action = "unchanged" if same else "configured"
    result["objects"].append({"kind": some["kind"], "name": some["metadata"]["name"], "action": action})
    if action != "unchanged":
        result["changed"] = True
        header = describe(some)
        diff = {"before": _text(old), "after": _text(new), "before_header": header, "after_header": header}
        result["diff"].append(diff)


def _plain(item: Item | None) -> Item | None:
    """Return an object as a person would write it: no status, no bookkeeping, no secrets."""
    if item is None:
        return None
    meta = {key: value for key, value in item["metadata"].items() if key not in _BOOKKEEPING}
    plain = {key: value for key, value in item.items() if key != "status"}
    return t.cast("Item", mask_secrets({**plain, "metadata": meta}))


def _text(item: Item | None) -> str:
    return "" if item is None else str(yaml.safe_dump(item, sort_keys=True, allow_unicode=True))
