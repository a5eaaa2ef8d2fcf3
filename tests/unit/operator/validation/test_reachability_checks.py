# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import threading

import pytest
from mcp_operator._vendor._kube.errors import ApiForbidden, ApiUnreachable
from mcp_operator._vendor._workload.reachability import Reachability
from mcp_operator.cluster.store import Key
from mcp_operator.validation.reachability_checks import PERIOD, ReachabilityChecks

KEY = Key("servers", "team", "wiki")
GOOD = Reachability("True", "ValidatedThroughGateway", "passed", "http://wiki.example.com/mcp")
BAD = Reachability("False", "GatewayNotFound", "no gateway")


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def now(self):
        return self.seconds


class Client:
    def __init__(self):
        self.lists = 0
        self.error = None

    def list(self, *_kind):
        self.lists += 1
        if self.error is not None:
            raise self.error
        return iter(())


class Checks:
    def __init__(self):
        self.clock, self.client = Clock(), Client()
        self.ended = threading.Semaphore(0)
        self.result: Reachability | Exception = GOOD
        self.count = 0
        self.checks = ReachabilityChecks(self.client, lambda _key: self.ended.release(), self.clock, check=self._check)

    def _check(self, _client, _server, proof):
        self.count += 1
        proof.routes()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def __call__(self, server):
        return self.checks.reachability(KEY, server)

    def wait(self):
        assert self.ended.acquire(timeout=10)


@pytest.fixture
def checks():
    made = Checks()
    yield made
    made.checks.stop()


def mcpserver(path="/mcp", expose=True, **status):
    exposed = {"expose": {"parentRefs": [{"name": "shared"}], "hostnames": ["wiki.example.com"]}} if expose else {}
    meta = {"name": "wiki", "namespace": "team", "uid": "u", "generation": 2}
    found = {"exposure": {"serverPath": path}} if path else {}
    return {"metadata": meta, "spec": {"image": "wiki:1", **exposed}, "status": {**found, **status}}


def test_a_server_that_is_not_exposed_is_not_checked(checks):
    assert checks(mcpserver(expose=False)) == (None, None)
    assert checks.count == 0


def test_before_validation_nothing_is_checked(checks):
    found, again = checks(mcpserver(path=""))
    assert (found.reason, again) == ("NotValidated", None)
    assert checks.count == 0


def test_a_result_is_valid_for_a_period(checks):
    assert checks(mcpserver())[0].reason == "NotProved"
    checks.wait()
    assert checks(mcpserver()) == (GOOD, PERIOD)
    assert checks.count == 1
    checks.clock.seconds += PERIOD
    checks.result = BAD
    assert checks(mcpserver())[0] == GOOD
    checks.wait()
    assert checks(mcpserver())[0] == BAD


def test_failures_are_tried_again_at_growing_intervals(checks):
    checks.result = BAD
    waits = []
    for _round in range(7):
        checks(mcpserver())
        checks.wait()
        waits.append(checks(mcpserver())[1])
        checks.clock.seconds += waits[-1]
    assert waits == [4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_another_route_is_checked_at_once(checks):
    checks(mcpserver())
    checks.wait()
    assert checks(mcpserver("/api"))[0].reason == "NotProved"
    checks.wait()
    assert checks.count == 2


def test_after_a_restart_the_status_counts_until_the_check_ends(checks):
    condition = {
        "type": "Reachable",
        "status": "True",
        "reason": "ValidatedThroughGateway",
        "message": "passed",
        "observedGeneration": 2,
    }
    known = mcpserver(conditions=[condition], address={"url": GOOD.url})
    assert checks(known)[0] == GOOD
    checks.wait()


@pytest.mark.parametrize("error", [ApiUnreachable("no answer", ""), ValueError("a bug")])
def test_a_check_without_a_result_is_repeated(checks, error):
    checks.result = error
    checks(mcpserver())
    checks.wait()
    found, again = checks(mcpserver())
    assert (found.status, again) == ("Unknown", 4.0)


def test_all_routes_are_listed_once_for_many_checks(checks):
    checks.client.error = ApiForbidden("no rights", "")
    for path in ("/a", "/b", "/c"):
        checks(mcpserver(path))
        checks.wait()
    assert checks.client.lists == 1
