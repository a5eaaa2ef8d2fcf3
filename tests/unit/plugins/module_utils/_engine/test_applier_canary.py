# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a run writes during a canary, from its beginning to its end, and wherever it was interrupted."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._reconcile import ReconcileBatch, Server
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

from .test_applier import TEMPLATES

STABLE, CANARY = "Deployment.v1.apps/a", "Deployment.v1.apps/a-canary"
ANNOTATION = "mcp.mcp-operator.io/canary-template"
SPEC = {"replicas": 10, "validation": {"strictMode": True}, "rollout": {"strategy": "canary"}}


class Runs:
    """Runs of the operator for one MCPServer, each of which knows what the informers do."""

    def __init__(self):
        self.api = FakeApi()
        self.applied = {}
        self.status = {}
        self.gated = True
        self.spec = SPEC

    def run(self, image="server:1", *, absent=False, **spec):
        meta = {"name": "a", "namespace": "team", "uid": "uid-of-a", "generation": 1}
        manifest = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": meta,
            "spec": {"image": image, **self.spec, **spec},
            "status": self.status,
        }
        batch = ReconcileBatch(self.api, Applier(self.api, Renderer(str(TEMPLATES)), gated=self.gated))
        self.api.asked.clear()
        work = batch.absent if absent else batch.present
        result = work({"a": Server(copy.deepcopy(manifest), self.known())})["a"]
        assert not result["failed"], result["msg"]
        self.applied = result["children"]
        return result

    def known(self):
        found = self.api.known(self.applied)
        owners = {key: item["metadata"].get("ownerReferences") or [{}] for key, item in self.api.objects.items()}
        return Known(
            {key: own for key, own in found.there.items() if owners[key][0].get("uid") == "uid-of-a"}, found.applied
        )

    def image(self, key):
        return self.api.objects[key]["spec"]["template"]["spec"]["containers"][0]["image"]

    def mark(self, key=STABLE):
        return self.api.objects[key]["spec"]["template"]["metadata"]["labels"]["mcp.mcp-operator.io/template"]

    @property
    def annotations(self):
        return self.api.objects[STABLE]["metadata"].get("annotations") or {}


@pytest.fixture
def runs():
    """The first template has passed."""
    made = Runs()
    made.run()
    assert CANARY not in made.api.objects
    made.status = {"provedTemplate": made.mark()}
    return made


@pytest.fixture
def tried(runs):
    """A second template is being tried."""
    runs.run("server:2")
    return runs


def rollout(runs, phase, replicas=1):
    found = {"phase": phase, "canaryRevision": runs.annotations.get(ANNOTATION) or runs.mark(CANARY)}
    runs.status = {**runs.status, "rollout": {**found, "canaryReplicas": replicas}}


def test_the_canary_gets_the_new_template_and_the_stable_deployment_keeps_its_own(tried):
    assert (tried.image(STABLE), tried.image(CANARY)) == ("server:1", "server:2")
    assert tried.api.objects[CANARY]["spec"]["replicas"] == 1
    assert tried.mark(CANARY) == tried.annotations[ANNOTATION] != tried.mark()
    labels = tried.api.objects[CANARY]["spec"]["selector"]["matchLabels"]
    assert labels == {"app": "a", "mcp.mcp-operator.io/canary": "true"}
    # The stable one is written first.
    assert tried.api.asked.index("apply Deployment") < len(tried.api.asked) - 1


def test_a_run_that_finds_all_in_place_writes_nothing(tried):
    tried.run("server:2")
    assert [asked for asked in tried.api.asked if not asked.startswith("find")] == []


def test_more_pods_of_the_canary_change_the_canary_only(tried):
    rollout(tried, "Progressing", 5)
    tried.run("server:2")
    assert tried.api.objects[CANARY]["spec"]["replicas"] == 5
    assert tried.api.asked.count("apply Deployment") == 1


def test_after_the_last_step_the_stable_deployment_gets_the_template_and_then_the_canary_goes(tried):
    rollout(tried, "Promoting", 5)
    tried.run("server:2")
    assert (tried.image(STABLE), tried.image(CANARY)) == ("server:2", "server:2")
    assert ANNOTATION not in tried.annotations
    assert tried.api.objects[CANARY]["spec"]["replicas"] == 5
    tried.status = {"provedTemplate": tried.mark(), "rollout": {"phase": "Stable"}}
    tried.run("server:2")
    assert CANARY not in tried.api.objects
    assert tried.image(STABLE) == "server:2"


