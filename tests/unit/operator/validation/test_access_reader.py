# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server is validated with the credentials that its Secret has, and anew when they change."""

from __future__ import annotations

import base64

import pytest
from mcp_operator._vendor._kube.errors import ApiUnreachable
from mcp_operator._vendor._workload.report_encoding import encode_reports
from mcp_operator.validation import access_reader

from ..fake_workload import GOOD, bad

AUTH = {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": "token", "key": "token"}}}
REQUIRED = {**GOOD, "compliant": None, "requires_auth": True, "transport": None, "protocol_version": None}
STRICT = {"strictMode": True, "auth": AUTH}


def secret(token, version):
    meta = {"uid": "u", "resourceVersion": version, "labels": {"mcp.mcp-operator.io/validation-credentials": "true"}}
    return {"metadata": meta, "data": {"token": base64.b64encode(token.encode()).decode()}}


@pytest.fixture
def running(cluster):
    """A server whose Pod has passed with the token "one"."""
    cluster.there[("Secret", "token")] = secret("one", "1")
    cluster.answer = lambda request: GOOD if request.access.token() in ("one", "two") else bad("CREDENTIALS_REJECTED")
    cluster.create(validation=STRICT)
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.deploy(mark="t1", ready=1)
    cluster.becomes("Running", "Validated")
    cluster.rests()
    return cluster


def tokens(cluster):
    return [request.access.token() for request in cluster.asked]


def test_the_token_is_sent(running):
    assert set(tokens(running)) == {"one"}


def test_a_changed_secret_validates_anew(running):
    count = len(running.asked)
    running.there[("Secret", "token")] = secret("two", "2")
    running.until(lambda: "two" in tokens(running)[count:])
    full = [request for request in running.asked[count:] if request.access.token() == "two" and not request.light]
    assert full


def test_a_read_that_fails_unexpectedly_is_repeated(running, monkeypatch):
    read, failures = access_reader.probe_access.read_access, [ValueError("no text")]

    def fail(*what):
        if failures:
            raise failures.pop()
        return read(*what)

    monkeypatch.setattr(access_reader.probe_access, "read_access", fail)
    running.there[("Secret", "token")] = secret("two", "2")
    running.until(lambda: "two" in tokens(running))
    assert failures == []


def test_rejected_credentials_close_no_gate_of_a_pod_that_has_passed(running):
    running.pod("b", gated=True)
    running.deploy(mark="t1", ready=2, desired=2)
    running.until(lambda: running.gate_of("b") is True)
    running.there[("Secret", "token")] = secret("wrong", "2")
    running.until(lambda: running.condition("Degraded")["reason"] == "AccessRefused")
    assert (running.gate_of(), running.gate_of("b")) == (True, True)
    assert running.status()["validation"]["issues"][0]["code"] == "CREDENTIALS_REJECTED"
    running.pod("c", gated=True)
    running.deploy(mark="t1", ready=2, desired=3)
    running.until(lambda: running.gate_of("c") is False)
    running.there[("Secret", "token")] = secret("two", "3")
    running.until(lambda: running.gate_of("c") is True)
    running.until(lambda: running.condition("Degraded")["status"] == "False")


def test_a_missing_secret_is_no_evidence_and_is_reported(running):
    del running.there[("Secret", "token")]

    def answer(request):
        try:
            request.access.token()
        except Exception as exc:  # the probe makes a report of any
            return bad(getattr(exc, "code", "BUG"), str(exc))
        return GOOD

    running.answer = answer
    running.until(lambda: running.status()["validation"]["state"] == "Failed")
    assert running.status()["validation"]["issues"][0]["code"] == "CREDENTIALS_UNAVAILABLE"
    assert running.gate_of() is True
    running.there[("Secret", "token")] = secret("one", "9")
    running.becomes("Running", "Validated")


def test_a_restart_validates_no_server_again(running):
    running.restart()
    running.becomes("Running", "Validated")
    running.rests()
    assert not [request for request in running.asked if not request.light]
    assert running.gate_of() is True


def test_nothing_is_probed_until_the_credentials_are_known(cluster):
    def unreachable(*_place):
        raise ApiUnreachable("down")

    found, cluster.find = cluster.find, unreachable
    cluster.there[("Secret", "token")] = secret("one", "1")
    cluster.create(validation=STRICT)
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.until(lambda: cluster.is_in("Creating", "Pending") or cluster.is_in("Creating", "Validating"))
    assert cluster.asked == []
    cluster.find = found
    cluster.until(lambda: cluster.gate_of() is True)


def test_401_opens_a_gate_only_if_the_manifest_declares_it(cluster):
    undeclared = bad("AUTH_NOT_DECLARED", "The server requires credentials.")
    cluster.answer = lambda request: REQUIRED if request.spec.auth == "none" else undeclared
    cluster.create(validation={"strictMode": True})
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.becomes("ValidationFailed", "Failed")
    assert cluster.gate_of() is False
    cluster.change(validation={"strictMode": True, "auth": {"type": "none"}})
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.until(lambda: cluster.gate_of() is True)
    assert cluster.gates[-1]["reason"] == "AuthRequired"


def test_a_pod_that_passed_before_the_rule_stays_in_the_service(running):
    running.change(validation={"strictMode": True})
    running.answer = bad("AUTH_NOT_DECLARED", "The server requires credentials.")
    running.deploy(mark="t1", ready=1)
    running.ran()
    running.until(lambda: running.condition("Degraded")["reason"] == "AccessRefused")
    assert running.gate_of() is True


@pytest.mark.parametrize(("auth", "opened"), [({}, False), ({"type": "none"}, True)])
def test_the_same_holds_for_the_result_of_a_job(cluster, auth, opened):
    cluster.create(validation={"strictMode": True, "runner": "job", **({"auth": auth} if auth else {})})
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.until(lambda: [made for made in cluster.made if made["kind"] == "Job"])
    cluster.job(cluster.made[-1], message=encode_reports([{**REQUIRED, "resources": None, "prompts": None}]))
    cluster.until(lambda: cluster.gate_of() is opened)


def test_a_server_that_is_not_validated_is_not_read_for(running):
    running.change(validation={**STRICT, "enabled": False})
    running.deploy(mark="t1", ready=1)
    running.ran()
    running.until(lambda: running.status()["validation"]["state"] == "Disabled")
    assert not running.controller._credentials._entries
