# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is applied is the same, whether each object is read first or an informer's memory is trusted."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.workload_state import ObjectLeaving
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import (
    ApiForbidden,
    ApiNotFound,
    ForeignObject,
)
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

TEMPLATES = Path(__file__).resolve().parents[5] / "roles" / "mcpserver" / "templates"
RENDERER = Renderer(str(TEMPLATES))
SERVICE, DEPLOYMENT = "Service.v1/a", "Deployment.v1.apps/a"
AUTOSCALER = "HorizontalPodAutoscaler.v2.autoscaling/a"
OWNERS = "ownerReferences"
# An API server's own part of an object.
OWN = ("uid", "resourceVersion", "managedFields")


def server(**spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "a", "namespace": "team", "uid": "uid-of-a", "generation": 1},
        "spec": {"image": "registry.example.com/server:1", **spec},
        "status": {},
    }


class Api(FakeApi):
    """Accepts the version of an object that was read, as LiveState sends it."""

    def apply(self, body, **more):
        there = self.objects.get(self.key(body))
        if there is not None and body["metadata"].get("resourceVersion") == there["metadata"]["resourceVersion"]:
            meta = {key: value for key, value in body["metadata"].items() if key != "resourceVersion"}
            body = {**body, "metadata": {**meta, "uid": there["metadata"]["uid"]}}
        return super().apply(body, **more)

    @staticmethod
    def key(body):
        group, _, version = body["apiVersion"].rpartition("/")
        return f"{body['kind']}.{version}.{group}/{body['metadata']['name']}".replace("./", "/")


@pytest.fixture
def api():
    return Api()


@pytest.fixture(params=["live", "remembered", "forgotten"])
def state(request, api):
    """Return a state of the workload; an informer that has seen everything, or nothing yet, remembers it."""

    def make():
        if request.param == "live":
            return LiveState(api, lambda _before, _after: None)
        # An informer's index has the objects that the MCPServer owns.
        there = {key: known for key, known in api.known().there.items() if api.objects[key]["metadata"].get(OWNERS)}
        known = Known(there if request.param == "remembered" else None, {})
        return RememberedState(api, known, HostResult())

    return make


@pytest.fixture
def applier(api):
    return Applier(api, RENDERER)


def content(api):
    found = copy.deepcopy(api.objects)
    for item in found.values():
        for field in OWN:
            item["metadata"].pop(field, None)
    return found


def test_what_is_applied_is_what_is_rendered(api, applier, state):
    applier.present(server(replicas=2), state())
    rendered = {api.key(item): item for item in RENDERER.render(server(replicas=2))}
    assert content(api) == rendered


def test_a_changed_manifest_changes_what_exists(api, applier, state):
    applier.present(server(), state())
    uid = api.objects[DEPLOYMENT]["metadata"]["uid"]
    applier.present(server(image="registry.example.com/server:2"), state())
    (container,) = api.objects[DEPLOYMENT]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example.com/server:2"
    assert api.objects[DEPLOYMENT]["metadata"]["uid"] == uid


def test_an_object_of_another_owner_is_refused_in_the_same_words(api, applier, state):
    meta = {"name": "a", "namespace": "team", "uid": "theirs", "resourceVersion": "5"}
    api.objects[SERVICE] = theirs = {"apiVersion": "v1", "kind": "Service", "metadata": meta}
    with pytest.raises(ForeignObject, match="Service team/a already exists and belongs to no MCPServer"):
        applier.present(server(), state())
    assert api.objects[SERVICE] == theirs
    applier.absent(server(), state())
    assert api.objects[SERVICE] == theirs


def test_an_autoscaler_that_is_no_longer_wanted_goes_before_the_deployment_changes(api, applier, state):
    applier.present(server(hpa={"enabled": True, "maxReplicas": 3}), state())
    assert AUTOSCALER in api.objects
    last = state()
    api.asked.clear()
    applier.present(server(), last)
    assert AUTOSCALER not in api.objects
    assert api.asked.index("delete HorizontalPodAutoscaler") < api.asked.index("apply Deployment")


def test_deleting_leaves_nothing(api, applier, state):
    applier.present(server(hpa={"enabled": True, "maxReplicas": 3}), state())
    applier.absent(server(), state())
    assert api.objects == {}


def test_objects_of_a_deleted_mcpserver_of_the_name_are_waited_for_where_nothing_else_waits(api, applier, monkeypatch):
    owner = {"kind": "MCPServer", "name": "a", "uid": "an earlier one", "controller": True}
    meta = {"name": "a", "namespace": "team", "uid": "old", "resourceVersion": "5", "ownerReferences": [owner]}
    api.objects[DEPLOYMENT] = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta}
    with pytest.raises(ObjectLeaving):
        applier.present(server(), RememberedState(api, Known(None, {}), HostResult()))
    waits = []

    def collect(seconds):
        waits.append(seconds)
        del api.objects[DEPLOYMENT]

    monkeypatch.setattr("time.sleep", collect)
    applier.present(server(), LiveState(api, lambda _before, _after: None))
    assert waits
    assert api.objects[DEPLOYMENT]["metadata"]["uid"] != "old"


ISSUED = {"tls": {"issuerRef": {"name": "ca"}}}


