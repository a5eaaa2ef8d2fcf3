# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Merge ``spec.podTemplate.spec`` of a manifest into the rendered Pod spec, as ``kubectl patch`` merges.

Only what the profile "baseline" of the Pod Security Standards admits is merged: the right to write MCPServers must not
give access to the node.
"""

from __future__ import annotations

import typing as t

from .._util import as_mapping
from .errors import ManifestError

# Lists whose entries are merged by a key, as the API of Kubernetes defines. Other lists are replaced.
_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "env": ("name",),
    "ports": ("containerPort",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "resourceClaims": ("name",),
}
_CONTAINERS = ("containers", "initContainers")
# Fields that the operator, Kubernetes or another field of the manifest sets.
_RESERVED = {
    **dict.fromkeys(
        ("ephemeralContainers", "nodeName", "readinessGates", "schedulingGates", "serviceAccount"),
        "manifests cannot set it",
    ),
    "serviceAccountName": "use spec.podTemplate.serviceAccountName",
}
_REFUSED = {
    **dict.fromkeys(
        ("hostNetwork", "hostPID", "hostIPC"), "the profile baseline of the Pod Security Standards forbids it"
    ),
    "automountServiceAccountToken": "mount a projected token instead",
    **_RESERVED,
}
_CAPABILITIES = frozenset({"NET_BIND_SERVICE"})


def merge(ours: t.Mapping[str, t.Any], theirs: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a Pod spec with a partial one merged into it.

    A container that only the manifest has gets the server container's security context as default.

    :param ours: the rendered Pod spec.
    :param theirs: ``spec.podTemplate.spec``.
    :raises ManifestError: it sets a forbidden field, or is not structured like a Pod spec.
    """
    _check(theirs)
    security = ours["containers"][0].get("securityContext") or {}
    known = {container["name"] for field in _CONTAINERS for container in ours.get(field) or []}
    merged = _merge(ours, theirs, "spec.podTemplate.spec")
    for field in _CONTAINERS:
        for container in merged.get(field) or []:
            if container["name"] not in known:
                container["securityContext"] = {**security, **(container.get("securityContext") or {})}
    return merged


def _merge(ours: t.Mapping[str, t.Any], theirs: t.Mapping[str, t.Any], path: str) -> dict[str, t.Any]:
    merged = dict(ours)
    for name, value in theirs.items():
        before = merged.get(name)
        where = f"{path}.{name}"
        if value is None:
            merged.pop(name, None)
        elif isinstance(before, dict) and isinstance(value, dict):
            merged[name] = _merge(before, value, where)
        elif isinstance(value, list) and name in _KEYS:
            merged[name] = _merge_lists(before or [], value, _KEYS[name], where)
        else:
            merged[name] = value
    return merged


def _merge_lists(ours: list[t.Any], theirs: list[t.Any], keys: tuple[str, ...], path: str) -> list[t.Any]:
    merged = {_key(entry, keys, path): entry for entry in ours}
    for entry in theirs:
        key = _key(entry, keys, path)
        before = merged.get(key, {})
        if path.endswith(".env") and ("value" in entry or "valueFrom" in entry):
            before = {}  # a variable has either value or valueFrom
        merged[key] = _merge(before, entry, path)
    return list(merged.values())


def _key(entry: t.Any, keys: tuple[str, ...], path: str) -> tuple[str, ...]:
    if not isinstance(entry, dict) or any(entry.get(key) is None for key in keys[:1]):
        raise ManifestError(f"An entry of {path} has no {keys[0]}.", f"Set {keys[0]} in each entry.")
    return tuple(str(entry.get(key)) for key in keys)


def _check(spec: t.Mapping[str, t.Any]) -> None:
    for name, why in _REFUSED.items():
        if spec.get(name) or (name in _RESERVED and name in spec):
            raise _refused(name, why)
    if any("hostPath" in volume for volume in _dicts(spec, "volumes")):
        raise _refused("volumes[].hostPath", "it gives access to the node's file system")
    _check_security("securityContext", spec.get("securityContext"))
    for field in _CONTAINERS:
        for container in _dicts(spec, field):
            _check_security(f"{field}[].securityContext", container.get("securityContext"))
            if any(port.get("hostPort") for port in _dicts(container, "ports")):
                raise _refused(f"{field}[].ports[].hostPort", "it binds a port of the node")


def _check_security(path: str, context: t.Any) -> None:
    if not isinstance(context, dict):
        return
    capabilities, windows = as_mapping(context.get("capabilities")), as_mapping(context.get("windowsOptions"))
    added = set(map(str, capabilities.get("add") or []))
    given = {
        "privileged": context.get("privileged"),
        "procMount": context.get("procMount") not in (None, "Default"),
        "seccompProfile": as_mapping(context.get("seccompProfile")).get("type") == "Unconfined",
        "appArmorProfile": as_mapping(context.get("appArmorProfile")).get("type") == "Unconfined",
        "windowsOptions.hostProcess": windows.get("hostProcess"),
        "sysctls": "sysctls" in context,
        "capabilities.add": added - _CAPABILITIES,
    }
    for name, bad in given.items():
        if bad:
            raise _refused(f"{path}.{name}", "the profile baseline of the Pod Security Standards forbids it")


def _dicts(parent: t.Mapping[str, t.Any], field: str) -> list[dict[str, t.Any]]:
    value = parent.get(field)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _refused(path: str, why: str) -> ManifestError:
    return ManifestError(f"spec.podTemplate.spec.{path} is not allowed: {why}.", "Remove it.")
