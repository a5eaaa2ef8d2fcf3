# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator status --migration``: which MCPServers break when a revision of MCP removes what is deprecated."""

from __future__ import annotations

import sys
import typing as t

from .._vendor._deprecations import DEPRECATIONS, REGISTRY
from .._vendor._workload.table import no_servers

if t.TYPE_CHECKING:
    from .server_summary import Summary

# The policy: the first revision on or after the date may remove the feature, and none has to.
_NOTE: t.Final = "A revision of MCP that is released on the date or later may remove the feature."


def migration_report(found: t.Sequence[Summary], errors: t.Mapping[str, str]) -> dict[str, t.Any]:
    """Return the report as JSON data; what may be removed first is first.

    :param found: the summaries of all MCPServers.
    :param errors: why a cluster could not be read.
    """
    features = [
        {
            "feature": one.feature,
            "title": one.title,
            "code": one.code,
            "deprecatedSince": one.since,
            "earliestRemoval": one.earliest_removal,
            "specification": one.page,
            "migration": one.migration,
            "servers": [_place(summary) for summary in found if one.feature in (summary["deprecatedFeatures"] or ())],
        }
        for one in DEPRECATIONS.values()
    ]
    unknown = [_place(summary) for summary in found if summary["deprecatedFeatures"] is None]
    return {"source": REGISTRY, "features": features, "unknown": unknown, "unreachable": dict(errors)}


def uses_deprecated(found: t.Sequence[Summary]) -> bool:
    """Tell whether an MCPServer uses a deprecated feature."""
    return any(summary["deprecatedFeatures"] for summary in found)


def write_text(found: t.Sequence[Summary], errors: t.Mapping[str, str], namespace: str | None = None) -> None:
    """Write the report as text: each feature that is used, its date, what to do, and the servers.

    :param namespace: that is shown; None for all.
    """
    report = migration_report(found, errors)
    lines: list[str] = []
    for feature in report["features"]:
        if feature["servers"]:
            since, removal = feature["deprecatedSince"], feature["earliestRemoval"]
            lines += [
                f"{feature['title']}: deprecated since {since}, earliest removal {removal}",
                f"  {feature['migration']} {feature['specification']}",
                *(f"  - {_shown(server)}" for server in feature["servers"]),
                "",
            ]
    if report["unknown"]:
        lines += [
            "Unknown, because they have not been validated:",
            *(f"  - {_shown(s)}" for s in report["unknown"]),
            "",
        ]
    using = sum(bool(summary["deprecatedFeatures"]) for summary in found)
    if found:
        lines.append(f"{using} of {len(found)} MCPServers use deprecated features. {_NOTE}")
    elif not errors:
        lines.append(no_servers(namespace))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    for cluster, error in errors.items():
        sys.stderr.write(f"mcp-operator: cluster {cluster}: {error}\n")


def _place(summary: Summary) -> dict[str, str]:
    return {name: summary[name] for name in ("cluster", "namespace", "name")}


def _shown(server: t.Mapping[str, str]) -> str:
    return f"{server['namespace']}/{server['name']} ({server['cluster']})"
