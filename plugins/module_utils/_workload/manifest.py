# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What must be true of a manifest before anything is done with it.

The CustomResourceDefinition's schema is the API server's to enforce; here is only what has to hold before the API
server sees the object, or what it cannot see: that children named after the MCPServer can have that name.
"""

from __future__ import annotations

import json
import math
import re
import typing as t

from . import stdio
from .errors import ManifestError
from .names import API_VERSION, KIND

# A Service has the MCPServer's name: RFC 1035 label (validation of Service names in Kubernetes before 1.34).
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
# Nodes of one manifest, aliases counted each time: a bound on what a few lines of YAML can grow to.
MAX_NODES = 100_000
MAX_DEPTH = 64
# etcd's request limit is 1.5 MiB; what comes near it is no manifest.
MAX_STRING = 1024 * 1024


def check(manifest: t.Any, default_namespace: str = "default") -> dict[str, t.Any]:
    """Return the manifest with its namespace filled in.

    :param manifest: a decoded document.
    :param default_namespace: for a manifest that names none.
    :raises ManifestError: it is not an MCPServer that can be deployed.
    """
    if not isinstance(manifest, t.Mapping):
        raise ManifestError(f"A manifest is a mapping, this is {_article(manifest)}.", "See the README's quick start.")
    if manifest.get("kind") != KIND or manifest.get("apiVersion") != API_VERSION:
        raise ManifestError(
            f"This is {_text(manifest.get('apiVersion'))} {_text(manifest.get('kind'))}, not {API_VERSION} {KIND}.",
            f"Set apiVersion: {API_VERSION} and kind: {KIND}.",
        )
    check_tree(manifest)
    meta = manifest.get("metadata")
    if not isinstance(meta, t.Mapping):
        raise ManifestError("metadata is missing or no mapping.", "Give at least metadata.name.")
    name = meta.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ManifestError(
            f"metadata.name is {_text(name)}.",
            "Use at most 63 lower-case letters, digits and '-', beginning with a letter: the Service has this name.",
        )
    namespace = meta.get("namespace") or default_namespace
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise ManifestError(
            f"metadata.namespace of {name} is {_text(namespace)}.",
            "Use at most 63 lower-case letters, digits and '-'.",
        )
    spec = manifest.get("spec")
    if not isinstance(spec, t.Mapping):
        raise ManifestError(f"{name} has no spec.", "Give at least spec.image.")
    image = spec.get("image")
    # The command of a stdio server without an image runs in the bridge's.
    if not (isinstance(image, str) and image.strip()) and not (image is None and stdio.bridged(spec)):
        raise ManifestError(f"spec.image of {name} is {_text(image)}.", "Name the server's image.")
    checked = dict(manifest)
    checked["metadata"] = {**meta, "namespace": namespace}
    # Status is what the cluster says, never what a manifest asks for.
    checked.pop("status", None)
    # Plain types from here on: Ansible's strings carry tags that serializers do not know.
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(checked)))


def check_tree(value: t.Any) -> None:
    """Refuse what JSON cannot carry, and what has grown out of all proportion.

    :raises ManifestError: a key is no string, a string holds a lone surrogate, or a limit is exceeded.
    """
    nodes = 0
    stack: list[tuple[t.Any, str, int]] = [(value, "", 0)]
    while stack:
        node, path, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ManifestError(
                f"The manifest has more than {MAX_NODES} values or {MAX_DEPTH} levels.",
                "Look for YAML anchors that multiply.",
            )
        if isinstance(node, t.Mapping):
            for key, child in node.items():
                if not isinstance(key, str):
                    raise ManifestError(f"The key {_text(key)} in {path or 'the manifest'} is no string.", "Quote it.")
                stack.append((child, f"{path}.{key}" if path else key, depth + 1))
        elif isinstance(node, (list, tuple)):
            stack.extend((child, f"{path}[{index}]", depth + 1) for index, child in enumerate(node))
        elif isinstance(node, str):
            _check_string(node, path)
        elif isinstance(node, float) and not math.isfinite(node):
            raise ManifestError(f"{path} is {node}, which JSON does not have.", "Quote it if a text was meant.")
        elif node is not None and not isinstance(node, (bool, int, float)):
            raise ManifestError(f"{path} is {_article(node)}, which JSON does not have.", "Quote it.")


def _check_string(text: str, path: str) -> None:
    if len(text) > MAX_STRING:
        raise ManifestError(f"{path} is longer than {MAX_STRING} characters.", "Mount a file from a ConfigMap instead.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ManifestError(f"{path} is not valid Unicode.", "Save the file as UTF-8.") from None


def _text(value: t.Any) -> str:
    """Return a value for a message: bounded, without control characters."""
    if value is None:
        return "missing"
    return ascii(value)[:80]


def _article(value: t.Any) -> str:
    names = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "a boolean", type(None): "empty"}
    return names.get(type(value), f"a {type(value).__name__}")
