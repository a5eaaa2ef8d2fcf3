# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which MCPServers belong on which clusters, with which values, and in which waves the clusters are changed.

Manifests are data: they are merged with the values of overlays, and never evaluated as templates.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import hashlib
import json
import math
import typing as t

from ..module_utils._util import clean
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload.errors import ManifestError
from ._fleet_errors import FleetError

Server = dict[str, t.Any]
# Returns the hosts of an Ansible pattern.
Resolve = t.Callable[[str], list[str]]
# The fields of a cluster that the batch actions take as its connection.
CONNECTION = ("kubeconfig", "context", "api_server")
_ALL = "*"
# Parts of a manifest that an overlay may set. Another name would be another MCPServer.
_OVERLAID = ("metadata.namespace", "metadata.labels", "metadata.annotations", "spec")


@dataclasses.dataclass(frozen=True)
class Plan:
    """A fleet over clusters.

    :param waves: ``name`` and ``clusters`` of each wave, in the order in which they are changed, and ``of``, the name
        of the wave of which it is a part.
    :param servers: cluster -> key (``CLUSTER/NAMESPACE/NAME``) -> manifest.
    :param connections: cluster -> ``kubeconfig``, ``context`` and ``api_server``.
    """

    waves: list[dict[str, t.Any]]
    servers: dict[str, dict[str, Server]]
    connections: dict[str, dict[str, str]]

    @property
    def digest(self) -> str:
        """Return a hash of the manifests of all clusters."""
        text = json.dumps(self.servers, sort_keys=True, ensure_ascii=True)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, t.Any]:
        """Return the plan as plain data."""
        return {**dataclasses.asdict(self), "digest": self.digest}


def plan(
    servers: t.Sequence[Server],
    clusters: t.Mapping[str, t.Mapping[str, t.Any]],
    resolve: Resolve,
    *,
    placement: t.Sequence[t.Mapping[str, t.Any]] = (),
    waves: t.Sequence[t.Any] = (),
    wave_size: str = "",
) -> Plan:
    """Return the plan of a fleet.

    :param servers: manifests that were checked.
    :param clusters: cluster -> its connection and ``overlays``, a list of dictionaries in the order of application.
    :param resolve: returns the hosts of an Ansible pattern.
    :param placement: rules with ``servers`` and ``clusters``. A server that no rule names is on all clusters.
    :param waves: patterns of clusters, one for each wave. By default the first cluster, and then all others.
    :param wave_size: the most clusters that are changed at once, as a number or a percentage of all clusters.
    :raises FleetError: the inventory is contradictory, or names something that does not exist.
    """
    if not clusters:
        raise FleetError("There is no cluster.", "Set mcp_clusters to a pattern of hosts, each of which is a cluster.")
    _check_overlays(servers, clusters)
    places = _placed(servers, clusters, placement, resolve)
    found = {
        cluster: _of_cluster(cluster, own, [one for one in servers if cluster in places[_name(one)]])
        for cluster, own in clusters.items()
    }
    connections = {
        cluster: {name: str(own.get(name) or "") for name in CONNECTION} for cluster, own in clusters.items()
    }
    # A cluster that gets nothing has no place in a wave.
    changed = [cluster for cluster in clusters if found[cluster]]
    return Plan(_waves(changed, clusters, resolve, waves, wave_size), found, connections)


def overlaid(server: Server, overlays: t.Iterable[t.Mapping[str, t.Any]], cluster: str) -> Server:
    """Return a manifest with the values of a cluster: JSON merge patches (RFC 7396), general ones first.

    :param overlays: each maps a server (``NAME``, ``NAMESPACE/NAME`` or a pattern such as ``search-*``) to a patch.
    :raises FleetError: an overlay sets a field that it may not set, or makes the manifest invalid.
    """
    result = server
    for overlay in overlays:
        for pattern in sorted(overlay, key=lambda one: (not _is_pattern(one), "/" in one)):
            if not _matches(server, pattern):
                continue
            patch = overlay[pattern]
            _check_patch(patch, cluster, pattern)
            result = _merged(result, patch)
    try:
        return manifests.check(result)
    except ManifestError as exc:
        raise FleetError(f"The overlays of the cluster {cluster}: {exc.seen}", exc.action) from None


def _of_cluster(cluster: str, own: t.Mapping[str, t.Any], servers: t.Iterable[Server]) -> dict[str, Server]:
    """Return the manifests of a cluster, by key.

    :raises FleetError: an overlay gives a manifest the namespace of another one of the same name.
    """
    found: dict[str, Server] = {}
    for server in servers:
        result = overlaid(server, own.get("overlays") or [], cluster)
        key = f"{cluster}/{_name(result)}"
        if key in found:
            raise FleetError(
                f"The overlays of the cluster {cluster} make two manifests {_name(result)}.",
                "Give them different namespaces, or place one of them on other clusters.",
            )
        found[key] = result
    return found


def _name(server: Server) -> str:
    return f"{server['metadata']['namespace']}/{server['metadata']['name']}"


def _is_pattern(text: str) -> bool:
    return any(character in text for character in "*?[")


def _matches(server: Server, pattern: str) -> bool:
    own = _name(server) if "/" in pattern else server["metadata"]["name"]
    return fnmatch.fnmatchcase(own, pattern)