def test_a_canary_that_failed_is_deleted_and_not_tried_again(tried):
    failed = tried.annotations[ANNOTATION]
    rollout(tried, "Aborted")
    tried.status["rollback"] = {"active": True, "template": failed, "to": tried.mark()}
    for _ in range(2):
        tried.run("server:2")
        assert CANARY not in tried.api.objects
        assert tried.image(STABLE) == "server:1"
    assert ANNOTATION not in tried.annotations
    # Scaling is no new template.
    tried.run("server:2", replicas=3)
    assert CANARY not in tried.api.objects
    assert tried.api.objects[STABLE]["spec"]["replicas"] == 3
    tried.run("server:3")
    assert (tried.image(STABLE), tried.image(CANARY)) == ("server:1", "server:3")


def test_a_manifest_that_is_reverted_deletes_the_canary(tried):
    rollout(tried, "Paused")
    tried.run("server:1")
    assert CANARY not in tried.api.objects
    assert tried.image(STABLE) == "server:1"


def test_another_template_in_the_middle_takes_the_place_of_the_canary(tried):
    rollout(tried, "Promoting", 5)
    tried.run("server:2")
    tried.run("server:3")
    assert (tried.image(STABLE), tried.image(CANARY)) == ("server:1", "server:3")
    assert tried.api.objects[CANARY]["spec"]["replicas"] == 1


def test_without_the_strategy_the_stable_deployment_gets_the_template_at_once(tried):
    tried.run("server:2", rollout={"strategy": "rolling"})
    assert CANARY not in tried.api.objects
    assert tried.image(STABLE) == "server:2"
    assert ANNOTATION not in tried.annotations


def test_a_playbook_without_an_operator_replaces_the_pods_and_deletes_the_canary(tried):
    tried.gated = False
    tried.run("server:2")
    assert CANARY not in tried.api.objects
    assert tried.image(STABLE) == "server:2"


def test_a_deleted_mcpserver_has_no_canary(tried):
    tried.run("server:2", absent=True)
    assert CANARY not in tried.api.objects


def test_a_deployment_of_that_name_of_another_mcpserver_is_not_touched(runs):
    theirs = {"kind": "MCPServer", "name": "a-canary", "uid": "theirs", "controller": True}
    meta = {"name": "a-canary", "namespace": "team", "uid": "their uid", "ownerReferences": [theirs]}
    runs.api.objects[CANARY] = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta}
    before = copy.deepcopy(runs.api.objects[CANARY])
    with pytest.raises(AssertionError, match="FOREIGN_OBJECT"):
        runs.run("server:2")
    assert runs.api.objects[CANARY] == before
    assert runs.image(STABLE) == "server:1"
    runs.run("server:1")
    assert runs.api.objects[CANARY] == before


def test_a_template_that_was_deleted_from_the_history_leaves_everything_as_it_is(runs):
    for key in [key for key in runs.api.objects if key.startswith("ControllerRevision")]:
        del runs.api.objects[key]
    with pytest.raises(AssertionError, match="rolling"):
        runs.run("server:2")
    assert runs.image(STABLE) == "server:1"
    assert CANARY not in runs.api.objects


@pytest.mark.parametrize("known", [Known({}, {}), Known(None, {})], ids=["nothing is known", "all is read"])
def test_an_operator_that_knows_nothing_yet_writes_the_same(tried, known):
    before = {key: tried.image(key) for key in (STABLE, CANARY)}
    tried.known = lambda: known
    tried.run("server:2")
    assert {key: tried.image(key) for key in (STABLE, CANARY)} == before


SERVICE, CANARY_SERVICE = "Service.v1/a", "Service.v1/a-canary"
ROUTE, POLICY = "HTTPRoute.v1.gateway.networking.k8s.io/a", "BackendTLSPolicy.v1alpha3.gateway.networking.k8s.io/a"
EXPOSE = {"parentRefs": [{"name": "shared"}], "hostnames": ["a.example.com"], "path": "/public"}
ROUTED = {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}}


