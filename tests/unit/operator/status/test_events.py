# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which changes are worth an Event."""

from __future__ import annotations

import itertools

from mcp_operator.status.events import events


def status(phase, message="", *, ready="DeploymentNotReady", reconciled="", **validation):
    return {
        "phase": phase,
        "message": message,
        "validation": validation,
        "conditions": [
            {"type": "Ready", "reason": ready, "message": message},
            {"type": "Degraded", "reason": "ValidationFailed", "message": "NOT_MCP: HTML came back."},
            {"type": "Reconciled", "status": "False" if reconciled else "True", "reason": "R", "message": reconciled},
        ],
    }


def told(before, after):
    return [(event.warning, event.reason) for event in events(before, after)]


def test_a_life():
    steps = [
        {},
        status("Creating", state="Pending"),
        status("Creating", state="Validating"),
        status("Running", ready="DeploymentReady", state="Validating"),
        status("Running", ready="DeploymentReady", state="Validated", protocol="sse", protocolVersion="2024-11-05"),
        status("Scaling", state="Validated"),
    ]
    assert [told(*pair) for pair in itertools.pairwise(steps)] == [
        [(False, "Creating")],
        [],
        [(False, "Running")],
        [(False, "ValidationPassed")],
        [(False, "Scaling")],
    ]


def test_trouble_is_told_once():
    creating = status("Creating", state="Pending")
    waiting = status("Creating", "Unschedulable: no node.", ready="Unschedulable", state="Pending")
    failed = status("Failed", "Unschedulable: no node.", ready="Unschedulable", state="Pending")
    assert told(creating, waiting) == [(True, "Unschedulable")]
    assert told(waiting, waiting) == []
    assert told(waiting, failed) == [(True, "Failed")]


def test_what_cannot_be_applied_is_told_with_its_message():
    before = status("Running", ready="DeploymentReady")
    after = status("Running", ready="DeploymentReady", reconciled="It belongs to somebody else.")
    assert [(event.reason, event.note) for event in events(before, after)] == [("R", "It belongs to somebody else.")]


def test_a_failure_is_told_again_when_it_is_another_containers():
    first = status("Running", state="Failed", proof="a")
    second = status("Running", state="Failed", proof="b")
    assert told(first, first) == []
    assert told(first, second) == [(True, "ValidationFailed")]
    assert told(first, status("Running", state="AuthRequired")) == [(False, "ValidationAuthRequired")]


def _held(reason):
    return {"conditions": [{"type": "Degraded", "status": "True", "reason": reason, "message": "It still serves."}]}


def test_a_gate_that_is_held_open_is_told_once():
    breaker = _held("CircuitBreakerOpen")
    assert told({}, breaker) == [(True, "CircuitBreakerOpen")]
    assert told(breaker, breaker) == []
    assert told(breaker, _held("LastPodKept")) == [(True, "LastPodKept")]
    assert told(breaker, {}) == []


def test_what_a_server_does_not_offer_any_more():
    before = {"capabilities": ["tools", "prompts"], "toolCount": 2, "toolNames": ["now", "add"], "promptCount": 1}
    after = {"capabilities": ["tools"], "toolCount": 2, "toolNames": ["now", "sub"]}
    versions = {"serverInfo": {"version": "1.0"}}, {"serverInfo": {"version": "2.0"}}
    passed = {"phase": "Running", "validation": {"state": "Validated", **before, **versions[0]}}
    other = {"phase": "Running", "validation": {"state": "Validated", **after, **versions[1]}}
    assert [(event.warning, event.reason, event.note) for event in events(passed, other)] == [
        (True, "CapabilityLost", "It does not offer any more: capability prompts, tool add."),
        (False, "ServerVersionChanged", "The server says that it is version 2.0; it was 1.0."),
    ]
    assert events(passed, passed) == []
    # What is said between two verdicts says nothing of what is offered.
    assert not [event for event in events(passed, {"validation": {"state": "Validating"}}) if event.warning]


def test_names_for_which_a_status_had_no_room_are_not_lost():
    before = {"state": "Validated", "toolCount": 21, "toolNames": [f"tool{number}" for number in range(20)]}
    after = {"state": "Validated", "toolCount": 1, "toolNames": ["tool20"]}
    assert told({"validation": before}, {"validation": after}) == []
    many = {"state": "Validated", "toolCount": 12, "toolNames": [f"tool{number}" for number in range(12)]}
    (event,) = events({"validation": many}, {"validation": {"state": "Validated"}})
    assert event.note.endswith("tool tool9 and 2 more.")
