# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When failures of servers are believed."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.gates.breaker import CircuitBreaker

from support.clock import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(clock.now)


def key(number):
    return Key("w", "team", str(number))


def test_more_than_a_fifth_of_the_fleet_may_not_fail_at_once(breaker):
    for number in range(20):
        breaker.record_success(key(number))
    assert [breaker.record_failure(key(number)) for number in range(6)] == [True] * 4 + [False] * 2
    breaker.record_success(key(0))
    breaker.record_success(key(1))
    assert breaker.record_failure(key(2)) is True


def test_two_servers_may_fail_however_small_the_fleet_is(breaker):
    assert [breaker.record_failure(key(number)) for number in range(3)] == [True, True, False]


def test_failures_count_for_ten_minutes(breaker, clock):
    for number in range(3):
        breaker.record_failure(key(number))
    clock.step(601)
    assert breaker.record_failure(key(3)) is True


def test_a_server_that_is_gone_does_not_count(breaker):
    for number in range(3):
        breaker.record_failure(key(number))
    breaker.remove(key(0))
    assert breaker.record_failure(key(1)) is True
