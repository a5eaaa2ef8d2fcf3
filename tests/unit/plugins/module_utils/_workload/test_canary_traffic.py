# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The canary of an exposed server: which share of the requests its route sends to it, from beginning to end."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import (
    canary,
    canary_traffic,
    exposure,
    route_sessions,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary import Plan
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary_traffic import DRAIN_SECONDS

from .canary_in_progress import FAILED, NEW, OLD, OTHER, Rollout

STATELESS = {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}}
STATEFUL = {**STATELESS, "resolvedTransport": {"keepsSessions": True}}


class Exposed(Rollout):
    """The same with a route; its runs do what the plan says."""

    def __init__(self, status=STATELESS, **expose):
        super().__init__()
        self.spec["expose"] = {"parentRefs": [{"name": "shared"}], **expose}
        self.known = {"provedTemplate": OLD, **status}

    @property
    def server(self):
        found = super().server
        back = {"rollback": self.failed} if self.failed else {}
        return {**found, "status": {**self.known, **back, **found["status"]}}

    def step(self, seconds=0, **seen):
        count = self.status.get("canaryReplicas", 0) if self.passes else 0
        return super().step(seconds, **{"available": count, **seen})

    @property
    def plan(self):
        return canary.plan(self.server, self.template)

    @property
    def traffic(self):
        return self.plan.serves, self.plan.weight


@pytest.fixture
def rollout():
    return Exposed()


def test_each_step_has_its_weight_once_its_pods_pass(rollout):
    assert rollout.plan == Plan(OLD, 1, OLD, 0)  # the first run, before there is a status
    rollout.step()
    assert (rollout.state, rollout.traffic) == (("Progressing", 1, 1), (OLD, 0))
    rollout.step()
    assert (rollout.state, rollout.traffic) == (("Paused", 1, 1), (OLD, 10))
    assert rollout.status["message"].endswith("Gateways send 10% of the requests to the canary.")
    rollout.step(300)
    assert (rollout.state, rollout.traffic) == (("Progressing", 2, 10), (OLD, 10))
    rollout.step()
    assert rollout.traffic == (OLD, 50)
    rollout.step(600)
    assert (rollout.state, rollout.plan) == (("Promoting", 2, 10), Plan("", 10, "", 0))
    rollout.stable = NEW
    rollout.known["provedTemplate"] = NEW
    rollout.step()
    assert rollout.plan == Plan()
    assert not {canary.TRAFFIC, canary.STABLE_ONLY, "canaryReplicas"} & set(rollout.status)


def test_pods_that_do_not_pass_get_no_requests(rollout):
    rollout.until("Paused")
    rollout.passes = False
    rollout.step()
    assert (rollout.state, rollout.traffic) == (("Progressing", 1, 1), (OLD, 0))


def test_a_step_that_adds_pods_keeps_the_weight_of_the_one_before(rollout):
    rollout.until("Paused").step(300)
    rollout.step(5, passed=False, available=3)
    assert (rollout.state, rollout.traffic) == (("Progressing", 2, 10), (OLD, 10))


def test_pods_of_an_aborted_canary_are_deleted_after_the_gateways_stopped_to_use_them(rollout):
    rollout.until("Paused")
    rollout.failed = FAILED
    found = rollout.step(7)
    assert found.again == DRAIN_SECONDS
    assert rollout.status["phase"] == "Aborted"
    assert rollout.plan == Plan(serves=OLD, weight=0)
    before = rollout.status
    assert rollout.step(DRAIN_SECONDS - 1).again == 1
    assert rollout.status == before
    assert rollout.step(1).again is None
    # Pods that are about to end get no requests by the Service.
    assert rollout.plan == Plan(serves=OLD)
    rollout.step(100_000)
    assert rollout.plan == Plan(serves=OLD)
    rollout.failed, rollout.template = {}, OTHER
    assert rollout.plan == Plan(OLD, 1, OLD, 0)


def test_a_manifest_that_is_reverted_is_drained_before_and_after_its_status(rollout):
    rollout.until("Paused")
    rollout.template = OLD
    assert rollout.plan == Plan(serves=OLD, weight=0)
    rollout.step()
    assert (rollout.status["phase"], rollout.plan) == ("Stable", Plan(serves=OLD, weight=0))
    rollout.step(DRAIN_SECONDS)
    assert rollout.plan == Plan()


def test_a_canary_that_got_no_requests_is_deleted_at_once(rollout):
    rollout.until("Progressing")
    rollout.failed = FAILED
    rollout.step()
    assert rollout.plan == Plan(serves=OLD)


def test_a_rollback_after_the_promotion_lets_all_pods_serve(rollout):
    """The stable Deployment may have no Pods of the earlier template."""
    rollout.until("Paused").step(300)
    rollout.step()
    rollout.step(600)
    assert rollout.status["phase"] == "Promoting"
    rollout.failed = FAILED
    rollout.step()
    assert (rollout.status["phase"], rollout.plan) == ("Aborted", Plan())


