# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How many Jobs that try NetworkPolicies run at once."""

from __future__ import annotations

from mcp_operator.cluster.store import Key
from mcp_operator.validation.proof_slots import ProofSlots


def key(number, namespace):
    return Key("servers", namespace, f"s{number}")


def test_a_fleet_that_is_isolated_at_once_takes_turns():
    slots = ProofSlots()
    fleet = [key(number, f"team-{number % 100}") for number in range(1000)]
    running = [one for one in fleet if slots.take(one, 0.0)]
    assert len(running) == 10
    done = []
    while running:
        done.append(running.pop(0))
        following = slots.release(done[-1])
        if following is not None:
            assert slots.take(following, 1.0)
            running.append(following)
        assert len(running) <= 10
    assert sorted(done) == sorted(fleet)


def test_one_namespace_does_not_keep_others_waiting():
    slots = ProofSlots()
    busy = [one for one in (key(number, "busy") for number in range(100)) if slots.take(one, 0.0)]
    assert len(busy) == 3
    assert slots.take(key(0, "other"), 0.0)
    assert slots.release(key(0, "other")) is None, "the waiting ones are of the busy namespace"
    following = slots.release(busy[0])
    assert following is not None
    assert slots.take(following, 0.0)


def test_a_job_whose_end_is_not_seen_keeps_no_slot():
    slots = ProofSlots()
    taken = [key(number, f"team-{number}") for number in range(10)]
    assert all(slots.take(one, 0.0) for one in taken)
    assert not slots.take(key(0, "late"), 100.0)
    assert slots.take(key(0, "late"), 200.0)


def test_one_that_is_forgotten_is_not_called():
    slots = ProofSlots()
    taken = [key(number, f"team-{number}") for number in range(10)]
    assert all(slots.take(one, 0.0) for one in taken)
    gone, waiting = key(0, "gone"), key(0, "waiting")
    assert not slots.take(gone, 0.0)
    assert not slots.take(waiting, 0.0)
    assert slots.release(gone) is None
    assert slots.release(taken[0]) == waiting
