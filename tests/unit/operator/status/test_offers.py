# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The gates, the status and the rollback of a server whose offers are pinned."""

from __future__ import annotations

import pytest

from ..fake_workload import GOOD
from ..pinned import A, B, C, offering, offers, pinned, serving


@pytest.fixture
def started(cluster):
    """Start a strict server with one Pod."""

    def start(offered=A, **pin):
        cluster.answer = offering(offered)
        cluster.create(validation=pinned(**pin))
        cluster.deploy(mark="t1")
        cluster.ran()
        cluster.pod(gated=True)
        return cluster

    return start


def reasons(cluster):
    return [event.get("reason") for event in cluster.events]


def test_what_is_approved_opens_the_gate(started):
    cluster = started()
    serving(cluster)
    assert offers(cluster) == {"digest": A, "approved": A, "changed": False}
    assert cluster.condition("OffersChanged")["status"] == "False"


def test_what_is_not_approved_never_opens_it(started):
    cluster = started(B)
    cluster.until(lambda: cluster.gate_of() is False)
    cluster.until(lambda: offers(cluster).get("changed"))
    assert cluster.status()["validation"]["issues"][0]["code"] == "OFFER_CHANGED"
    assert cluster.condition("OffersChanged")["reason"] == "OfferChanged"
    cluster.until(lambda: reasons(cluster).count("OfferChanged") == 1)


def test_a_server_that_changes_its_offers_loses_its_gate(started):
    cluster = started()
    serving(cluster)
    cluster.answer = offering(B)
    cluster.until(lambda: cluster.gate_of() is False)
    cluster.answer = offering(A)
    cluster.until(lambda: cluster.gate_of() is True)


@pytest.mark.parametrize("answer", [offering(None), {**GOOD}])
def test_offers_without_a_digest_open_nothing(cluster, answer):
    cluster.answer = answer
    cluster.create(validation=pinned())
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True)
    cluster.until(lambda: cluster.gate_of() is False)


def test_observing_closes_nothing_and_says_what_it_sees(started):
    cluster = started(pin="observe")
    serving(cluster)
    cluster.answer = offering(B)
    cluster.until(lambda: offers(cluster).get("changed"))
    cluster.rests()
    assert cluster.gate_of() is True
    assert [issue["level"] for issue in cluster.status()["validation"]["issues"]] == ["warning"]
    cluster.until(lambda: reasons(cluster).count("OfferChanged") == 1)


def test_an_approval_opens_the_gate_without_another_probe(started):
    cluster = started(B, pin="approve", digest=None)
    cluster.until(lambda: cluster.gate_of() is False)
    cluster.until(lambda: offers(cluster).get("pendingApproval") == B)
    count = len(cluster.asked)
    cluster.change(validation=pinned("approve", B))
    cluster.deploy(mark="t1")
    cluster.until(lambda: cluster.gate_of() is True)
    assert len(cluster.asked) <= count + 1  # the periodic one


def test_an_approval_of_what_has_changed_meanwhile_opens_nothing(started):
    cluster = started(C, pin="approve", digest=None)
    cluster.until(lambda: offers(cluster).get("pendingApproval") == C)
    cluster.change(validation=pinned("approve", B))
    cluster.deploy(mark="t1")
    cluster.until(lambda: offers(cluster).get("approved") == B)
    cluster.rests()
    assert cluster.gate_of() is False


def test_pods_of_the_earlier_template_serve_until_the_new_ones_pass(started):
    """A new image and its digest are committed together."""
    cluster = started()
    serving(cluster)
    cluster.change(validation=pinned(digest=B))
    # The Deployment is still of the earlier manifest.
    cluster.rests()
    assert cluster.gate_of() is True
    cluster.answer = lambda request: offering(A if request.pod == "wiki-a" else B)
    cluster.deploy(mark="t2", template=2, ready=1)
    cluster.pod("b", template=2, gated=True)
    cluster.until(lambda: cluster.gate_of("b") is True)
    cluster.rests()
    assert cluster.gate_of("a") is True


