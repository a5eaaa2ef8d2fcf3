# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validate a manifest before it is used.

The API server validates the schema of the CustomResourceDefinition. This module checks what must hold before that, and
what the schema cannot express: that objects named after the MCPServer have a valid name.
"""

from __future__ import annotations

import json
import math
import re
import typing as t

from .._util import clean
from . import ports, probe_auth, rollout_manager, sidecar_options, stdio, tls
from .errors import ManifestError
from .fields import mapping
from .names import API_VERSION, KIND, PORT_NAME

# A Service has the MCPServer's name: RFC 1035 label (validation of Service names in Kubernetes before 1.34).
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
# Nodes of one manifest, aliases counted each time: a bound on what a few lines of YAML can grow to.
MAX_NODES = 100_000
MAX_DEPTH = 64
# etcd's request limit is 1.5 MiB; what comes near it is no manifest.
MAX_STRING = 1024 * 1024


def check(manifest: t.Any, default_namespace: str = "default") -> dict[str, t.Any]:
    """Return the manifest with its namespace set.

    :param manifest: a decoded document.
    :param default_namespace: for a manifest without one.
    :raises ManifestError: it is not a valid MCPServer.
    """
    if not isinstance(manifest, t.Mapping):
        raise ManifestError(f"A manifest must be a mapping, not {_article(manifest)}.", "See the README's quick start.")
    if manifest.get("kind") != KIND or manifest.get("apiVersion") != API_VERSION:
        raise ManifestError(
            f"apiVersion is {_text(manifest.get('apiVersion'))} and kind is {_text(manifest.get('kind'))}.",
            f"Set apiVersion: {API_VERSION} and kind: {KIND}.",
        )
    check_tree(manifest)
    meta = manifest.get("metadata")
    if not isinstance(meta, t.Mapping):
        raise ManifestError("metadata is missing or not a mapping.", "Set at least metadata.name.")
    name = meta.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ManifestError(
            f"metadata.name is {_text(name)}.",
            "Use at most 63 lower-case letters, digits and '-', starting with a letter: the Service has this name.",
        )
    namespace = meta.get("namespace") or default_namespace
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise ManifestError(
            f"metadata.namespace of {name} is {_text(namespace)}.",
            "Use at most 63 lower-case letters, digits and '-'.",
        )
    spec = manifest.get("spec")
    if not isinstance(spec, t.Mapping):
        raise ManifestError(f"{name} has no spec.", "Set at least spec.image.")
    image = spec.get("image")
    # A stdio server without an image runs in the bridge's image.
    if not (isinstance(image, str) and image.strip()) and not (image is None and stdio.bridged(spec)):
        raise ManifestError(f"spec.image of {name} is {_text(image)}.", "Set the server's image.")
    _check_access(spec, name)
    rollout_manager.check_name(name, spec)
    checked = dict(manifest)
    checked["metadata"] = {**meta, "namespace": namespace}
    # A manifest cannot set the status.
    checked.pop("status", None)
    # Plain types: Ansible's strings have tags that serializers do not support.
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(checked)))


def _check_access(spec: t.Mapping[str, t.Any], name: str) -> None:
    """Check how validation gets access to the server, as the schema does: a cluster may not have it."""
    wanted = mapping(spec, "validation")
    http = mapping(mapping(mapping(spec, "transport"), "config"), "http")
    by_job = wanted.get("runner") == "job"
    if by_job and mapping(wanted, "auth").get("type") not in (None, probe_auth.NONE):
        raise ManifestError(
            f"spec.validation.auth of {name} is set together with the runner job, which sends no credentials.",
            "Use another runner, or auth.type none.",
        )
    if http.get("tls") is not None and (by_job or stdio.bridged(spec)):
        raise ManifestError(
            f"spec.transport.config.http.tls of {name} is set together with the runner job or the transport stdio.",
            "Remove one of them.",
        )
    if http.get("tls") is not None and sidecar_options.proxied(spec):
        raise ManifestError(
            f"spec.transport.config.http.tls of {name} is set, and the manifest needs a sidecar, which connects to the "
            "server over plain HTTP.",
            "Remove it, or remove spec.metrics, spec.tls, spec.auth, spec.limits and spec.strategy.drainSessions.",
        )
    if by_job and (tls.of_sidecar(spec) is not None or wanted.get("clientCertificateSecretRef")):
        raise ManifestError(f"TLS of {name} is set together with the runner job.", "Use another runner.")
    if mapping(spec, "auth").get("forwardSubjectHeader") and stdio.bridged(spec):
        raise ManifestError(
            f"spec.auth.forwardSubjectHeader of {name} is set, and a stdio server has no headers.", "Remove it."
        )
    target = mapping(spec, "service").get("targetPort")
    if (
        sidecar_options.proxied(spec)
        and sidecar_options.controls_access(spec)
        and target not in (None, "", PORT_NAME, ports.served_port({"spec": spec}))
    ):
        raise ManifestError(
            f"spec.service.targetPort of {name} leads past the sidecar, which controls the access to the server.",
            f"Remove it, or set it to {PORT_NAME}.",
        )


def check_tree(value: t.Any) -> None:
    """Check that a value can be encoded as JSON and is not too large.

    :raises ManifestError: a key is not a string, a string contains a lone surrogate, or a limit is exceeded.
    """
    nodes = 0
    stack: list[tuple[t.Any, str, int]] = [(value, "", 0)]
    while stack:
        node, path, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ManifestError(
                f"The manifest has more than {MAX_NODES} values or {MAX_DEPTH} levels.",
                "Check its YAML anchors and aliases.",
            )
        if isinstance(node, str):
            _check_string(node, path)
        elif isinstance(node, (dict, t.Mapping)):
            for key, child in node.items():
                if not isinstance(key, str):
                    raise ManifestError(
                        f"The key {_text(key)} in {clean(path) or 'the manifest'} is not a string.", "Quote it."
                    )
                stack.append((child, f"{path}.{key}" if path else key, depth + 1))
        elif isinstance(node, (list, tuple)):
            stack.extend((child, f"{path}[{index}]", depth + 1) for index, child in enumerate(node))
        elif isinstance(node, float) and not math.isfinite(node):
            raise ManifestError(f"{clean(path)} is {node}, which JSON cannot represent.", "Quote it if it is a string.")
        elif node is not None and not isinstance(node, (bool, int, float)):
            raise ManifestError(f"{clean(path)} is {_article(node)}, which JSON cannot represent.", "Quote it.")


def _check_string(text: str, path: str) -> None:
    if len(text) > MAX_STRING:
        raise ManifestError(
            f"{clean(path)} is longer than {MAX_STRING} characters.", "Mount a file from a ConfigMap instead."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ManifestError(f"{clean(path)} is not valid Unicode.", "Save the file as UTF-8.") from None


def _text(value: t.Any) -> str:
    """Return a value for a message, shortened and without control characters."""
    if value is None:
        return "missing"
    if isinstance(value, str):
        return ascii(value[:80])[:80]
    # A list or a mapping with YAML aliases can have a text of gigabytes.
    return ascii(value)[:80] if isinstance(value, (bool, int, float)) else _article(value)


def _article(value: t.Any) -> str:
    names = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "a boolean", type(None): "empty"}
    return names.get(type(value), f"a {type(value).__name__}")
