# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The variables that a run has of an object: the names that ansible-operator gives them, as variables of its host."""

from __future__ import annotations

import typing as t

from ..watches.definition import Watch
from .case_conversion import convert

# A variable of this prefix says how Ansible connects and with which interpreter: no object has a say in that.
_RESERVED = "ansible_"
# No namespace has an underscore, so no object of a namespace is ever taken for one of the cluster.
_CLUSTER_SCOPED = "_"


def host_name(namespace: str, name: str) -> str:
    """Return the name of an object's host. A namespace has no dot: the first one ends it."""
    return f"{namespace or _CLUSTER_SCOPED}.{name}"


def host_variables(watch: Watch, item: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the variables of an object's host.

    Those of ``spec`` come first, so that none of them hides the object itself.
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
    """Return what the watch says itself: it has the last word, and may use templates."""
    finalizer = watch.finalizer.vars if finalizing and watch.finalizer else {}
    return {**watch.vars, **finalizer}


def _identifier(group: str) -> str:
    return group.replace(".", "_").replace("-", "_")