def test_an_earlier_pod_that_changes_meanwhile_loses_its_gate(started):
    cluster = started()
    serving(cluster)
    cluster.change(validation=pinned(digest=B))
    cluster.answer = offering(C)
    cluster.deploy(mark="t2", template=2, ready=1)
    cluster.until(lambda: cluster.gate_of("a") is False)


@pytest.mark.parametrize("ready", [True, False], ids=["ready", "running"])
def test_a_new_template_that_offers_something_else_is_rolled_back(started, ready):
    """Also if its Pod has answered before the kubelet's probes pass."""
    cluster = started()
    serving(cluster)
    cluster.change(image="w:2")
    cluster.answer = lambda request: offering(A if request.pod == "wiki-a" else C)
    cluster.deploy(mark="t2", template=2, ready=1)
    cluster.pod("b", template=2, gated=True, ready=ready)
    cluster.until(lambda: (cluster.status().get("rollback") or {}).get("active"))
    assert [issue["code"] for issue in cluster.status()["validation"]["issues"]] == ["OFFER_CHANGED"]
    assert (offers(cluster)["digest"], offers(cluster)["approved"]) == (C, A)
    cluster.until(lambda: reasons(cluster).count("OfferChanged") == 1)
    rollback = cluster.status()["rollback"]
    assert (rollback["reason"], rollback["to"]) == ("ValidationFailed", "t1")
    assert rollback["message"].startswith("OFFER_CHANGED")
    cluster.until(lambda: cluster.gate_of("b") is False)
    assert cluster.gate_of("a") is True


def test_what_serves_after_a_rollback_is_what_was_approved_before(started):
    """The manifest has the digest of the template that failed."""
    cluster = started()
    serving(cluster)
    cluster.change(image="w:2", validation=pinned(digest=B))
    cluster.answer = lambda request: offering(C if request.pod == "wiki-b" else A)
    cluster.deploy(mark="t2", template=2, ready=1)
    cluster.pod("b", template=2, gated=True)
    cluster.until(lambda: (cluster.status().get("rollback") or {}).get("active"))
    cluster.remove_pod("b")
    cluster.deploy(mark="t1", template=1, ready=1, rolled_back="t2")
    cluster.pod("c", gated=True)
    cluster.until(lambda: cluster.gate_of("c") is True)
    assert cluster.gate_of("a") is True


def test_a_restart_of_the_operator_opens_nothing_and_closes_nothing(started):
    cluster = started()
    serving(cluster)
    cluster.restart()
    cluster.rests()
    assert (cluster.gate_of(), cluster.asked, cluster.writes) == (True, [], [])


def test_after_a_restart_another_approval_counts(started):
    cluster = started()
    serving(cluster)
    cluster.restart()
    cluster.change(validation=pinned(digest=B))
    cluster.deploy(mark="t1", ready=1)
    cluster.until(lambda: cluster.gate_of() is False)


def test_replicas_that_differ_are_reported(cluster):
    cluster.answer = lambda request: offering(A if request.pod == "wiki-a" else B)
    cluster.create(replicas=2)
    cluster.deploy(ready=2, desired=2)
    cluster.ran()
    cluster.pod("a")
    cluster.pod("b")
    cluster.becomes("Running", "Validated")
    cluster.until(lambda: offers(cluster).get("replicasDiffer"))
    assert cluster.condition("ReplicasDiffer")["status"] == "True"
    assert [issue["code"] for issue in cluster.status()["validation"]["issues"]] == ["REPLICAS_DIFFER"]
    cluster.until(lambda: reasons(cluster).count("ReplicasDiffer") == 1)
    cluster.answer = offering(A)
    cluster.pod("b", container="c2")
    cluster.until(lambda: cluster.condition("ReplicasDiffer")["status"] == "False")
