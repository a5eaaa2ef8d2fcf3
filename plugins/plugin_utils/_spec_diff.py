# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which fields of two specs differ, with the defaults of the CustomResourceDefinition on both sides."""

from __future__ import annotations

import json
import typing as t

from ..module_utils._util import as_mapping, clean, mask_secrets
from ._crd_schema import spec_schema

# The most fields of one MCPServer that are returned, and the most characters of a value.
_MAX_FIELDS = 50
_MAX_VALUE = 120
_MISSING: t.Any = object()

Field = dict[str, str]
# Path, value and masked value in the first spec, the same of the second one.
_Found = tuple[str, t.Any, t.Any]


def differences(wanted: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any]) -> list[Field]:
    """Return ``path``, ``git`` and ``cluster`` of each field of a spec that differs, values as JSON.

    Values whose names look like secrets are compared, but masked in the result. A missing field has an empty value.
    """
    specs = [_defaulted(dict(one), spec_schema()) for one in (wanted, found)]
    pairs = zip(specs, map(mask_secrets, specs))
    return [
        {"path": clean(path), "git": _text(one), "cluster": _text(other)}
        for path, one, other in _compared("spec", *pairs)
    ][:_MAX_FIELDS]


def _text(value: t.Any) -> str:
    return "" if value is _MISSING else clean(json.dumps(value, sort_keys=True, ensure_ascii=False), _MAX_VALUE)


def _compared(path: str, one: tuple[t.Any, t.Any], other: tuple[t.Any, t.Any]) -> t.Iterator[_Found]:
    """Yield the differences of two values, each of which is given with its masked copy."""
    mappings = [_entries(*side) for side in (one, other)]
    first, second = mappings
    if first is None or second is None or isinstance(one[0], list) != isinstance(other[0], list):
        if one[0] != other[0]:
            yield path, one[1], other[1]
        return
    by_name = isinstance(one[0], list)
    for key in dict.fromkeys([*first, *second]):
        where = f"{path}[{key}]" if by_name else f"{path}.{key}"
        yield from _compared(where, first.get(key, (_MISSING, _MISSING)), second.get(key, (_MISSING, _MISSING)))
    if by_name and list(first) != list(second) and set(first) == set(second):
        yield f"{path} (order)", list(first), list(second)


def _entries(value: t.Any, masked: t.Any) -> dict[t.Any, tuple[t.Any, t.Any]] | None:
    """Return the parts of a mapping, or of a list by the names of its entries or by index; None for other values."""
    if isinstance(value, dict):
        return {key: (item, masked[key]) for key, item in value.items()}
    if not isinstance(value, list):
        return None
    names = [as_mapping(item).get("name") for item in value]
    keys = (
        names if all(isinstance(name, str) for name in names) and len(set(names)) == len(names) else range(len(value))
    )
    return dict(zip(keys, zip(value, masked)))


def _defaulted(value: t.Any, schema: t.Mapping[str, t.Any]) -> t.Any:
    """Return a value without nulls and with the defaults of its schema, as the API server stores it."""
    if isinstance(value, list):
        return [_defaulted(item, schema.get("items") or {}) for item in value]
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties") or {}
    others = as_mapping(schema.get("additionalProperties"))
    found = {key: item for key, item in value.items() if item is not None or key not in properties}
    for key, own in properties.items():
        if "default" in own:
            found.setdefault(key, own["default"])
    return {key: _defaulted(item, properties.get(key, others)) for key, item in found.items()}
