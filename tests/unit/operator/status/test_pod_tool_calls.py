# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Pods are validated by a tool call, and when."""

from __future__ import annotations

import pytest

from ..fake_workload import GOOD, SERVER, bad

CALL = {"name": "search", "arguments": {"query": "Bern"}}
STRICT = {"strictMode": True, "toolCall": CALL}
AUTH = {**GOOD, "compliant": None, "requires_auth": True, "transport": None, "protocol_version": None}


def called(cluster):
    """Return for each probe the Pod and the tool that it calls."""
    return [(one.pod, one.spec.tool_call and one.spec.tool_call.name) for one in cluster.asked]


@pytest.fixture
def begin(cluster):
    """Create a strict MCPServer with one Pod that gives an answer."""

    def make(answer):
        cluster.answer = answer
        cluster.create(validation=STRICT)
        cluster.deploy(mark="t1")
        cluster.ran()
        cluster.pod(gated=True)
        return cluster

    return make


@pytest.fixture
def proved(begin):
    """A cluster whose Pod has passed."""
    strict = begin(GOOD)
    strict.until(lambda: strict.gate_of() is True)
    strict.deploy(mark="t1", ready=1)
    strict.becomes("Running", "Validated")
    strict.rests()
    return strict


def answer_of(tools):
    """Return answers of Pods: a call of another tool fails."""

    def answer(request):
        call = request.spec.tool_call
        allowed = tools.get(request.pod, ())
        return GOOD if call is None or call.name in allowed else bad("TOOL_CALL_FAILED", "No such tool.")

    return answer


def test_the_tool_is_called_once_for_a_container(proved):
    assert called(proved) == [("wiki-a", "search")]
    end = proved.clock.now() + 1500
    proved.until(lambda: proved.clock.now() >= end, 2000)
    assert len(proved.asked) > 2
    assert [call for call in called(proved) if call[1]] == [("wiki-a", "search")]
    proved.pod(gated=True, container="c2")
    proved.until(lambda: called(proved)[-1] == ("wiki-a", "search"))


def test_a_gate_stays_closed_while_the_call_fails(begin):
    strict = begin(bad("TOOL_CALL_ERROR", "The tool reported an error."))
    strict.until(lambda: strict.gate_of() is False)
    strict.becomes("ValidationFailed", "Failed")
    assert strict.status()["validation"]["issues"][0]["code"] == "TOOL_CALL_ERROR"
    strict.answer = GOOD
    strict.until(lambda: strict.gate_of() is True)


def test_credentials_that_are_required_keep_it_closed_too(begin):
    strict = begin(AUTH)
    strict.until(lambda: strict.gate_of() is False)
    assert "spec.validation" in strict.gates[-1]["message"]


def test_a_change_of_the_call_validates_the_same_pod_again(proved):
    before = proved.status()["validation"]["proof"]
    proved.change(validation={**STRICT, "toolCall": {"name": "count"}})
    proved.deploy(mark="t1", ready=1)
    proved.until(lambda: called(proved)[-1] == ("wiki-a", "count"))
    proved.until(lambda: proved.status()["validation"].get("proof") not in (None, before))
    assert proved.is_in("Running", "Validated")
    proved.change(validation={**STRICT, "toolCall": {"name": "count"}, "expect": ["tool_call"]})
    proved.deploy(mark="t1", ready=1)
    proved.until(lambda: proved.asked[-1].spec.expect == ("tool_call",))
    proved.change(validation={"strictMode": True})
    proved.deploy(mark="t1", ready=1)
    proved.until(lambda: called(proved)[-1] == ("wiki-a", None))


def test_pods_of_an_earlier_template_are_not_judged_by_the_new_call(proved):
    proved.answer = answer_of({"wiki-a": ["search"], "wiki-b": ["count"]})
    proved.change(image="w:2", validation={**STRICT, "toolCall": {"name": "count"}})
    proved.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    proved.pod("b", template=2, gated=True)
    proved.until(lambda: proved.gate_of("b") is True)
    assert proved.gate_of("a") is True
    assert ("wiki-a", "count") not in called(proved)


def test_a_rollback_returns_to_the_call_of_that_template(proved):
    proved.answer = answer_of({"wiki-a": ["search"]})
    proved.change(image="w:2", validation={**STRICT, "toolCall": {"name": "count"}})
    proved.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    proved.pod("b", template=2, gated=True)
    proved.until(lambda: proved.status().get("rollback", {}).get("active"))
    proved.remove_pod("b")
    proved.deploy(mark="t1", template=1, rolled_back="t2", ready=1)
    proved.until(lambda: proved.condition("Ready")["reason"] == "RolledBack")
    proved.rests()
    assert proved.gate_of("a") is True
    assert ("wiki-a", "count") not in called(proved)


def test_what_is_remembered_is_forgotten_with_the_server(proved):
    remembered = proved.controller._observer._validation._tool_calls._required
    assert remembered
    proved.store.remove(SERVER)
    proved.until(lambda: not remembered)
