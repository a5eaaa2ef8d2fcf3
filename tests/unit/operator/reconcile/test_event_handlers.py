# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which changes of a child are one's owner's business."""

from __future__ import annotations

import copy

import pytest
from mcp_operator.cluster.store import Key, Store
from mcp_operator.reconcile.context import ReconcileContext
from mcp_operator.reconcile.event_handlers import EventHandlers
from mcp_operator.reconcile.hooks import DefaultHooks
from mcp_operator.reconcile.pending_writes import PendingWrites
from mcp_operator.reconcile.queue_types import Priority
from mcp_operator.reconcile.run_history import RunHistory

CHILD = {
    "metadata": {
        "name": "a",
        "uid": "u1",
        "generation": 3,
        "labels": {"app": "a"},
        "ownerReferences": [{"kind": "Toy", "name": "a", "uid": "o1"}],
    },
    "status": {"replicas": 1},
}
KEY = Key("toys/Deployment.v1.apps", "n", "a")
OWNER = Key("toys", "n", "a")


class Queue:
    def __init__(self):
        self.added = []

    def add(self, key, priority, *, size):
        assert size > 0, "it counts in a batch"
        self.added.append((key, priority))


class Owners:
    def owner(self, _key, _child):
        return OWNER


def added(before, after):
    queue, store = Queue(), Store()
    store.put(OWNER, {"metadata": {"name": "a", "namespace": "n", "uid": "o1"}})
    context = ReconcileContext(
        watches={},
        store=store,
        queue=queue,
        dependents=Owners(),
        history=RunHistory(),
        pending_writes=PendingWrites(),
        hooks=DefaultHooks(),
    )
    EventHandlers(context, lambda: None).on_change(KEY, before, after)
    return queue.added


def changed(path, value, child=None):
    child = copy.deepcopy(child or CHILD)
    *parents, last = path.split(".")
    at = child
    for parent in parents:
        at = at[parent]
    at[last] = value
    return child


@pytest.mark.parametrize(
    ("path", "value"),
    [("status.replicas", 2), ("metadata.annotations", {"deployment.kubernetes.io/revision": "2"})],
)
def test_what_other_controllers_write_of_a_child_is_not(path, value):
    assert added(CHILD, changed(path, value)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.generation", 4),
        ("metadata.uid", "u2"),
        ("metadata.labels", {"app": "b"}),
        ("metadata.ownerReferences", []),
        ("metadata.deletionTimestamp", "2026-11-25T00:00:00Z"),
    ],
)
def test_what_is_wanted_of_it_is(path, value):
    assert added(CHILD, changed(path, value)) == [(OWNER, Priority.DEPENDENT)]


def test_a_child_that_comes_or_goes_is():
    assert added(None, CHILD) == [(OWNER, Priority.DEPENDENT)]
    assert added(CHILD, None) == [(OWNER, Priority.DEPENDENT)]


@pytest.mark.parametrize(
    ("path", "value", "is_it"),
    [
        ("status", {"more": 1}, False),
        ("metadata.resourceVersion", "9", False),
        ("spec.type", "NodePort", True),
        ("metadata.deletionTimestamp", "2026-11-25T00:00:00Z", True),
    ],
)
def test_a_kind_without_a_generation_is_compared_by_what_is_in_it(path, value, is_it):
    service = {"metadata": {"name": "a", "uid": "u1", "resourceVersion": "1"}, "spec": {"type": "ClusterIP"}}
    assert bool(added(service, changed(path, value, service))) is is_it


def test_one_of_which_only_the_state_is_kept_is_compared_by_that():
    kept = {"metadata": {"name": "a", "uid": "u1", "generation": 1}, "state": "x"}
    assert added(kept, changed("metadata.generation", 2, kept)) == []
    assert added(kept, changed("state", "y", kept)) == [(OWNER, Priority.DEPENDENT)]
