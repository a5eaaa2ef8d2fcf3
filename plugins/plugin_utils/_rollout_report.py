# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a rollout records and reports about each MCPServer."""

from __future__ import annotations

import typing as t

from ..module_utils._util import as_mapping, clean
from ..module_utils._workload.table import lines

Result = dict[str, t.Any]
_COLUMNS = ("CLUSTER", "WAVE", "RESULT", "SERVER", "IMAGE", "VERSION", "GENERATION", "VALIDATED SINCE")


def table(found: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """Return the lines of a report."""
    names = [title.lower().replace(" ", "_") for title in _COLUMNS]
    return lines([[str(row[name] or "") for name in names] for row in found], _COLUMNS)


def record(own: dict[str, t.Any], keys: t.Iterable[str], results: t.Sequence[t.Mapping[str, Result]]) -> list[str]:
    """Record the MCPServers of a cluster, and return what is wrong with them."""
    problems = []
    for key in keys:
        entry = own["servers"].setdefault(key, {})
        given = [step[key] for step in results if key in step]
        entry["changed"] = bool(entry.get("changed")) or any(one.get("changed") for one in given)
        seen = [one["server"] for one in given if one.get("server")]
        if seen:
            entry.update(_facts(seen[-1]))
        bad = next((one for one in given if one.get("failed")), None)
        if bad is not None or not given:
            message = "It was not processed." if bad is None else str(bad.get("msg") or "It failed.")
            name = key.split("/", 1)[1]
            problems.append(message if name in message else f"{name}: {message}")
    return problems


def facts_after(before: t.Mapping[str, t.Any] | None, result: t.Mapping[str, t.Any] | None) -> Result:
    """Return what a report says about an MCPServer after a rollback.

    :param before: its manifest; None for one that did not exist.
    :param result: of its observation; None if it was not observed.
    """
    if before is None:
        return {"image": "(deleted)", "version": "", "generation": 0, "validated_since": ""}
    return _facts((result or {}).get("server") or {"spec": before["spec"]})


def _facts(server: t.Mapping[str, t.Any]) -> Result:
    """Return what a report says about an MCPServer."""
    status = as_mapping(server.get("status"))
    validation = as_mapping(status.get("validation"))
    passed = [
        entry.get("lastTransitionTime")
        for entry in status.get("conditions") or []
        if (entry.get("type"), entry.get("status")) == ("Validated", "True")
    ]
    return {
        "image": clean(as_mapping(server.get("spec")).get("image")),
        "version": clean(as_mapping(validation.get("serverInfo")).get("version"), 60),
        "generation": int(as_mapping(server.get("metadata")).get("generation") or 0),
        "validated_since": clean(passed[0] if passed else "", 40),
    }


def rows(cluster: str, own: t.Mapping[str, t.Any]) -> t.Iterator[Result]:
    blank = {"image": "", "version": "", "generation": 0, "validated_since": "", "changed": False}
    for key, facts in own["servers"].items() or [("", blank)]:
        yield {
            **blank,
            **facts,
            "cluster": cluster,
            "wave": own["wave"],
            "result": own["phase"],
            "message": own["message"],
            "server": key.split("/", 1)[-1],
        }
