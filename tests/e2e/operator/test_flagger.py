# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``managedBy: flagger`` with the real controller: the example, and what clients notice of new versions."""

from __future__ import annotations

import pytest

from support import cluster
from support.operator import WATCHED
from support.rollout_controllers import Applied, History, example, only, running

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
SECOND = [{"name": "SECOND", "value": "1"}]
BAD = {"image": BROKEN, "args": ["html"]}
# Seconds in which a version must become ready. The example waits longer, and validates more often.
DEADLINE = 30
SERVES = ("Running", "Stable", True)


@pytest.fixture(scope="module")
def flagger(operator):
    cluster.load_images("mcp-stdio-bridge")
    with running("flagger"):
        yield


@pytest.fixture
def applied(flagger, client):
    made = Applied(client, WATCHED)
    yield made
    made.delete()


@pytest.fixture
def adopt(applied, client):
    """Apply the example, and wait until the primary Pods serve."""

    def apply(server):
        manifests = example("flagger", server.name)
        canary = only(manifests, "Canary")
        canary["spec"]["progressDeadlineSeconds"] = DEADLINE
        canary["spec"]["analysis"] |= {"iterations": 2, "threshold": 2}
        [webhook] = canary["spec"]["analysis"]["webhooks"]
        for manifest in manifests:
            if manifest is not canary:
                applied.apply(manifest)
        name = f"{server.name}-webhook"
        cluster.until("the webhook listens", lambda: is_available(applied.read("Deployment", name, "apps/v1")), 60)
        # Flagger runs on the node, which does not know the names of Services.
        address = applied.read("Service", name, "v1")["spec"]["clusterIP"]
        assert name in webhook["url"]
        webhook["url"] = webhook["url"].replace(name, address)
        applied.apply(canary)
        History(lambda: phases(server)).until("the primary Pods serve", lambda found: found == SERVES)
        server.becomes("Running", "Validated")

    return apply


def is_available(deployment):
    return (deployment.get("status") or {}).get("availableReplicas") == 1


def phases(server):
    """Return the phases, and whether they are those of the newest manifest."""
    found = server.read()
    status = found.get("status") or {}
    observed = status.get("observedGeneration") == found["metadata"]["generation"]
    return status.get("phase"), (status.get("rollout") or {}).get("phase"), observed


def primary_pods(server):
    found = server.client.list("v1", "Pod", server.namespace, labelSelector=f"app={server.name}-primary")
    return [pod for pod in found if not pod["metadata"].get("deletionTimestamp")]


def uids(server):
    return {pod["metadata"]["uid"] for pod in primary_pods(server)}


def fails(server):
    """Wait until a version was tried and has failed."""
    history = History(lambda: phases(server))
    history.until("the version is tried", lambda found: found[1] == "Progressing", 60)
    history.until("the version has failed", lambda found: found[1] == "Aborted")
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
    assert server.child("Deployment")["spec"]["replicas"] == 0
    primary = {"app": f"{server.name}-primary"}
    cluster.until("clients use these Pods", lambda: server.child("Service")["spec"]["selector"] == primary, 60)
    old = uids(server)
    clients.happens("good")
    server.apply(**SPEC, environment=SECOND)
    history = History(lambda: phases(server))
    history.until("the version is tried", lambda found: found == ("Updating", "Progressing", True), 60)
    # Until Flagger saw it, it did not seem to serve.
    assert SERVES not in history.seen
    assert server.condition("CanaryProgressing")["status"] == "True"
    history.until("the version is promoted", lambda found: found[1] == "Promoting")
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
