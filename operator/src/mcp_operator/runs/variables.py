# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Variables of an object's host, with the names that ansible-operator uses."""

from __future__ import annotations

import typing as t

from ..watches.definition import Watch
from .case_conversion import convert

# Variables with this prefix control the connection and the interpreter. Objects must not set them.
_RESERVED = "ansible_"
# Namespaces contain no underscore, so namespaced and cluster-scoped objects have different host names.
_CLUSTER_SCOPED = "_"


def host_name(namespace: str, name: str) -> str:
    """Return the inventory name of an object's host. Namespaces contain no dot, so the first dot separates the two."""
    return f"{namespace or _CLUSTER_SCOPED}.{name}"


def host_variables(watch: Watch, item: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the variables of an object's host.

    Keys of ``spec`` come first, so that they cannot override the object itself.
    """
    meta = item["metadata"]
    spec = item.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    named = convert(spec) if watch.snake_case_parameters else spec
    base = f"_{_identifier(watch.group)}_{watch.kind.lower()}"
    return {
        **{name: value for name, value in named.items() if name and not name.startswith(_RESERVED)},
        "ansible_operator_meta": {"name": meta["name"], "namespace": meta.get("namespace", "")},
        base: item,
        f"{base}_spec": spec,
    }


def extra_variables(watch: Watch, *, finalizing: bool) -> dict[str, t.Any]:
    """Return the watch's own variables, which take precedence and may contain templates."""
    finalizer = watch.finalizer.vars if finalizing and watch.finalizer else {}
    return {**watch.vars, **finalizer}


def _identifier(group: str) -> str:
    return group.replace(".", "_").replace("-", "_")
