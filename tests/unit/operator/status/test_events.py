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


def test_a_rollback_and_a_held_gate_name_the_last_change():
    change = 'The manifest was last changed by "kubectl-edit" at 2026-01-01T00:00:00Z.'
    active = {"rollback": {"active": True, "template": "t2", "to": "t1", "message": "NOT_MCP."}}
    (event,) = events({}, active, change)
    assert (event.reason, event.note) == (
        "RolledBack",
        f"Pod template t2 failed; applying t1 instead. {change} NOT_MCP.",
    )
    assert events(active, active, change) == []
    assert events(active, {"rollback": {**active["rollback"], "active": False}}, change) == []
    (event,) = events({}, _held("LastPodKept"), change)
    assert event.note == f"It still serves. {change}"


def test_what_a_server_does_not_offer_any_more():
    before = {"capabilities": ["tools", "prompts"], "toolCount": 2, "toolNames": ["now", "add"], "promptCount": 1}
    after = {"capabilities": ["tools"], "toolCount": 2, "toolNames": ["now", "sub"]}
    versions = {"serverInfo": {"version": "1.0"}}, {"serverInfo": {"version": "2.0"}}
    passed = {"phase": "Running", "validation": {"state": "Validated", **before, **versions[0]}}
    other = {"phase": "Running", "validation": {"state": "Validated", **after, **versions[1]}}
    assert [(event.warning, event.reason, event.note) for event in events(passed, other)] == [
        (True, "CapabilityLost", "The server no longer offers: capability prompts, tool add."),
        (False, "ServerVersionChanged", "The server's version changed from 1.0 to 2.0."),
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


def test_a_refusal_in_strict_mode_is_one_event():
    before = status("Creating", state="Validating")
    after = status("ValidationFailed", "Refused in strict mode: NOT_MCP.", ready="ValidationFailed", state="Failed")
    (event,) = events(before, after)
    assert (event.reason, event.note) == ("ValidationFailed", "Refused in strict mode: NOT_MCP.")


def test_a_run_that_fails_is_one_event_with_the_reason_of_the_failure():
    after = status("Failed", "It exists already.", ready="ForeignObject", reconciled="It exists already.")
    assert told({}, after) == [(True, "R")]
    # Also where the old Pods serve on, so that the phase is no failure.
    assert told(status("Running"), {**after, "phase": "Updating"}) == [(True, "R")]


def test_a_failure_while_a_gate_is_held_open_says_what_failed():
    held = {"type": "Degraded", "status": "True", "reason": "LastPodKept", "message": "It still serves."}
    before = {"phase": "Running", "message": "Running.", "validation": {"state": "Validated"}}
    after = {"phase": "ValidationFailed", "message": "Refused: NOT_MCP.", "validation": {"state": "Failed"}}
    found = events(before, {**after, "conditions": [held]})
    assert [(event.reason, event.note) for event in found] == [
        ("ValidationFailed", "Refused: NOT_MCP."),
        ("LastPodKept", "It still serves."),
    ]


def test_a_server_that_says_nothing_of_its_version_is_described_as_far_as_it_is_known():
    (event,) = events({}, {"validation": {"state": "Validated"}})
    assert event.note == "The server speaks MCP over HTTP."
    (event,) = events({}, {"validation": {"state": "AuthRequired"}})
    assert event.note == "The server requires authentication, so its protocol and capabilities are unknown."


def test_a_note_is_no_longer_than_the_api_server_accepts():
    (event,) = events({}, {"phase": "Failed", "message": "\N{HIRAGANA LETTER A}" * 1000})
    assert 1000 < len(event.note.encode()) <= 1024
    assert event.note.endswith("\N{HIRAGANA LETTER A}…")


def test_a_certificate_that_is_not_issued_or_renewed():
    def certified(status, reason):
        entry = {"type": "CertificateReady", "status": status, "reason": reason, "message": f"{reason} text"}
        return {"phase": "Running", "conditions": [entry]}

    good, waits = certified("True", "Verified"), certified("False", "NotIssued")
    refused, old = certified("False", "IssuanceFailed"), certified("True", "RenewalFailed")
    assert told(good, waits) == []
    assert told(waits, refused) == [(True, "IssuanceFailed")]
    assert told(refused, refused) == []
    assert told(good, old) == [(True, "RenewalFailed")]
    assert told(old, good) == []
