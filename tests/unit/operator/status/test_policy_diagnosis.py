# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When the NetworkPolicies of namespaces are read, and how long they are kept."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.status.policy_diagnosis import Blocked, PolicyDiagnoser
from mcp_operator.workloads.container_ref import ContainerRef

from ..fake_workload import bad

DENY = {"metadata": {"name": "default-deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
TIMEOUT = {**bad("TIMEOUT", "Timed out."), "connected": False}
POD = {"metadata": {"uid": "pod", "namespace": "team", "labels": {}}}
CONTAINER = ContainerRef("pod", "id", "image", "digest")


class Request:
    container = CONTAINER
    ready = True
    spec = SimpleNamespace(port=8080)


class Clock:
    def __init__(self):
        self.time = 1000.0

    def now(self):
        return self.time


class Client:
    """Returns the policies of a namespace when it may."""

    def __init__(self):
        self.policies = [DENY]
        self.reads = []
        self.may = threading.Event()
        self.may.set()

    def list(self, _version, _kind, namespace):
        assert self.may.wait(10)
        self.reads.append(namespace)
        return list(self.policies)


class Diagnosis:
    def __init__(self):
        self.client, self.clock, self.called = Client(), Clock(), queue.Queue()
        self.diagnoser = PolicyDiagnoser(self.client, "operators", self.called.put, self.clock)

    def of(self, name="wiki", namespace="team"):
        server = {"metadata": {"name": name, "namespace": namespace}, "spec": {}}
        key = Key("servers", namespace, name)
        return self.diagnoser.blocked(key, server, [POD], [Request()], {CONTAINER: TIMEOUT})

    def read(self, count=1):
        return {self.called.get(timeout=10).name for _ in range(count)}


@pytest.fixture
def diagnosis():
    found = Diagnosis()
    yield found
    found.diagnoser.stop()


def test_a_policy_for_another_port_does_not_let_validation_in(diagnosis):
    rule = {"ports": [{"port": 9090, "protocol": "TCP"}]}
    diagnosis.client.policies.append({"metadata": {"name": "scrape"}, "spec": {"podSelector": {}, "ingress": [rule]}})
    assert diagnosis.of() == Blocked("")
    diagnosis.read()
    assert "default-deny, scrape" in diagnosis.of().message


def test_all_mcpservers_that_wait_for_a_read_are_called(diagnosis):
    diagnosis.client.may.clear()
    assert diagnosis.of("one") == diagnosis.of("two") == Blocked("")
    diagnosis.client.may.set()
    assert diagnosis.read(2) == {"one", "two"}
    assert diagnosis.client.reads == ["team"]
    assert "default-deny" in diagnosis.of("two").message


def test_what_was_read_long_ago_is_no_cause(diagnosis):
    diagnosis.of()
    diagnosis.read()
    diagnosis.client.policies = []
    diagnosis.clock.time += 3600
    assert diagnosis.of() == Blocked(""), "the policy may be gone"
    diagnosis.read()
    assert diagnosis.of() is None


def test_the_cause_stays_while_the_policies_are_read_again(diagnosis):
    diagnosis.of()
    diagnosis.read()
    diagnosis.clock.time += 60
    assert "default-deny" in diagnosis.of().message
    diagnosis.read()
    assert diagnosis.client.reads == ["team", "team"]


def test_policies_of_namespaces_that_are_well_again_are_not_kept(diagnosis):
    diagnosis.of()
    diagnosis.read()
    diagnosis.clock.time += 3600
    diagnosis.of(namespace="other")
    diagnosis.read()
    assert set(diagnosis.diagnoser._read) == {"other"}
