# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The annotations that the operator reads and writes."""

from __future__ import annotations

import typing as t

from .._vendor._util import parse_duration
from ..watches.definition import Watch

# What an object was when it was last reconciled: also after a restart, nothing runs when nothing changed.
RECONCILED = "mcp.mcp-operator.io/reconciled"

_PERIOD = "ansible.sdk.operatorframework.io/reconcile-period"
_VERBOSITY = "ansible.sdk.operatorframework.io/verbosity"
# Written by clients about what is in the object already.
_NOISE = frozenset({RECONCILED, "kubectl.kubernetes.io/last-applied-configuration"})
_MOST_VERBOSE = 7

# After how many seconds an unchanged object is reconciled again; 0 for never.
Period = t.Callable[[Watch, t.Mapping[str, t.Any]], float]


def user_annotations(item: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return an object's annotations but those that say nothing new."""
    found = item["metadata"].get("annotations") or {}
    return {name: value for name, value in found.items() if name not in _NOISE}


def reconciled(item: t.Mapping[str, t.Any]) -> str:
    """Return what an object was when it was last reconciled; empty for never."""
    return str((item["metadata"].get("annotations") or {}).get(RECONCILED, ""))


def period(watch: Watch, item: t.Mapping[str, t.Any]) -> float:
    """Return the seconds after which an unchanged object is reconciled again; 0 for never.

    A duration that is none counts as none: an object must not stop its own reconciliation.
    """
    text = user_annotations(item).get(_PERIOD)
    if text is None:
        return watch.reconcile_period
    try:
        return parse_duration(text)
    except ValueError:
        return watch.reconcile_period


def verbosity(watch: Watch, items: t.Iterable[t.Mapping[str, t.Any]]) -> int:
    """Return how much a run of these objects is to say: as much as the most curious of them asks for."""
    asked = (user_annotations(item).get(_VERBOSITY, "") for item in items)
    levels = [int(text) for text in asked if text.isascii() and text.isdigit() and len(text) == 1]
    return min(_MOST_VERBOSE, max([watch.ansible_verbosity, *levels]))
