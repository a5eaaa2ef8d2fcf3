# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Annotations that the controller reads and writes."""

from __future__ import annotations

import typing as t

from .._vendor._util import parse_duration
from .._vendor._workload.names import RECONCILED_ANNOTATION
from ..watches.definition import Watch

# The record of the last reconciliation, see the module `fingerprint`: unchanged objects do not run after a restart.
RECONCILED = RECONCILED_ANNOTATION

_PERIOD = "ansible.sdk.operatorframework.io/reconcile-period"
_VERBOSITY = "ansible.sdk.operatorframework.io/verbosity"
# Annotations that repeat what is in the object already.
_IGNORED = frozenset({RECONCILED, "kubectl.kubernetes.io/last-applied-configuration"})
_MAX_VERBOSITY = 7
# Seconds. Editors of an object set its annotations, and all objects share the operator's runs.
_SHORTEST_PERIOD = 10.0


def user_annotations(item: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the annotations of an object, without those that repeat what is in the object already."""
    found = item["metadata"].get("annotations") or {}
    return {name: value for name, value in found.items() if name not in _IGNORED}


def reconciled_record(item: t.Mapping[str, t.Any]) -> str:
    """Return the record of an object's last reconciliation in its annotation; empty if there is none."""
    return str((item["metadata"].get("annotations") or {}).get(RECONCILED, ""))


def resync_period(watch: Watch, item: t.Mapping[str, t.Any]) -> float:
    """Return the seconds after which an unchanged object is reconciled again; 0 for never.

    An annotation that is shorter than ten seconds means ten seconds.
    """
    seconds = _given_period(item)
    if seconds is None:
        return watch.reconcile_period
    return max(seconds, _SHORTEST_PERIOD) if seconds else seconds


def period_warnings(item: t.Mapping[str, t.Any]) -> list[str]:
    """Return a warning if the annotation with the period is shorter than ten seconds."""
    if not 0 < (_given_period(item) or 0.0) < _SHORTEST_PERIOD:
        return []
    return [f"The annotation {_PERIOD} is below the minimum; {_SHORTEST_PERIOD:.0f} seconds are used."]


def _given_period(item: t.Mapping[str, t.Any]) -> float | None:
    """Return the period of the annotation; None if there is none, or an invalid one."""
    text = user_annotations(item).get(_PERIOD)
    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError:
        return None


def verbosity(watch: Watch, items: t.Iterable[t.Mapping[str, t.Any]]) -> int:
    """Return the verbosity of a run: the highest that the watch or one of the objects requests, at most 7."""
    texts = (user_annotations(item).get(_VERBOSITY, "") for item in items)
    levels = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) == 1]
    return min(_MAX_VERBOSITY, max([watch.ansible_verbosity, *levels]))
