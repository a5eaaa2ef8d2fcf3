# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``managedBy: argo-rollouts`` with the real controller: the example, and what clients notice of new versions."""

from __future__ import annotations

import pytest

from support import cluster
from support.gates import serving
from support.managed import SECOND, SERVES, adopting, phases
from support.operator import WATCHED
from support.rollout_controllers import Applied, History, example, only, running

from .conftest import BROKEN, GO

# Builds Argo Rollouts on first use.
pytestmark = pytest.mark.test_all

API = "argoproj.io/v1alpha1"
SPEC = {
    "image": GO,
    "args": ["--stateless"],
    "validation": {"strictMode": True, "deadlineSeconds": 60},
    "rollout": {"managedBy": "argo-rollouts"},
}
LAX = {**SPEC, "validation": {"strictMode": False}}
BAD = {"image": BROKEN, "args": ["html"]}


@pytest.fixture(scope="module")
def argo(operator):
    cluster.load_images("mcp-stdio-bridge")
    with running("argo-rollouts"):
        yield


@pytest.fixture
def applied(argo, client):
    made = Applied(client, WATCHED)
    yield made
    made.delete()


@pytest.fixture
def adopt(argo, client):
    with adopting("argo-rollouts", client) as apply:
        yield apply


def with_second(server):
    """Return how many Pods there are of the second version, and of others."""
    found = [pod["spec"]["containers"][0].get("env") or [] for pod in server.pods()]
    second = sum(SECOND[0] in env for env in found)
    return second, len(found) - second


def images(server):
    return [pod["spec"]["containers"][0]["image"] for pod in server.pods()]


def analyses(client, name):
    """Return the phases of the analyses of a Rollout, the oldest first."""
    path = f"/apis/{API}/namespaces/{WATCHED}/analysisruns"
    found = client.request("GET", path, what="list analyses")["items"]
    own = [item for item in found if item["metadata"]["ownerReferences"][0]["name"] == name]
    own.sort(key=lambda item: item["metadata"]["creationTimestamp"])
    return [(item.get("status") or {}).get("phase") for item in own]


def test_clients_notice_neither_the_migration_nor_a_good_version_nor_a_bad_one(make, adopt, calling, client):
    server = make(**SPEC)
    server.becomes("Running", "Validated")
    clients = calling(server, clients=4, rate=20)
    clients.ready()
    clients.happens("migration")
    adopt(server)
    own = [pod["metadata"]["uid"] for pod in server.pods()]
    clients.happens("good")
    server.apply(**SPEC, environment=SECOND)
    history = History(lambda: phases(server))
    history.until("the analysis has passed", lambda found: found[:3] == ("Updating", "Paused", 4))
    assert analyses(client, server.name) == ["Successful"]
    # Half of the Pods: Argo Rollouts has scaled the earlier version down.
    cluster.until("one Pod of each version is left", lambda: with_second(server) == (1, 1), 60)
    cluster.until("both Pods serve", lambda: len(serving(client, server.name)) == 2)
    assert server.condition("CanaryProgressing")["status"] == "True"
    history.until("the version is promoted", lambda found: found == SERVES)
    assert {found[:3] for found in history.seen if found.step == 3} == {("Updating", "Progressing", 3)}
    cluster.until("only new Pods are left", lambda: with_second(server) == (2, 0), 60)
    assert server.becomes("Running", "Validated")["replicas"] == 2
    assert not set(own) & {pod["metadata"]["uid"] for pod in server.pods()}
    clients.happens("bad")
    server.apply(**{**SPEC, **BAD})
    history = History(lambda: phases(server))
    history.until("the version is aborted", lambda found: found.rollout == "Aborted")
    cluster.until("the bad Pod is gone", lambda: with_second(server) == (2, 0), 60)
    clients.happens("after")
    assert server.condition("Ready")["status"] == "False"
    assert server.condition("Available")["status"] == "True"
    assert "rollback" not in server.status
    # Nobody has scaled the Deployment, and its template is that of the manifest.
    deployment = server.child("Deployment")
    assert deployment["spec"]["replicas"] == 0
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == BROKEN
    server.apply(**SPEC, environment=SECOND)
    history.until("the earlier version is the newest one", lambda found: found == SERVES)
    server.becomes("Running", "Validated")
    assert with_second(server) == (2, 0)
    met = clients.met()
    print(met)
    assert {what: met[what]["failures"] for what in ("migration", "good", "bad", "after")} == {
        "migration": [],
        "good": [],
        "bad": [],
        "after": [],
    }
    assert min(met[what]["calls"] for what in ("migration", "good", "bad")) > 50


def test_a_version_is_aborted_by_the_job_that_validates_it(make, adopt, client):
    server = make(**LAX)
    server.becomes("Running", "Validated")
    adopt(server)
    server.apply(**{**LAX, **BAD})
    history = History(lambda: phases(server))
    history.until("the version is aborted", lambda found: found.rollout == "Aborted")
    assert analyses(client, server.name) == ["Failed"]
    cluster.until("only good Pods are left", lambda: images(server) == [GO, GO], 60)
    assert server.condition("Ready")["status"] == "False"


def test_pods_of_a_deployment_that_is_never_scaled_down_serve_beside_those_of_the_rollout(make, applied):
    server = make(**SPEC)
    server.becomes("Running", "Validated")
    rollout = only(example("argo-rollouts", server.name), "Rollout")
    rollout["spec"]["workloadRef"]["scaleDown"] = "never"
    rollout["spec"]["strategy"]["canary"] = {}
    applied.apply(rollout)
    cluster.until("the Rollout has its Pods", lambda: len(server.pods()) == 3, 60)
    history = History(lambda: (phases(server), server.status.get("readyReplicas")))
    history.until("all Pods serve", lambda found: found == (SERVES, 3), 60)
