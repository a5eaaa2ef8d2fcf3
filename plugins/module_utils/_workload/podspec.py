# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Merge ``spec.podTemplate.spec`` of a manifest into the rendered Pod spec, as ``kubectl patch`` merges.

The result is not necessarily allowed: :mod:`.pod_security` checks the finished Pod template.
"""

from __future__ import annotations

import typing as t

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
# Fields that the operator or another field of the manifest sets.
_RESERVED = {
    "readinessGates": "manifests cannot set this field",
    "serviceAccount": "use spec.podTemplate.serviceAccountName",
    "serviceAccountName": "use spec.podTemplate.serviceAccountName",
}
# A null removes a field, as in a strategic merge patch, except those without which a Pod is less secure.
_PROTECTED = frozenset({"automountServiceAccountToken", "containers", "enableServiceLinks", "securityContext"})


def merge(ours: t.Mapping[str, t.Any], theirs: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a Pod spec with a partial one merged into it.

    A container that only the manifest has gets the server container's security context as default.

    :param ours: the rendered Pod spec.
    :param theirs: ``spec.podTemplate.spec``.
    :raises ManifestError: it sets a reserved field, or is not structured like a Pod spec.
    """
    for name, why in _RESERVED.items():
        if name in theirs:
            raise ManifestError(f"spec.podTemplate.spec.{name} is not allowed: {why}.", "Remove it.")
    security = ours["containers"][0].get("securityContext") or {}
    merged = _merge(ours, theirs, "spec.podTemplate.spec")
    for field in _CONTAINERS:
        containers = merged.get(field) or []
        if not isinstance(containers, list):
            raise _not_a_list(f"spec.podTemplate.spec.{field}")
        known = [container["name"] for container in ours.get(field) or []]
        for container in containers:
            if container["name"] not in known:
                container["securityContext"] = _with_defaults(container.get("securityContext"), security)
    return merged


def _with_defaults(given: t.Any, defaults: t.Mapping[str, t.Any]) -> t.Any:
    """Return a security context; its fields replace those of the defaults, and nulls do not."""
    if not isinstance(given, dict):
        return given or defaults
    merged = dict(defaults)
    for name, value in given.items():
        before = defaults.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[name] = {key: before.get(key) if part is None else part for key, part in value.items()}
        elif value is not None:
            merged[name] = value
    return merged


def _merge(ours: t.Mapping[str, t.Any], theirs: t.Mapping[str, t.Any], path: str) -> dict[str, t.Any]:
    merged = dict(ours)
    for name, value in theirs.items():
        before = merged.get(name)
        where = f"{path}.{name}"
        if value is None:
            if name not in _PROTECTED and ".securityContext" not in path:
                merged.pop(name, None)
        elif isinstance(before, dict) and isinstance(value, dict):
            merged[name] = _merge(before, value, where)
        elif isinstance(value, list) and name in _KEYS:
            merged[name] = _merge_lists(before or [], value, _KEYS[name], where)
        elif isinstance(before, list) and name in _KEYS:
            raise _not_a_list(where)
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


def _not_a_list(path: str) -> ManifestError:
    return ManifestError(f"{path} is not a list.", "Correct the manifest.")