def _check_patch(patch: t.Any, cluster: str, pattern: str) -> None:
    where = f"The overlay of {clean(pattern)} for the cluster {cluster}"
    if not isinstance(patch, t.Mapping):
        raise FleetError(f"{where} is not a dictionary.", "Set fields of the manifest, such as spec.")
    meta = patch.get("metadata") or {}
    names = [f"metadata.{name}" for name in meta] if isinstance(meta, t.Mapping) else ["metadata"]
    names += [str(name) for name in patch if name != "metadata"]
    others = [name for name in names if name not in _OVERLAID]
    if others:
        raise FleetError(f"{where} sets {clean(', '.join(others))}.", f"It may set {', '.join(_OVERLAID)}.")
    if isinstance(meta, t.Mapping) and "namespace" in meta and not meta["namespace"]:
        raise FleetError(f"{where} removes metadata.namespace.", "Set the namespace that the server has there.")


def _merged(value: t.Any, patch: t.Any) -> t.Any:
    if not isinstance(patch, t.Mapping):
        return patch
    found = dict(value) if isinstance(value, t.Mapping) else {}
    for key, item in patch.items():
        if item is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), item)
    return found


def _check_overlays(servers: t.Sequence[Server], clusters: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
    for cluster, own in clusters.items():
        for overlay in own.get("overlays") or []:
            if not isinstance(overlay, t.Mapping):
                raise FleetError(
                    f"mcp_overlays of the cluster {cluster} is not a dictionary.", "Map names of servers to fields."
                )
            for pattern in overlay:
                if not isinstance(pattern, str):
                    raise FleetError(
                        f"mcp_overlays of the cluster {cluster} has the key {clean(pattern)}, which is no text.",
                        "Put names in quotes that YAML reads as numbers or as truth values.",
                    )
                if not _is_pattern(pattern) and not any(_matches(server, pattern) for server in servers):
                    raise FleetError(
                        f"mcp_overlays of the cluster {cluster} names {clean(pattern)}, and no manifest has this name.",
                        "Correct the name. One that may be missing needs a pattern.",
                    )


def _placed(
    servers: t.Sequence[Server],
    clusters: t.Mapping[str, t.Any],
    placement: t.Sequence[t.Mapping[str, t.Any]],
    resolve: Resolve,
) -> dict[str, set[str]]:
    """Return the clusters of each server."""
    places: dict[str, set[str] | None] = {_name(server): None for server in servers}
    for number, rule in enumerate(placement):
        where = f"mcp_placement[{number}]"
        unknown = [str(key) for key in rule if key not in ("servers", "clusters")]
        if unknown or "clusters" not in rule:
            raise FleetError(
                f"{where} has {clean(', '.join(unknown)) or 'no clusters'}.",
                "A rule has clusters, a pattern or a list of patterns, and servers, names or patterns.",
            )
        for field in ("servers", "clusters"):
            if not isinstance(rule.get(field, _ALL), (str, list)):
                raise FleetError(f"{where} has no usable {field}.", "Set a name, a pattern, or a list of them.")
        chosen = {host for pattern in _list(rule["clusters"]) for host in _hosts(pattern, clusters, resolve, where)}
        for pattern in _list(rule.get("servers", _ALL)):
            named = [server for server in servers if _matches(server, pattern)]
            if not named and not _is_pattern(pattern):
                raise FleetError(f"{where} names {clean(pattern)}, and no manifest has this name.", "Correct the name.")
            for server in named:
                places[_name(server)] = (places[_name(server)] or set()) | chosen
    return {name: set(clusters) if found is None else found for name, found in places.items()}


def _waves(
    changed: t.Sequence[str],
    clusters: t.Mapping[str, t.Any],
    resolve: Resolve,
    wanted: t.Sequence[t.Any],
    wave_size: str,
) -> list[dict[str, t.Any]]:
    if wanted:
        named = [(str(pattern), _hosts(str(pattern), clusters, resolve, "mcp_waves")) for pattern in wanted]
    else:
        named = [("canary", list(changed[:1])), ("all", list(changed[1:]))]
    size = _size(wave_size, len(changed))
    waves: list[dict[str, t.Any]] = []
    seen: set[str] = set()
    for name, hosts in named:
        own = [host for host in hosts if host not in seen and host in changed]
        seen.update(own)
        parts = [own[start : start + size] for start in range(0, len(own), size)]
        for number, part in enumerate(parts, start=1):
            title = name if len(parts) == 1 else f"{name} {number}/{len(parts)}"
            waves.append({"name": title, "of": name, "clusters": part})
    left = [cluster for cluster in changed if cluster not in seen]
    if left:
        raise FleetError(
            f"These clusters are in no wave: {', '.join(left)}.",
            "Add a pattern to mcp_waves, for example '*' as the last one, or correct mcp_clusters.",
        )
    return waves


def _size(text: str, total: int) -> int:
    """Return the most clusters of a wave."""
    plain = str(text or "").strip()
    if not plain:
        return max(1, total)
    number = plain.removesuffix("%")
    if not number.isascii() or not number.isdecimal() or int(number) < 1:
        raise FleetError(f"mcp_wave_size is {clean(plain)}.", "Set a number of clusters, or a percentage such as 25%.")
    return max(1, math.floor(total * int(number) / 100)) if plain.endswith("%") else int(number)


def _hosts(pattern: str, clusters: t.Mapping[str, t.Any], resolve: Resolve, where: str) -> list[str]:
    found = [host for host in resolve(pattern) if host in clusters]
    if not found:
        raise FleetError(
            f"{where} names {clean(pattern)}, and no cluster of mcp_clusters matches it.", "Correct the pattern."
        )
    return found


def _list(value: t.Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value]
