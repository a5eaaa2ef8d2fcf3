# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Chooses which of the ready keys is processed next, so that no tenant takes all places.

Keys belong to flows, such as the namespaces of their objects. As in API Priority and Fairness of Kubernetes, flows of
one priority take turns (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). As in Kueue, a flow
has a share of the places that it may exceed while the others do not need theirs
(https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/). A key that is being processed cannot be preempted, so some
places are kept free for flows that have none: a flow that arrives later does not wait until others give up theirs.
"""

from __future__ import annotations

import typing as t
from collections.abc import Hashable

# While other flows wait, a flow gets at most one of so many parts of the places.
_SHARE = 4
# One of so many parts of the places is kept for flows that have no place.
_RESERVE = 5


class _Places:
    """Places of which each key that is being processed takes one.

    :param fair: whether flows share them.
    """

    def __init__(self, count: int, *, fair: bool) -> None:
        self._count = count
        self._share = max(1, count // _SHARE) if fair else count
        self._open = count - count // _RESERVE if fair else count
        self._taken = 0
        self._flows: dict[Hashable, int] = {}

    @property
    def full(self) -> bool:
        """Whether no place is left."""
        return self._taken >= self._count

    def may_take(self, flow: Hashable, *, others_wait: bool) -> bool:
        """Tell whether a flow may take another place; call it only if there is one."""
        own = self._flows.get(flow)
        return own is None or (self._taken < self._open and not (others_wait and own >= self._share))

    def take(self, flow: Hashable) -> None:
        """Take a place."""
        self._taken += 1
        self._flows[flow] = self._flows.get(flow, 0) + 1

    def release(self, flow: Hashable) -> None:
        """Give a place back."""
        self._taken -= 1
        self._flows[flow] -= 1
        if not self._flows[flow]:
            del self._flows[flow]


class FairQueue[K: Hashable]:
    """Keys that are ready. Not thread-safe.

    Keys of higher priorities go first. Flows with keys of the same priority take turns, and the keys of a flow keep
    their order.

    :param flow: returns the flow of a key. Without it all keys are of one flow, which may take all places.
    :param places: how many keys are processed at once; None for any number.
    :param limits: for a priority, how many of its keys are processed at once. Others are not limited.
    """

    def __init__(self, flow: t.Callable[[K], Hashable] | None, places: int | None, limits: t.Mapping[int, int]) -> None:
        self._flow = flow or (lambda _key: None)
        fair = flow is not None
        # Those that a key of any priority needs, and those that keys of the other priorities need.
        self._common = () if places is None else (_Places(places, fair=fair),)
        self._places = {priority: (*self._common, _Places(limit, fair=fair)) for priority, limit in limits.items()}
        # By priority and flow; the flow whose turn is next is first.
        self._ready: dict[int, dict[Hashable, dict[K, None]]] = {}
        self._priorities: dict[K, int] = {}
        # How many keys of each flow are ready.
        self._waiting: dict[Hashable, int] = {}

    def __len__(self) -> int:
        """Return how many keys are ready."""
        return len(self._priorities)

    def add(self, key: K, priority: int) -> bool:
        """Add a key; of several priorities for one key the highest wins. Return whether that changed anything."""
        known = self._priorities.get(key)
        if known is not None:
            if known >= priority:
                return False
            self.discard(key)
        flow = self._flow(key)
        self._priorities[key] = priority
        self._ready.setdefault(priority, {}).setdefault(flow, {})[key] = None
        self._waiting[flow] = self._waiting.get(flow, 0) + 1
        return True

    def discard(self, key: K) -> None:
        """Drop a key."""
        priority = self._priorities.get(key)
        if priority is not None:
            flow = self._flow(key)
            keys = self._ready[priority][flow]
            self._remove(key, flow, keys)
            if not keys:
                del self._ready[priority][flow]

    def take(self) -> tuple[K, int] | None:
        """Remove the next key and return it with its priority; None if there is none, or no place for one.

        Its place is taken until `release`.
        """
        if not self._priorities:
            return None
        for priority in sorted(self._ready, reverse=True):
            flows, places = self._ready[priority], self._places.get(priority, self._common)
            if any(one.full for one in places):
                continue
            for flow, keys in flows.items():
                if self._may_take(flow, places):
                    key = next(iter(keys))
                    self._remove(key, flow, keys)
                    del flows[flow]
                    if keys:
                        flows[flow] = keys  # its next turn is after those of the others
                    for one in places:
                        one.take(flow)
                    return key, priority
        return None

    def release(self, key: K, priority: int) -> None:
        """Give back the place of a key that was processed."""
        for one in self._places.get(priority, self._common):
            one.release(self._flow(key))

    def _may_take(self, flow: Hashable, places: tuple[_Places, ...]) -> bool:
        others_wait = len(self._waiting) > 1  # this flow waits, too
        return all(one.may_take(flow, others_wait=others_wait) for one in places)

    def _remove(self, key: K, flow: Hashable, keys: dict[K, None]) -> None:
        del keys[key], self._priorities[key]
        self._waiting[flow] -= 1
        if not self._waiting[flow]:
            del self._waiting[flow]
