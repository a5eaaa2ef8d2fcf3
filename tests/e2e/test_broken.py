# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that do not work: each ends in bounded time in one message with the cause and the next step."""

from __future__ import annotations

import pytest

# name -> phase, validation state, what the message must say, whether the play fails
EXPECTED = {
    "auth": ("Running", "AuthRequired", "", False),
    "auth-bare": ("Running", "AuthRequired", "", False),
    "crash": ("Failed", "Pending", "CrashLoopBackOff", True),
    "loopback": ("Failed", "Pending", "LOOPBACK_ONLY", True),
    "not-mcp": ("ValidationFailed", "Failed", "NOT_MCP", True),
    "plain-json": ("Running", "Failed", "Validation failed", True),
    "silent": ("Running", "Failed", "TIMEOUT", True),
    "switchable": ("Running", "Validated", "", False),
    "tools-fail": ("Running", "Failed", "TOOLS_LIST_FAILED", True),
    "wrong-port": ("Failed", "Pending", "PORT_CLOSED", True),
}


def test_every_broken_server_is_expected(broken):
    assert set(broken.servers) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_status_says_what_is_wrong(broken, name):
    phase, state, text, _failed = EXPECTED[name]
    status = broken.servers[name]["status"]
    assert (status["phase"], status["validation"]["state"]) == (phase, state)
    assert text in status["message"]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_play_fails_for_those_that_cannot_serve_and_those_that_violate_mcp(broken, name):
    assert broken.run.failed(f"{broken.namespace}/{name}") is EXPECTED[name][3]


def test_a_refused_server_names_its_reason_and_the_next_step(broken):
    message = broken.servers["not-mcp"]["status"]["message"]
    assert message.startswith("Refused in strict mode: NOT_MCP: The HTTP response is text/html")
    assert "Check host, port and path" in message
    assert message in broken.run.output.replace('\\"', '"')


def test_a_crash_comes_with_the_containers_last_words(broken):
    message = broken.servers["crash"]["status"]["message"]
    assert "exit code 1" in message
    assert "its log ends with" in message
    assert "kubectl logs" in message


def test_credentials_that_are_missing_are_no_failure(broken):
    validation = broken.servers["auth"]["status"]["validation"]
    assert validation["requiresAuth"] is True
    assert validation["auth"]["scheme"] == "Bearer"
    assert "/.well-known/oauth-protected-resource" in validation["auth"]["resourceMetadata"]
    assert "compliant" not in validation


def test_no_broken_server_holds_up_the_others_or_the_end(broken):
    assert broken.run.code != 0
    assert broken.run.seconds < 150
    assert "Traceback" not in broken.run.output
