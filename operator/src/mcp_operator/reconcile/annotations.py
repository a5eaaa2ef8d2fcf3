# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Annotations that the controller reads and writes."""

from __future__ import annotations

import typing as t

from .._vendor._util import parse_duration
from ..watches.definition import Watch

# The fingerprint of an object when it was last reconciled, so that unchanged objects do not run after a restart.
RECONCILED = "mcp.mcp-operator.io/reconciled"

_PERIOD = "ansible.sdk.operatorframework.io/reconcile-period"
_VERBOSITY = "ansible.sdk.operatorframework.io/verbosity"
# Annotations that repeat what is in the object already.
_IGNORED = frozenset({RECONCILED, "kubectl.kubernetes.io/last-applied-configuration"})
_MAX_VERBOSITY = 7


def user_annotations(item: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the annotations of an object, without those that repeat what is in the object already."""
    found = item["metadata"].get("annotations") or {}
    return {name: value for name, value in found.items() if name not in _IGNORED}


def reconciled_fingerprint(item: t.Mapping[str, t.Any]) -> str:
    """Return the fingerprint of an object when it was last reconciled; empty if it never was."""
    return str((item["metadata"].get("annotations") or {}).get(RECONCILED, ""))


def resync_period(watch: Watch, item: t.Mapping[str, t.Any]) -> float:
    """Return the seconds after which an unchanged object is reconciled again; 0 for never.

    An invalid duration in the annotation is ignored, so that a typo does not stop the reconciliation.
    """
    text = user_annotations(item).get(_PERIOD)
    if text is None:
        return watch.reconcile_period
    try:
        return parse_duration(text)
    except ValueError:
        return watch.reconcile_period


def verbosity(watch: Watch, items: t.Iterable[t.Mapping[str, t.Any]]) -> int:
    """Return the verbosity of a run: the highest that the watch or one of the objects requests, at most 7."""
    texts = (user_annotations(item).get(_VERBOSITY, "") for item in items)
    levels = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) == 1]
    return min(_MAX_VERBOSITY, max([watch.ansible_verbosity, *levels]))
