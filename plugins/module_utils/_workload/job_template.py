# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Compare the Pod template of a Job with the one that was sent to the API server.

The API server adds defaults (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go), and the labels by which a Job finds its
Pods (k8s.io/kubernetes/pkg/registry/batch/job/strategy.go). Nothing else may differ.
"""

from __future__ import annotations

import typing as t

Path = tuple[str, ...]
_GENERATED_LABELS = (
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
)
_DEFAULTS: dict[Path, tuple[t.Any, ...]] = {
    ("metadata", "creationTimestamp"): (None,),
    ("spec", "dnsPolicy"): ("ClusterFirst",),
    ("spec", "schedulerName"): ("default-scheduler",),
    ("spec", "terminationGracePeriodSeconds"): (30,),
    ("spec", "containers", "[]", "imagePullPolicy"): ("Always", "IfNotPresent"),
    ("spec", "containers", "[]", "terminationMessagePolicy"): ("File",),
}


def matches(found: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a template is the wanted one, after defaults.

    :param found: as read from the API server.
    :param wanted: as it was sent.
    """
    account = wanted["spec"]["serviceAccountName"]
    return all(
        value in _DEFAULTS.get(path, ())
        or (path[:2] == ("metadata", "labels") and path[2:] in [(name,) for name in _GENERATED_LABELS])
        or (path == ("spec", "serviceAccount") and value == account)
        for path, value in _differences(found, wanted, ())
    )


def _differences(found: t.Any, wanted: t.Any, path: Path) -> t.Iterator[tuple[Path, t.Any]]:
    """Yield the path and the value of what was added; of what is missing or another one, a path without defaults."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in wanted.keys() - found.keys():
            yield (*path, name, "missing"), None
        for name, value in found.items():
            if name in wanted:
                yield from _differences(value, wanted[name], (*path, name))
            else:
                yield (*path, name), value
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for one, other in zip(found, wanted):
            yield from _differences(one, other, (*path, "[]"))
    elif found != wanted or type(found) is not type(wanted):
        yield (*path, "changed"), found
