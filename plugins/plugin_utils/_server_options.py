# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The manifest of an MCPServer from the options of the module mcpserver."""

from __future__ import annotations

import typing as t

from ..module_utils._util import as_mapping, clean
from ..module_utils._workload import names
from ..module_utils._workload.errors import ManifestError

STDIO = "stdio"
TRANSPORTS = ("auto", "streamable-http", "sse", STDIO)

# Documented in plugins/modules/mcpserver.py.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "namespace": {"type": "str"},
    "resource_definition": {"type": "dict", "aliases": ["definition", "inline"]},
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "image": {"type": "str"},
    "command": {"type": "list", "elements": "str"},
    "args": {"type": "list", "elements": "str"},
    "env": {"type": "dict"},
    "transport": {"type": "str", "choices": list(TRANSPORTS)},
    "port": {"type": "int"},
    "path": {"type": "str"},
    "replicas": {"type": "int"},
    "resources": {"type": "dict"},
    "service_account": {"type": "str"},
    "image_pull_secrets": {"type": "list", "elements": "str"},
    "required_capabilities": {"type": "list", "elements": "str"},
    "strict": {"type": "bool"},
    "spec": {"type": "dict"},
}
# Options whose value is that of a field of the spec.
_FIELDS: dict[str, tuple[str, ...]] = {
    "image": ("image",),
    "command": ("command",),
    "args": ("args",),
    "port": ("transport", "config", "http", "port"),
    "path": ("transport", "config", "http", "path"),
    "replicas": ("replicas",),
    "resources": ("resources",),
    "service_account": ("podTemplate", "serviceAccountName"),
    "required_capabilities": ("validation", "requiredCapabilities"),
    "strict": ("validation", "strictMode"),
}

Options = t.Mapping[str, t.Any]
Object = dict[str, t.Any]


def identity(options: Options) -> tuple[str, str]:
    """Return the namespace and the name that the options mean.

    :raises ManifestError: there is no name.
    """
    metadata = as_mapping((options["resource_definition"] or {}).get("metadata"))
    name = options["name"] or metadata.get("name")
    if not name:
        raise ManifestError("There is no name.", "Set name, or metadata.name in the definition.")
    return str(options["namespace"] or metadata.get("namespace") or "default"), str(name)


def manifest(options: Options) -> Object:
    """Return the manifest; an option that is set takes precedence over the same field of the definition.

    :raises ManifestError: there is no name, or a value of ``env`` is neither a string, a number nor a reference.
    """
    given = options["resource_definition"] or {}
    namespace, name = identity(options)
    metadata = {**as_mapping(given.get("metadata")), "name": name, "namespace": namespace}
    for key in ("labels", "annotations"):
        if options[key] is not None:
            metadata[key] = {key: str(value) for key, value in options[key].items()}
    spec = _merged(as_mapping(given.get("spec")), options["spec"] or {})
    for option, path in _FIELDS.items():
        if options[option] is not None:
            spec = _merged(spec, _nested(path, options[option]))
    if options["transport"] is not None:
        spec = _merged(spec, {"transport": _transport(options["transport"])})
    if options["image_pull_secrets"] is not None:
        secrets = [{"name": secret} for secret in options["image_pull_secrets"]]
        spec = _merged(spec, {"podTemplate": {"imagePullSecrets": secrets}})
    if options["env"] is not None:
        spec["environment"] = [_variable(*item) for item in options["env"].items()]
    return {"apiVersion": names.API_VERSION, "kind": names.KIND, **given, "metadata": metadata, "spec": spec}


def _nested(path: t.Sequence[str], value: t.Any) -> Object:
    for key in reversed(path):
        value = {key: value}
    return t.cast("Object", value)


def _merged(base: t.Mapping[str, t.Any], other: t.Mapping[str, t.Any]) -> Object:
    """Return both, with the values of the other one where both have a key; mappings are merged, lists are not."""
    found = dict(base)
    for key, value in other.items():
        before = found.get(key)
        both = isinstance(before, t.Mapping) and isinstance(value, t.Mapping)
        found[key] = _merged(t.cast("Object", before), value) if both else value
    return found


def _transport(wanted: str) -> Object:
    return {"type": STDIO} if wanted == STDIO else {"type": "http", "protocol": wanted}


def _variable(name: str, value: t.Any) -> Object:
    if isinstance(value, t.Mapping):
        return {"name": name, "valueFrom": dict(value)}
    # YAML reads yes, no, on and off as booleans: the server would get another text than was written.
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ManifestError(f"The value of {clean(name)} in env is not a string.", "Quote it.")
    return {"name": name, "value": str(value)}
