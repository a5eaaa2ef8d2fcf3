# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When so many fail at once that the operator is the likelier cause."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.gates.breaker import CircuitBreaker


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(clock.now)


def key(namespace, name="s"):
    return Key("watch", f"team-{namespace}", f"{name}")


def fail(breaker, *namespaces, name="s"):
    """Let a server of each namespace fail, and return whether the breaker is open after each."""
    return [breaker.record(key(namespace, name), inconclusive=True) for namespace in namespaces]


def test_it_opens_when_more_than_two_namespaces_and_a_fifth_of_all_fail(breaker):
    for number in range(20):
        assert breaker.record(key(number), inconclusive=False) is False
    assert fail(breaker, *range(6)) == [False] * 4 + [True] * 2
    breaker.record(key(0), inconclusive=False)
    breaker.record(key(1), inconclusive=False)
    assert fail(breaker, 2) == [False]


def test_two_namespaces_may_fail_however_few_there_are(breaker):
    assert fail(breaker, 0, 1, 2) == [False, False, True]


def test_all_servers_of_a_namespace_count_as_one(breaker):
    for number in range(200):
        assert fail(breaker, "evil", name=number) == [False]
    assert fail(breaker, "a", "b") == [False, True]


def test_servers_that_pass_do_not_make_their_namespace_count_more_than_once(breaker):
    for number in range(200):
        breaker.record(key("evil", number), inconclusive=False)
    assert fail(breaker, 0, 1, 2) == [False, False, True]


def test_failures_count_for_ten_minutes(breaker, clock):
    fail(breaker, 0, 1, 2)
    clock.step(601)
    assert fail(breaker, 3) == [False]


def test_a_server_that_is_gone_does_not_count(breaker):
    fail(breaker, 0, 1, 2)
    breaker.remove(key(0))
    breaker.remove(key(0))
    breaker.remove(key("never", "seen"))
    assert fail(breaker, 1) == [False]


def test_a_namespace_whose_servers_are_gone_does_not_count(breaker):
    for number in range(20):
        breaker.record(key(number), inconclusive=False)
    for number in range(3, 20):
        breaker.remove(key(number))
    assert fail(breaker, 0, 1, 2) == [False, False, True]
