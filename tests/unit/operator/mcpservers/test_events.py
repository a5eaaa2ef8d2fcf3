# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which changes are worth an Event."""

from __future__ import annotations

import itertools

from mcp_operator.mcpservers.events import events


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
