# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``managedBy: flagger`` with the real controller: the example, and what clients notice of new versions."""

from __future__ import annotations

import pytest

from support import cluster
from support.managed import SECOND, SERVES, Phases, adopting, phases
from support.rollout_controllers import History, running

from .conftest import BROKEN, GO

# Builds Flagger on first use.
pytestmark = pytest.mark.test_all

SPEC = {
    "image": GO,
    "args": ["--stateless"],
    "validation": {"strictMode": True, "deadlineSeconds": 60},
    "rollout": {"managedBy": "flagger"},
    # Else the Service has the port of the sidecar.
    "service": {"port": 8080},
}
BAD = {"image": BROKEN, "args": ["html"]}
TRIED = Phases("Updating", "Progressing", None, observed=True)


@pytest.fixture(scope="module")
def flagger(operator):
    cluster.load_images("mcp-stdio-bridge")
    with running("flagger"):
        yield


@pytest.fixture
def adopt(flagger, client):
    with adopting("flagger", client) as apply:
        yield apply


def primary_pods(server):
    found = server.client.list("v1", "Pod", server.namespace, labelSelector=f"app={server.name}-primary")
    return [pod for pod in found if not pod["metadata"].get("deletionTimestamp")]


def uids(server):
    return {pod["metadata"]["uid"] for pod in primary_pods(server)}


def fails(server):
    """Wait until a version was tried and has failed."""
    history = History(lambda: phases(server))
    history.until("the version is tried", lambda found: found.rollout == "Progressing", 60)
    history.until("the version has failed", lambda found: found.rollout == "Aborted")
    cluster.until("its Pods are gone", lambda: not server.pods(), 60)
    assert server.condition("Ready")["status"] == "False"
    assert server.condition("Available")["status"] == "True"
    assert "rollback" not in server.status


def test_clients_notice_neither_the_migration_nor_a_good_version_nor_bad_ones(make, adopt, calling):
    server = make(**SPEC)
    server.becomes("Running", "Validated")
    clients = calling(server, clients=4, rate=10)
    clients.ready()
    clients.happens("migration")
    adopt(server)
    cluster.until("clients use these Pods", lambda: selects_primary(server), 60)
    old = uids(server)
    clients.happens("good")
    server.apply(**SPEC, environment=SECOND)
    history = History(lambda: phases(server))
    history.until("the version is tried", lambda found: found == TRIED, 60)
    # Until Flagger saw it, it did not seem to serve.
    assert SERVES not in history.seen
    assert server.condition("CanaryProgressing")["status"] == "True"
    history.until("the version is promoted", lambda found: found.rollout == "Promoting")
    history.until("the version serves", lambda found: found == SERVES)
    new = primary_pods(server)
    assert not old & {pod["metadata"]["uid"] for pod in new}
    assert [SECOND[0] in pod["spec"]["containers"][0]["env"] for pod in new] == [True]
    cluster.until("no Pods are tried", lambda: not server.pods(), 60)
    server.becomes("Running", "Validated")
    serving = uids(server)
    clients.happens("not ready")
    server.apply(**{**SPEC, **BAD})
    fails(server)
    assert uids(server) == serving
    # Without strict mode, its Pods are ready, and the webhook rejects them.
    clients.happens("rejected")
    lax = {**SPEC, **BAD, "validation": {"strictMode": False}}
    server.apply(**lax)
    fails(server)
    assert uids(server) == serving
    met = clients.met()
    print(met)
    happened = ("migration", "good", "not ready", "rejected")
    assert [failure for what in happened for failure in met[what]["failures"]] == []
    assert min(met[what]["calls"] for what in happened) > 50


@pytest.mark.stops_operator
def test_a_restart_of_the_operator_writes_nothing_while_flagger_is_in_charge(make, adopt, operator):
    server = make(**SPEC)
    server.becomes("Running", "Validated")
    adopt(server)
    cluster.until("clients use the primary Pods", lambda: selects_primary(server), 60)
    restarted(make, operator, server)
    serving = uids(server)
    # A version that has failed is not tried again either, and the operator does not roll back.
    server.apply(**{**SPEC, **BAD})
    fails(server)
    restarted(make, operator, server)
    assert uids(server) == serving
    assert phases(server).rollout == "Aborted"


def test_after_a_version_that_failed_the_earlier_one_serves_again_and_the_next_one_is_rolled_out(make, adopt):
    server = make(**SPEC)
    server.becomes("Running", "Validated")
    adopt(server)
    serving = uids(server)
    server.apply(**{**SPEC, **BAD})
    fails(server)
    # Flagger does not try again what it has promoted last.
    server.apply(**SPEC)
    history = History(lambda: phases(server))
    history.until("the earlier version serves", lambda found: found == SERVES, 60)
    is_well(server)
    assert uids(server) == serving
    server.apply(**{**SPEC, **BAD})
    fails(server)
    server.apply(**SPEC, environment=SECOND)
    history = History(lambda: phases(server))
    history.until("the version is tried", lambda found: found == TRIED)
    # Until Flagger saw it, the one that has failed was the last one.
    assert SERVES not in history.seen
    history.until("the version serves", lambda found: found == SERVES)
    is_well(server)
    assert not serving & uids(server)
    [pod] = primary_pods(server)
    assert SECOND[0] in pod["spec"]["containers"][0]["env"]
    cluster.until("no Pods are tried", lambda: not server.pods(), 60)


def is_well(server):
    server.becomes("Running", "Validated")
    conditions = {kind: server.condition(kind)["status"] for kind in ("Ready", "Available", "CanaryProgressing")}
    assert conditions == {"Ready": "True", "Available": "True", "CanaryProgressing": "False"}


def selects_primary(server):
    return server.child("Service")["spec"]["selector"] == {"app": f"{server.name}-primary"}


def restarted(make, operator, server):
    """Restart the operator, and require that it has written nothing when it is through."""

    def written():
        children = [server.child(kind)["metadata"] for kind in ("Deployment", "Service")]
        primary = server.child("Deployment", f"{server.name}-primary")["metadata"]["generation"]
        return [
            server.read()["metadata"]["resourceVersion"],
            primary,
            *(child["generation"] if "generation" in child else child["resourceVersion"] for child in children),
        ]

    operator.scale(0)
    before = written()
    operator.scale(1)
    # What it does first it does for all: another MCPServer that is through shows that it has looked at this one.
    make(image=GO).becomes("Running", "Validated")
    assert written() == before
