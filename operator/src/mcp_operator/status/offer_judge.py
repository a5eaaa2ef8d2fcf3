# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decides which Pods offer what is approved, also while a rollout or a rollback is in progress.

A new approval is for the Pods of the manifest that has it. Pods of an earlier template, and those that serve after a
rollback, offer what was approved before: they go on to serve as long as they offer the same.
"""

from __future__ import annotations

import typing as t

from .._vendor._workload.offers import Pin, digest_of, judge
from ..cluster.store import Key, Object
from ..gates import writer as gates
from ..validation.http_probe import Answer
from ..workloads.container_ref import ContainerRef
from ..workloads.snapshot import WorkloadSnapshot, generation

_MOST_DIGESTS = 8  # of one MCPServer


class _Earlier(t.NamedTuple):
    """What was accepted before: digests, the newest last, and the Pods that were judged."""

    digests: list[str]
    pods: set[str]


class OfferJudge:
    """Remembers what was approved earlier. For one thread.

    After a restart of the operator, the first answer of an earlier Pod whose readiness gate is open counts as approved.
    """

    def __init__(self) -> None:
        self._earlier: dict[Key, _Earlier] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._earlier.pop(key, None)

    def judge(
        self,
        key: Key,
        server: Object,
        workload: WorkloadSnapshot,
        pin: Pin | None,
        answers: t.Mapping[ContainerRef, Answer],
    ) -> dict[ContainerRef, Answer]:
        """Return the answers; failed are those of Pods that must offer what is approved and do not.

        :param answers: of Pods of the newest template and of earlier ones.
        """
        if pin is None or not pin.required:
            self.forget(key)
            return dict(answers)
        earlier = self._earlier.setdefault(key, _Earlier([], set()))
        settled = workload.applied == generation(server) and workload.rollout.observed and not workload.rolled_back
        newest = {pod["metadata"]["uid"]: pod for pod in workload.pods}
        pods = {**newest, **{pod["metadata"]["uid"]: pod for pod in workload.others}}
        found = {}
        for container, answer in answers.items():
            pod = pods.get(container.pod)
            strictly = settled and not pin.problem and container.pod in newest
            accepted = not strictly and pod is not None and self._was_accepted(earlier, pod, digest_of(answer))
            found[container] = answer if accepted else judge(answer, pin)
        earlier.pods.intersection_update(pods)
        for answer in found.values():
            if answer["compliant"] and digest_of(answer) == pin.approved:
                _remember(earlier, pin.approved)
        return found

    @staticmethod
    def _was_accepted(earlier: _Earlier, pod: Object, digest: str) -> bool:
        uid = str(pod["metadata"]["uid"])
        first = uid not in earlier.pods
        earlier.pods.add(uid)
        if first and digest and (gates.is_validated(pod) or not gates.is_gated(pod)):
            _remember(earlier, digest)
        return digest in earlier.digests


def _remember(earlier: _Earlier, digest: str) -> None:
    if digest in earlier.digests:
        earlier.digests.remove(digest)
    earlier.digests.append(digest)
    del earlier.digests[:-_MOST_DIGESTS]