def weights(plan):
    """Return the weights of the route of a plan."""
    route = {"kind": "HTTPRoute", "spec": {"rules": [{"backendRefs": [{"name": "a"}]}]}}
    [found] = canary_traffic.objects([route], {}, plan)
    return [backend["weight"] for rule in found["spec"]["rules"] for backend in rule["backendRefs"]]


@pytest.mark.parametrize("phase", canary.ONGOING)
@pytest.mark.parametrize("written", [-(2**31), -1, 0, 1, 100, 101, 2**31 - 1])
def test_weights_are_never_all_0_whatever_the_status_says(rollout, phase, written):
    same = {"canaryRevision": NEW, "stableRevision": OLD, "canaryReplicas": 1, "step": 1}
    rollout.status = {"phase": phase, **same, canary.TRAFFIC: written, canary.STABLE_ONLY: True}
    for replicas in (10, 10, 0, 0, 1, 1):
        found = weights(rollout.plan)
        assert sum(found) == 100
        assert min(found) >= 0
        rollout.replicas = replicas
        rollout.step()


def test_the_last_step_may_send_all_requests_to_the_canary(rollout):
    rollout.spec["rollout"]["steps"] = [{"weight": 100, "pause": "5m"}]
    rollout.until("Paused")
    assert weights(rollout.plan) == [0, 100]
    rollout.passes = False
    rollout.step()
    assert weights(rollout.plan) == [100, 0]


def test_another_template_in_the_middle_begins_without_requests(rollout):
    rollout.until("Paused").step(300)
    rollout.step()
    rollout.template = OTHER
    assert rollout.traffic == (OLD, 0)
    rollout.step()
    assert (rollout.status["canaryRevision"], rollout.traffic) == (OTHER, (OLD, 0))


@pytest.mark.parametrize(
    ("status", "expose", "weight"),
    [
        (STATEFUL, {}, 0),
        ({**STATEFUL, "exposure": {**STATELESS["exposure"], "sessionPersistence": "None"}}, {}, 0),
        ({**STATEFUL, "exposure": {**STATELESS["exposure"], "sessionPersistence": "Cookie"}}, {}, 10),
        (STATEFUL, {"sessionPersistence": "Cookie"}, 10),
        (STATEFUL, {"sessionPersistence": "None"}, 0),
        ({**STATELESS, "resolvedTransport": {"protocol": "sse"}}, {}, 0),
    ],
)
def test_sessions_stay_on_their_side(status, expose, weight):
    rollout = Exposed(status, **expose).until("Paused")
    assert rollout.traffic == (OLD, weight)
    assert ("keeps sessions" in rollout.status["message"]) == (weight == 0)


@pytest.mark.parametrize(
    ("validation", "weight"),
    [
        ({"endpoint": "http://10.0.0.1:8080/mcp", "protocol": "streamable-http"}, 10),
        ({"endpoint": "http://10.0.0.1:8080/v2/mcp"}, 0),
        ({"endpoint": "http://10.0.0.1:8080/mcp", "protocol": "sse"}, 0),
    ],
)
def test_a_canary_with_another_endpoint_gets_no_requests(validation, weight):
    rollout = Exposed({**STATELESS, "validation": {"state": "Validated", **validation}}).until("Paused")
    assert rollout.traffic == (OLD, weight)
    # The route stays that of the stable Pods.
    found = exposure.observed(rollout.server, rollout.server["status"]["validation"])
    assert found == STATELESS["exposure"]


def test_a_server_without_a_route_has_weights_by_the_number_of_pods(rollout):
    del rollout.spec["expose"]
    rollout.until("Paused")
    assert rollout.plan == Plan(OLD, 1)
    assert not {canary.TRAFFIC, canary.STABLE_ONLY} & set(rollout.status)


def test_whether_gateways_keep_sessions_matters_for_canaries_of_one_pod_but_is_no_loss():
    server = Exposed({**STATEFUL, "exposure": {"sessionPersistence": "None"}}).server
    server["spec"]["replicas"] = 1
    assert route_sessions.at_stake(server)
    assert route_sessions.loss(server) == ""


def test_a_plan_depends_on_nothing_else_in_the_status():
    rollout, found = Exposed(), []
    for seconds in (0, 0, 300, 0, 0, 600, 0):
        rollout.step(seconds)
        found.append((canary.inputs(rollout.server), rollout.plan))
    rollout = Exposed().until("Paused")
    rollout.failed = FAILED
    for seconds in (0, 1, 10, 10):
        rollout.step(seconds)
        found.append((canary.inputs(rollout.server), rollout.plan))
    for inputs, plan in found:
        assert all(plan == other for same, other in found if same == inputs)
