# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Compare the fleet of the manifests with what clusters have."""

from __future__ import annotations

import typing as t

from ..module_utils._util import as_mapping, clean, mask_secrets
from ..module_utils._workload.table import is_healthy, lines
from ._fleet_errors import FleetError
from ._spec_diff import differences

MISSING, EXTRA, DIFFERENT, OLDER, UNVALIDATED, UNREACHABLE = STATES = (
    "missing",
    "extra",
    "different",
    "older",
    "unvalidated",
    "unreachable",
)
_COLUMNS = ("CLUSTER", "SERVER", "STATE", "DETAILS")
_MAX_MESSAGE = 300
# The fields that the table names; the result has all.
_SHOWN = 5

Row = dict[str, t.Any]


class Drift:
    """What differs.

    :param plan: ``Plan.to_dict()``.
    :param found: cluster -> ``servers`` or ``error`` of the module mcpserver_list.
    :param labels: an MCPServer that no manifest has is extra only if it has these labels.
    :param operator_version: the expected version of the operators; empty for any.
    """

    def __init__(
        self,
        plan: t.Mapping[str, t.Any],
        found: t.Mapping[str, t.Any],
        *,
        labels: t.Mapping[str, str],
        operator_version: str = "",
    ) -> None:
        self._plan = plan
        self._found = found
        self._labels = labels
        self._operator_version = operator_version
        self.rows = [row for cluster in plan["connections"] for row in self._rows(cluster)]

    def to_dict(self) -> dict[str, t.Any]:
        """Return the report: all clusters and MCPServers, and how many have which state."""
        counts = {state: sum(state in row["states"] for row in self.rows) for state in STATES}
        clusters = {
            cluster: {
                "api_server": clean(own.get("api_server")),
                "operator_version": clean(own.get("operator_version")),
                "error": clean(own.get("error"), _MAX_MESSAGE),
            }
            for cluster, own in ((name, as_mapping(self._found.get(name))) for name in self._plan["connections"])
        }
        return {
            "drifted": any(row["states"] for row in self.rows),
            "change": self._plan["digest"],
            "counts": counts,
            "clusters": clusters,
            "servers": self.rows,
        }

    def table(self) -> list[str]:
        """Return the lines of a table with what differs, and of a summary."""
        cells = [
            [row["cluster"], row["server"] or "-", ",".join(row["states"]), _details(row)]
            for row in self.rows
            if row["states"]
        ]
        servers = [row for row in self.rows if row["server"]]
        same = sum(not row["states"] for row in servers)
        summary = (
            f"{same} of {len(servers)} MCPServers on {len(self._plan['connections'])} clusters are as in the manifests."
        )
        return [*(lines(cells, _COLUMNS) if cells else []), *([""] if cells else []), summary]

    def hosts(self, fail_on: t.Collection[str]) -> dict[str, dict[str, t.Any]]:
        """Return a result for each cluster, which has failed if it has one of these states.

        :raises FleetError: a state is unknown.
        """
        unknown = [state for state in fail_on if state not in STATES]
        if unknown:
            raise FleetError(
                f"mcp_fail_on_drift has {clean(', '.join(unknown))}.", f"The states are {', '.join(STATES)}."
            )
        found = {}
        for cluster in self._plan["connections"]:
            own = [row for row in self.rows if row["cluster"] == cluster and set(row["states"]) & set(fail_on)]
            texts = [
                f"{row['server'] or 'The cluster'} is {' and '.join(row['states'])}: {_details(row)}" for row in own
            ]
            found[cluster] = {"failed": bool(own), "changed": False, "msg": clean(" ".join(texts), 1000)}
        return found

    def _rows(self, cluster: str) -> t.Iterator[Row]:
        listed = as_mapping(self._found.get(cluster))
        if listed.get("error") or "servers" not in listed:
            yield _row(cluster, "", [UNREACHABLE], str(listed.get("error") or "It was not read."))
            return
        version = str(listed.get("operator_version") or "")
        if self._operator_version and version != self._operator_version:
            yield _row(cluster, "", [OLDER], f"Its operator is {version or 'unknown'}, not {self._operator_version}.")
        there = {f"{cluster}/{one['namespace']}/{one['name']}": one for one in listed["servers"]}
        wanted = self._plan["servers"][cluster]
        for key, manifest in wanted.items():
            yield _compared(cluster, key.split("/", 1)[1], manifest, there.get(key))
        for key, one in there.items():
            if (
                key not in wanted
                and self._labels.items() <= as_mapping(one["manifest"]["metadata"].get("labels")).items()
            ):
                yield _row(cluster, key.split("/", 1)[1], [EXTRA], "No manifest has it for this cluster.")


def _row(cluster: str, server: str, states: list[str], message: str = "") -> Row:
    return {
        "cluster": cluster,
        "server": server,
        "states": states,
        "fields": [],
        "image": "",
        "version": "",
        "message": clean(message, _MAX_MESSAGE),
    }


def _compared(cluster: str, name: str, manifest: Row, found: Row | None) -> Row:
    """Return the row of an MCPServer that belongs on the cluster."""
    if found is None or found.get("terminating"):
        return _row(cluster, name, [MISSING], "It is being deleted." if found else "It does not exist.")
    row = _row(cluster, name, [])
    own, status = found["manifest"], as_mapping(found.get("status"))
    row["fields"] = [*_metadata(manifest, own), *differences(manifest["spec"], own["spec"])]
    row["image"] = clean(own["spec"].get("image"))
    row["version"] = clean(as_mapping(as_mapping(status.get("validation")).get("serverInfo")).get("version"), 60)
    if row["fields"]:
        row["states"].append(DIFFERENT)
    observed = status.get("observedGeneration")
    if observed != found.get("generation"):
        row["states"].append(OLDER)
        processed = isinstance(observed, int) and observed > 0
        row["message"] = (
            f"Its status is about generation {observed} of {found.get('generation')}."
            if processed
            else "It was not processed yet."
        )
    if not is_healthy({**own, "status": status}):
        row["states"].append(UNVALIDATED)
        own_message = clean(status.get("message"), _MAX_MESSAGE)
        row["message"] = clean(" ".join(filter(None, (row["message"], own_message))), _MAX_MESSAGE)
    return row


def _metadata(manifest: Row, found: Row) -> list[dict[str, str]]:
    """Return the labels and annotations of the manifest that the cluster does not have. It may have others."""
    fields = []
    for part in ("labels", "annotations"):
        there = as_mapping(found["metadata"].get(part))
        for key, value in as_mapping(manifest["metadata"].get(part)).items():
            if there.get(key) != value:
                path = f"metadata.{part}[{key}]"
                values = ({key: one} for one in (value, there.get(key)))
                git, cluster = (clean(mask_secrets(one)[key], 120) for one in values)
                fields.append({"path": clean(path), "git": git, "cluster": cluster})
    return fields


def _details(row: t.Mapping[str, t.Any]) -> str:
    texts = [
        f"{one['path']}: {one['git'] or '(none)'} -> {one['cluster'] or '(none)'}" for one in row["fields"][:_SHOWN]
    ]
    more = len(row["fields"]) - _SHOWN
    return "; ".join(filter(None, (*texts, f"{more} more fields" if more > 0 else "", row["message"])))