class Exposed(Runs):
    """Runs for a server with a route, whose second template is being tried."""

    def __init__(self):
        super().__init__()
        service = {"type": "LoadBalancer", "annotations": {"a": "b"}}
        self.spec = {**SPEC, "expose": EXPOSE, "service": service, "tls": {"secretName": "cert"}}
        self.status = ROUTED
        self.run()
        self.proved = self.mark()
        self.status = {**ROUTED, "provedTemplate": self.proved}

    def is_at(self, phase, replicas=1, **fields):
        found = {"phase": phase, "stableRevision": self.proved, "canaryReplicas": replicas, **fields}
        revision = self.annotations.get(ANNOTATION) or self.mark(CANARY)
        self.status = {**self.status, "rollout": {"canaryRevision": revision, **found}}
        self.run("server:2")

    @property
    def weights(self):
        [rule] = self.api.objects[ROUTE]["spec"]["rules"]
        return {one["name"]: one["weight"] for one in rule["backendRefs"]}

    @property
    def selector(self):
        return self.api.objects[SERVICE]["spec"]["selector"]


@pytest.fixture
def exposed():
    return Exposed()


def test_the_route_has_the_weights_of_both_services_and_keeps_the_rest(exposed):
    [before] = exposed.api.objects[ROUTE]["spec"]["rules"]
    exposed.run("server:2")
    assert exposed.weights == {"a": 100, "a-canary": 0}
    exposed.is_at("Paused", stableOnly=True, trafficWeight=10)
    assert exposed.weights == {"a": 90, "a-canary": 10}
    [rule] = exposed.api.objects[ROUTE]["spec"]["rules"]
    assert {**rule, "backendRefs": 0} == {**before, "backendRefs": 0}
    assert rule["filters"][0]["urlRewrite"]["path"]["replaceFullPath"] == "/mcp"
    targets = exposed.api.objects[POLICY]["spec"]["targetRefs"]
    assert [target["name"] for target in targets] == ["a", "a-canary"]
    assert exposed.selector == {"app": "a", "mcp.mcp-operator.io/template": exposed.proved}
    made = exposed.api.objects[CANARY_SERVICE]
    assert made["spec"]["selector"] == {"app": "a", "mcp.mcp-operator.io/canary": "true"}
    assert made["spec"]["type"] == "ClusterIP"
    assert made["spec"]["ports"] == exposed.api.objects[SERVICE]["spec"]["ports"]
    assert "annotations" not in made["metadata"]


def test_all_pods_serve_during_the_promotion_and_then_the_canary_goes(exposed):
    exposed.run("server:2")
    exposed.is_at("Promoting")
    assert exposed.weights == {"a": 100, "a-canary": 0}
    assert exposed.selector == {"app": "a"}
    exposed.status = {**ROUTED, "provedTemplate": exposed.mark(), "rollout": {"phase": "Stable"}}
    exposed.run("server:2")
    assert not {CANARY, CANARY_SERVICE} & set(exposed.api.objects)
    assert exposed.weights == {"a": 1}


def test_an_aborted_canary_is_kept_without_requests_and_then_deleted(exposed):
    exposed.run("server:2")
    exposed.is_at("Paused", stableOnly=True, trafficWeight=10)
    exposed.status["rollback"] = {"active": True, "template": exposed.mark(CANARY), "to": exposed.proved}
    exposed.is_at("Aborted", stableOnly=True)
    assert exposed.weights == {"a": 100, "a-canary": 0}
    assert {CANARY, CANARY_SERVICE} <= set(exposed.api.objects)
    exposed.is_at("Aborted", 0, stableOnly=True)
    assert not {CANARY, CANARY_SERVICE} & set(exposed.api.objects)
    assert exposed.weights == {"a": 1}
    assert exposed.selector == {"app": "a", "mcp.mcp-operator.io/template": exposed.proved}


def test_a_deleted_server_has_no_service_of_a_canary(exposed):
    exposed.run("server:2")
    exposed.run("server:2", absent=True)
    assert not {CANARY, CANARY_SERVICE, SERVICE, ROUTE} & set(exposed.api.objects)