def test_the_certificate_goes_with_its_issuer(api, applier, state):
    api.groups[CERTIFICATES] = ["certificates"]
    applier.present(server(**ISSUED), state())
    assert "Certificate.v1.cert-manager.io/a" in api.objects
    applier.present(server(tls={"secretName": "own"}), state())
    assert "Certificate.v1.cert-manager.io/a" not in api.objects


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ApiNotFound("the server could not find the requested resource"), "needs cert-manager"),
        (ApiForbidden("certificates is forbidden"), r"certManager\.enable"),
    ],
)
def test_what_a_certificate_needs_is_said(api, applier, state, error, said, monkeypatch):
    apply = api.apply

    def fail(body, **more):
        if body["kind"] == "Certificate":
            raise error
        return apply(body, **more)

    monkeypatch.setattr(api, "apply", fail)
    with pytest.raises(type(error), match=said):
        applier.present(server(**ISSUED), state())
    assert SERVICE not in api.objects, "it would lead to Pods that are not there"


def test_without_the_right_to_certificates_others_are_applied(api, applier, state, monkeypatch):
    find = api.find

    def forbid(version, kind, *names):
        if kind == "Certificate":
            raise ApiForbidden("certificates is forbidden")
        return find(version, kind, *names)

    monkeypatch.setattr(api, "find", forbid)
    applier.present(server(), state())
    assert DEPLOYMENT in api.objects


CILIUM, POLICY = "/apis/cilium.io/v2", "CiliumNetworkPolicy.v2.cilium.io/a"
DOMAINS = {"network": {"egress": {"domains": ["api.example.com"]}}}


@pytest.fixture
def cilium(api):
    api.groups[CILIUM] = ["ciliumnetworkpolicies"]


def test_the_policy_with_domains_comes_and_goes_with_them(api, cilium, applier, state):
    known = state()
    applier.present(server(**DOMAINS), known)
    assert POLICY in api.objects
    assert known.warnings == []
    applier.present(server(network={"mode": "isolated"}), state())
    assert POLICY not in api.objects
    applier.present(server(**DOMAINS), state())
    applier.absent(server(**DOMAINS), state())
    assert POLICY not in api.objects


@pytest.mark.parametrize("kinds", [None, ["ciliumidentities"]])
def test_without_cilium_a_warning_says_that_domains_allow_nothing(api, applier, state, kinds):
    if kinds is not None:
        api.groups[CILIUM] = kinds
    known = state()
    applier.present(server(**DOMAINS), known)
    [text] = known.warnings
    assert "domains allows nothing" in text
    assert len(text) <= 120, "the result of a run cuts it"
    assert POLICY not in api.objects
    assert DEPLOYMENT in api.objects
    [policy] = [item for item in api.objects.values() if item["kind"] == "NetworkPolicy"]
    assert all(rule["to"] for rule in policy["spec"]["egress"])
    assert {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]} == {53}


AUTH = {"auth": {"issuers": ["https://login.example.com"]}}


@pytest.mark.parametrize(
    ("spec", "closed"),
    [
        ({}, []),
        ({"network": {"egress": {}}}, ["auth.issuers"]),
        (
            {"network": {"mode": "isolated"}, "metrics": {"otlpEndpoint": "http://a:4318"}},
            ["auth.issuers", "otlpEndpoint"],
        ),
        ({"network": {"egress": {"mode": "open"}}}, []),
        ({"network": {"egress": {"cidrs": ["203.0.113.0/24"]}}}, []),
    ],
)
def test_an_isolated_sidecar_that_reaches_nothing_has_warnings(applier, state, spec, closed):
    known = state()
    applier.present(server(**AUTH, **spec), known)
    assert [field for text in known.warnings for field in ("auth.issuers", "otlpEndpoint") if field in text] == closed
    assert all(len(text) <= 120 for text in known.warnings), "the result of a run cuts it"


def test_without_the_right_to_the_policy_a_warning_names_the_chart_s_value(api, cilium, applier, state, monkeypatch):
    apply = api.apply

    def forbid(body, **more):
        if body["kind"] == "CiliumNetworkPolicy":
            raise ApiForbidden("ciliumnetworkpolicies is forbidden")
        return apply(body, **more)

    monkeypatch.setattr(api, "apply", forbid)
    known = state()
    applier.present(server(**DOMAINS), known)
    [text] = known.warnings
    assert "cilium.enable" in text
    assert len(text) <= 120
    assert DEPLOYMENT in api.objects


def test_a_policy_of_somebody_else_is_not_changed(api, cilium, applier, state):
    meta = {"name": "a", "namespace": "team", "uid": "theirs", "resourceVersion": "7"}
    api.objects[POLICY] = theirs = {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": meta}
    before = copy.deepcopy(theirs)
    with pytest.raises(ForeignObject):
        applier.present(server(**DOMAINS), state())
    assert api.objects[POLICY] == before


def test_the_kinds_of_cilium_are_read_once(api, applier, state):
    applier.present(server(**DOMAINS), state())
    applier.present(server(), state())
    assert api.asked.count(f"read {CILIUM}") == 1
    assert "find CiliumNetworkPolicy" not in api.asked


CERTIFICATES = "/apis/cert-manager.io/v1"


def test_certificates_are_not_looked_for_in_a_cluster_without_them(api, applier, state):
    for _run in range(3):
        applier.present(server(), state())
    assert api.asked.count(f"read {CERTIFICATES}") <= 1
    assert "find Certificate" not in api.asked
