# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Remembers which tool call and expectations apply to each Pod.

Pod templates do not contain them, so that a change of them rolls no Pod. A Pod of an earlier template, to which a
rollback may return, keeps those of the manifest that was applied while its template was the newest one.
"""

from __future__ import annotations

import typing as t

from .._vendor._workload import gate, names
from .._vendor._workload.fields import mapping
from .._vendor._workload.probe_spec import ProbeSpec
from ..cluster.store import Key, Object
from ..workloads.snapshot import WorkloadSnapshot

_Required = tuple[t.Any, tuple[str, ...]]


class PodToolCalls:
    """The tool calls and expectations of Pods with a readiness gate."""

    def __init__(self) -> None:
        self._required: dict[Key, dict[str, _Required]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._required.pop(key, None)

    def update(self, key: Key, workload: WorkloadSnapshot, wanted: ProbeSpec | None) -> None:
        """Take over what the applied manifest says about the Pods of the newest template.

        :param wanted: of the manifest that was applied last; None if that is not known.
        """
        before = self._required.get(key, {})
        uids = [str(pod["metadata"]["uid"]) for pod in (*workload.pods, *workload.others)]
        found = {uid: before[uid] for uid in uids if uid in before}
        rolled_back = bool(workload.rolled_back) or gate.rollback(workload.server) is not None
        if wanted is not None and not rolled_back:
            newest = [*workload.pods, *(pod for pod in workload.others if _has_template(pod, workload.template))]
            found.update((str(pod["metadata"]["uid"]), (wanted.tool_call, wanted.expect)) for pod in newest)
        self._required[key] = found
        if not found:
            del self._required[key]

    def add_to(self, spec: ProbeSpec, key: Key, uid: str) -> ProbeSpec:
        """Return the spec of a Pod with its tool call and expectations."""
        call, expect = self._required.get(key, {}).get(uid, (None, ()))
        return spec._replace(tool_call=call, expect=expect)


def _has_template(pod: Object, template: str) -> bool:
    """Tell whether a Pod has a template, as the primary Pods that Flagger copies before it lets them serve.

    :param template: its fingerprint; empty if it is not known.
    """
    return bool(template) and mapping(pod["metadata"], "labels").get(names.TEMPLATE_LABEL) == template
