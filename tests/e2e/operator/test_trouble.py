# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Bad input: phase, condition, message and Event each say what is wrong, and it recovers when the cause goes."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from support import gitops
from support.operator import SPARE, WATCHED, delete_namespace, make_namespace

from .conftest import BROKEN, GO, SLOW, Server


class Case(t.NamedTuple):
    """What is applied, and what must be said of it: phase, validation state, condition with reason, message."""

    spec: dict[str, t.Any]
    phase: str
    state: str
    condition: tuple[str, str, str]
    text: str
    event: str


def broken(mode, phase, state, condition, text, event, **spec):
    return Case({"image": BROKEN, "args": [mode], **spec}, phase, state, condition, text, event)


STRICT = {"validation": {"strictMode": True}}
READY = ("Ready", "True", "DeploymentReady")
REFUSED = ("Ready", "False", "ValidationFailed")
FAILED = ("Degraded", "True", "ValidationFailed")
CASES = {
    "auth": broken("auth", "Running", "AuthRequired", READY, "", "ValidationAuthRequired"),
    "crash": broken(
        "crash", "Failed", "Pending", ("Ready", "False", "CrashLoopBackOff"), "its log ends with", "Failed"
    ),
    "html": broken("html", "Running", "Failed", FAILED, "NOT_MCP", "ValidationFailed"),
    "html-strict": broken(
        "html",
        "ValidationFailed",
        "Failed",
        REFUSED,
        "NOT_MCP",
        "ValidationFailed",
        **STRICT,
    ),
    "image": Case(
        {"image": "localhost/mcp-servers/none:1"},
        "Failed",
        "Pending",
        ("Progressing", "False", "ImagePullBackOff"),
        "Check spec.image",
        "Failed",
    ),
    "node": Case(
        {"image": GO, "resources": {"requests": {"cpu": "1000"}}},
        "Creating",
        "Pending",
        ("Ready", "False", "Unschedulable"),
        "Insufficient cpu",
        "Unschedulable",
    ),
    "path": Case(
        {"image": GO, "transport": {"config": {"http": {"path": "/nowhere"}}}},
        "Running",
        "Failed",
        FAILED,
        "ENDPOINT_NOT_FOUND",
        "ValidationFailed",
    ),
    "silent": broken("silent", "Running", "Failed", FAILED, "TIMEOUT", "ValidationFailed"),
    "tools-fail": broken("tools-fail", "Running", "Failed", FAILED, "TOOLS_LIST_FAILED", "ValidationFailed"),
    "wrong-port": broken(
        "wrong-port", "Creating", "Pending", ("Ready", "False", "ProbeFailed"), "connection refused", "ProbeFailed"
    ),
}


@pytest.fixture(scope="module")
def table(operator, client):
    """All bad input at once, for all tests that only look."""
    servers = {name: Server(client, f"bad-{name}") for name in CASES}
    for name, server in servers.items():
        server.apply(**CASES[name].spec)
    servers["slow"] = Server(client, "bad-slow")
    servers["slow"].apply(**SLOW)
    yield servers
    for server in servers.values():
        server.delete()


@pytest.fixture(scope="module")
def judged(table):
    """Return the object as it is when its status first says what is expected; what is Creating later fails for good."""
    found = {}

    def read(name):
        if name not in found:
            case, server = CASES[name], table[name]
            server.becomes(case.phase, case.state, case.text)
            found[name] = server.read()
        return found[name]

    return read


# Until a crash loop is hopeless, most of a minute passes; deploy, which judges by the same rule, shows it in each run.
SLOW_CASES = {"crash"}
# What is Creating is looked at first, since it fails for good after two minutes.
IN_ORDER = sorted(CASES, key=lambda name: (CASES[name].phase != "Creating", name in SLOW_CASES, name))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.test_all) if name in SLOW_CASES else name for name in IN_ORDER]
)
def test_the_status_says_what_is_wrong(table, judged, name):
    case, server = CASES[name], table[name]
    status = judged(name)["status"]
    kind, value, reason = case.condition
    found = next(condition for condition in status["conditions"] if condition["type"] == kind)
    assert (found["status"], found["reason"]) == (value, reason)
    server.records(case.event)
    print(f"| {name} | {case.phase} | {case.state} | {kind}={value} {reason} | {status['message']} |")


@pytest.mark.test_all
def test_gitops_tools_see_what_is_wrong(judged):
    """Kstatus follows the phase, Argo CD also the validation; what is Creating may still become ready."""
    kstatus = {"Running": "Current", "Creating": "InProgress", "Failed": "Failed", "ValidationFailed": "Failed"}
    argo = {"Current": "Healthy", "InProgress": "Progressing", "Failed": "Degraded"}
    expected = {}
    for name, case in CASES.items():
        by_phase = kstatus[case.phase]
        expected[name] = (by_phase, by_phase, "Degraded" if case.state == "Failed" else argo[by_phase])
    assert dict(zip(CASES, gitops.health([judged(name) for name in CASES]), strict=True)) == expected


@pytest.mark.parametrize("name", ["html-strict", "image", "node", "path", "wrong-port"])
def test_it_recovers_when_the_cause_goes(table, judged, name):
    judged(name)
    server = table[name]
    server.apply(image=GO)
    server.becomes("Running", "Validated")
    assert server.condition("Degraded")["status"] == "False"


def test_a_foreign_object_is_left_alone(make, client):
    name = "foreign"
    path = f"/api/v1/namespaces/{WATCHED}/services"
    body = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": "other"}, "ports": [{"port": 1}]},
    }
    client.request("POST", path, what="make a Service of somebody else", body=body)
    with contextlib.ExitStack() as stack:
        stack.callback(client.delete, "v1", "Service", WATCHED, name)
        server = make(name=name, image=GO)
        status = server.becomes("Failed", "Pending", "belongs to no MCPServer")
        assert server.condition("Reconciled")["reason"] == "ForeignObject"
        server.records("ForeignObject")
        print(f"| foreign | {status['phase']} | Pending | Reconciled=False ForeignObject | {status['message']} |")
        assert server.child("Service")["spec"]["selector"] == {"app": "other"}
    server.becomes("Running", "Validated")


def test_a_quota_that_is_used_up(make, client):
    path = f"/api/v1/namespaces/{SPARE}/resourcequotas"
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    client.request("POST", path, what="make a quota", body=quota)
    try:
        server = make(namespace=SPARE, image=GO)
        status = server.becomes("Creating", "Pending", "exceeded quota")
        assert server.condition("Ready")["reason"] == "FailedCreate"
        server.records("FailedCreate")
        print(f"| quota | {status['phase']} | Pending | Ready=False FailedCreate | {status['message']} |")
    finally:
        client.request("DELETE", f"{path}/none", what="delete a quota")
    server.becomes("Running", "Validated")


def test_a_server_that_takes_its_time_is_waited_for(table):
    status = table["slow"].becomes("Running", "Validated")
    assert status["message"] == "MCPServer is running."


def test_a_namespace_that_is_being_deleted_holds_nobody_up(make, client, operator):
    gone = make(namespace=SPARE, image=GO)
    gone.becomes("Running", "Validated")
    delete_namespace(client, SPARE)
    gone.apply(image=BROKEN)
    make(image=GO).becomes("Running", "Validated")
    make_namespace(client, SPARE)
    make(namespace=SPARE, image=GO).becomes("Running", "Validated")
    assert "Traceback" not in operator.log()
