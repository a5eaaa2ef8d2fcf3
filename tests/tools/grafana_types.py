# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read dashboards with the types that Grafana generates from its schemas, and report what they do not contain.

``grafana_types.py FILE...``. It needs grafana-foundation-sdk, see ``requirements/grafana.in``. A misspelt name is lost
when a dashboard is read and written again. The types do not check values, so enumerations are compared here.
"""

from __future__ import annotations

import enum
import json
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """Return the places whose values differ after reading and writing. Grafana leaves out what is empty."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            if name in theirs or value not in (None, [], {}):
                yield from lost(value, theirs.get(name), f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from lost(mine, other, f"{where}[{index}]")
    elif ours != theirs:
        yield f"{where}: {ours!r} is read as {theirs!r}"


def unknown(value: Any, where: str = "") -> Iterator[str]:
    """Return the places whose values are not among those of their enumerations."""
    if isinstance(value, (list, dict)):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from unknown(item, f"{where}.{name}")
    elif hasattr(value, "from_json"):
        for name, kind in t.get_type_hints(type(value)).items():
            item = getattr(value, name, None)
            enums = [one for one in (kind, *t.get_args(kind)) if isinstance(one, type) and issubclass(one, enum.Enum)]
            known = {member.value for one in enums for member in one}
            if enums and isinstance(item, (str, int)) and item not in known:
                yield f"{where}.{name}: {item!r} is not in {enums[0].__name__}"
            yield from unknown(item, f"{where}.{name}")


def main() -> None:
    """Report each difference, and fail if there is one."""
    register_default_plugins()
    found = []
    for name in sys.argv[1:]:
        path = Path(name)
        ours = json.loads(path.read_text(encoding="utf-8"))
        try:
            read = Dashboard.from_json(ours)
            theirs = json.loads(JSONEncoder().encode(read))
        except (ValueError, KeyError, TypeError) as exc:
            found.append(f"{path.name}: {exc!r}")
            continue
        found += [f"{path.name}{problem}" for problem in (*lost(ours, theirs), *unknown(read))]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
