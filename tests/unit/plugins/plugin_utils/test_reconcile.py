# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a batch asks of the API server, and what it says of each MCPServer."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import (
    ApiForbidden,
    ApiInvalid,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import key_of, state_of
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._reconcile import ReconcileBatch, Server
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"
KEYS = ["ServiceAccount.v1/a", "Service.v1/a", "Deployment.v1.apps/a"]
AUTOSCALER = "HorizontalPodAutoscaler.v2.autoscaling/a"
NOTHING = Known({}, {})


def server(name="a", **spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": name, "namespace": "team", "uid": f"uid-of-{name}", "generation": 1},
        "spec": {"image": "registry.example.com/server:1", **spec},
    }


@pytest.fixture
def cluster():
    return FakeApi()


@pytest.fixture
def reconcile(cluster):
    def reconcile(known=NOTHING, *, absent=False, **spec):
        worker = ReconcileBatch(cluster, Applier(cluster, Renderer(str(TEMPLATES))))
        work = worker.absent if absent else worker.present
        cluster.asked.clear()
        return work({"team.a": Server(server(**spec), known)})["team.a"]

    return reconcile


def test_what_is_new_costs_one_call_each(cluster, reconcile):
    result = reconcile()
    assert cluster.asked == ["apply ServiceAccount", "apply Service", "apply Deployment"]
    assert (result["changed"], result["failed"], list(result["children"])) == (True, False, KEYS)
    assert result["template"]


def test_what_is_as_the_last_run_left_it_costs_none(cluster, reconcile):
    applied = reconcile()["children"]
    again = reconcile(cluster.known(applied))
    assert cluster.asked == []
    assert (again["changed"], again["children"]) == (False, applied)


def test_what_somebody_edited_is_applied_and_nothing_else(cluster, reconcile):
    applied = reconcile()["children"]
    cluster.objects[KEYS[1]]["spec"]["type"] = "NodePort"
    reconcile(cluster.known(applied))
    assert cluster.asked == ["apply Service"]


def test_what_the_store_does_not_know_yet_is_known_from_the_last_run(cluster, reconcile):
    applied = reconcile()["children"]
    result = reconcile(Known({}, applied), image="registry.example.com/server:2")
    assert cluster.asked == ["apply ServiceAccount", "apply Service", "apply Deployment"]
    assert not result["failed"]


def test_what_went_meanwhile_is_made_anew(cluster, reconcile):
    applied = reconcile()["children"]
    known = cluster.known()
    del cluster.objects[KEYS[1]]
    assert not reconcile(Known(known.there, {})).get("failed")
    assert cluster.asked[1:4] == ["apply Service", "find Service", "apply Service"]
    assert cluster.objects[KEYS[1]]["metadata"]["uid"] != applied[KEYS[1]][0]


def test_what_is_somebody_elses_stays_as_it_is(cluster, reconcile):
    theirs = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "team", "uid": "theirs"}}
    cluster.objects[KEYS[1]] = copy.deepcopy(theirs)
    for known in (NOTHING, Known(None, {})):
        result = reconcile(known)
        assert (result["failed"], result["error"]) == (True, "FOREIGN_OBJECT")
        assert result["msg"].endswith("[FOREIGN_OBJECT]")
        assert cluster.objects[KEYS[1]] == theirs
    assert not reconcile(NOTHING, absent=True)["failed"]
    assert cluster.objects[KEYS[1]] == theirs


def test_what_belongs_to_a_deleted_mcpserver_of_the_name_is_left_to_go(cluster, reconcile):
    owner = {"kind": "MCPServer", "name": "a", "uid": "an earlier one", "controller": True}
    meta = {"name": "a", "namespace": "team", "uid": "old", "ownerReferences": [owner]}
    cluster.objects[KEYS[2]] = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta}
    assert reconcile()["error"] == "OBJECT_LEAVING"


def test_what_the_api_server_refuses_for_what_it_says_is_told(cluster, reconcile):
    applied = reconcile()["children"]
    cluster.broken["a"] = ApiInvalid("spec.template: no", "Correct the manifest.", status=422)
    known = cluster.known()
    result = reconcile(Known(known.there, {}))
    assert (result["error"], result["msg"]) == ("API_INVALID", "spec.template: no Correct the manifest. [API_INVALID]")
    assert applied
    assert cluster.asked == ["apply ServiceAccount", "find ServiceAccount"]


def test_without_a_store_everything_is_read_first(cluster, reconcile):
    reconcile(Known(None, {}))
    kinds = ("HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy")
    optional = [*(f"find {kind}" for kind in kinds), "read /apis/cert-manager.io/v1", "read /apis/cilium.io/v2"]
    optional += ["read /apis/mcp.kuadrant.io/v1", "read /apis/aigateway.envoyproxy.io/v1beta1"]
    optional += [f"read /apis/gateway.networking.k8s.io/{version}" for version in ("v1", "v1alpha3")]
    assert cluster.asked[: len(optional) + 2] == [*optional, "find ServiceAccount", "apply ServiceAccount"]


def test_an_autoscaler_that_is_not_wanted_any_more_is_deleted_if_it_is_ours(cluster, reconcile):
    hpa = {"enabled": True, "maxReplicas": 3}
    applied = reconcile(hpa=hpa)["children"]
    assert list(applied) == [*KEYS, AUTOSCALER, "PodDisruptionBudget.v1.policy/a"]
    assert list(reconcile(cluster.known(applied), replicas=2)["children"]) == [*KEYS, "PodDisruptionBudget.v1.policy/a"]
    assert cluster.asked == ["delete HorizontalPodAutoscaler", "apply Deployment"]


def left_with(cluster, reconcile, number, **meta):
    """Let an autoscaler come, set a number of replicas, and go."""
    applied = reconcile(hpa={"enabled": True, "maxReplicas": 9})["children"]
    deployment = cluster.objects[KEYS[2]]
    deployment["spec"]["replicas"] = number
    found = server()
    found["metadata"].update(resourceVersion="7", **meta)
    cluster.objects[key_of(found)] = found
    result = reconcile(cluster.known(applied))
    assert not result["failed"], result
    assert AUTOSCALER not in result["children"]
    return cluster.objects[KEYS[2]]["spec"]["replicas"], found["spec"].get("replicas")


def test_an_autoscaler_that_goes_leaves_as_many_replicas_as_there_are(cluster, reconcile):
    assert left_with(cluster, reconcile, 5) == (5, 5)
    asked = ["find Deployment", "find MCPServer", "patch MCPServer at 7", "delete HorizontalPodAutoscaler"]
    assert cluster.asked == [*asked, "apply Deployment"]


@pytest.mark.parametrize(
    "meta",
    [
        {"managedFields": [{"manager": "argocd", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
        {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": '{"spec":{"replicas":1}}'}},
    ],
)
def test_but_as_many_as_the_manifest_says_where_it_does(cluster, reconcile, meta):
    assert left_with(cluster, reconcile, 5, **meta)[0] == 1


@pytest.mark.parametrize("last", ["", "{", "[]", '{"spec":null}', '{"spec":{"image":"x"}}'])
def test_what_kubectl_noted_may_be_anything(cluster, reconcile, last):
    noted = {"kubectl.kubernetes.io/last-applied-configuration": last}
    assert left_with(cluster, reconcile, 5, annotations=noted) == (5, 5)


def test_one_replica_is_one_replica(cluster, reconcile):
    assert left_with(cluster, reconcile, 1) == (1, None)


def test_deleting_takes_all_that_is_known(cluster, reconcile):
    applied = reconcile()["children"]
    reconcile(cluster.known(applied), absent=True)
    assert cluster.asked == ["delete Deployment", "delete Service", "delete ServiceAccount"]
    assert cluster.objects == {}


def test_one_that_is_broken_does_not_touch_the_others(cluster):
    worker = ReconcileBatch(cluster, Applier(cluster, Renderer(str(TEMPLATES))))
    cluster.broken = {
        "refused": ApiForbidden("exceeded quota", status=403),
        "defect": ZeroDivisionError("division by zero"),
    }
    good, names = [f"s{number}" for number in range(20)], ["refused", "defect"]
    batch = {name: Server(server(name), NOTHING) for name in [*good, *names]}
    batch["no manifest"] = Server(None, NOTHING)
    found = worker.present(batch)
    assert [name for name, result in found.items() if not result["failed"]] == good
    assert {found[name]["error"] for name in [*names, "no manifest"]} == {
        "API_FORBIDDEN",
        "DEFECT",
        "MANIFEST_INVALID",
    }


def test_a_result_has_at_most_a_kibibyte():
    outcome = HostResult()
    outcome.template, outcome.warnings = "0123456789", ["w" * 5000] * 50
    for kind in ("ServiceAccount.v1", "Service.v1", "Deployment.v1.apps", "HorizontalPodAutoscaler.v2.autoscaling"):
        outcome.applied(f"{kind}/{'n' * 63}", "created", ("u" * 36, "s" * 10, "m" * 10))
    assert len(outcome.to_dict()["children"]) == 4
    outcome.fail(McpKubernetesError("\U0001f600" * 5000, "a" * 5000, code="CODE"))
    result = outcome.to_dict()
    assert len(json.dumps(result)) <= 1024
    assert result["msg"].endswith(" [CODE]")


def test_a_long_message_has_its_end_and_a_long_warning_its_beginning():
    outcome = HostResult()
    outcome.warnings = [f"beginning {'w' * 500} end"]
    outcome.fail(McpKubernetesError(f"Could not apply: {'image ' * 500} no signatures found.", code="CODE"))
    result = outcome.to_dict()
    assert result["msg"].startswith("Could not apply: image")
    assert result["msg"].endswith("no signatures found. [CODE]")
    [warning] = result["warnings"]
    assert (warning[:11], warning[-1], len(json.dumps(warning)) <= 130) == ("beginning w", "…", True)


@pytest.mark.parametrize("letter", ["a", '"', "é", "\U0001f600"])
def test_a_message_that_is_cut_uses_its_bytes(letter):
    outcome = HostResult()
    outcome.fail(McpKubernetesError(letter * 5000, code="CODE"))
    assert 340 <= len(json.dumps(outcome.to_dict()["msg"])) - 2 <= 400


def test_of_what_is_wanted_status_and_annotations_are_no_part():
    item = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {"type": "x"},
    }
    state = state_of(item)
    assert state_of({**item, "status": {"loadBalancer": {}}}) == state
    assert (
        state_of({**item, "metadata": {**item["metadata"], "annotations": {"a": "b"}, "resourceVersion": "9"}}) == state
    )
    assert state_of({**item, "spec": {"type": "y"}}) != state
    assert state_of({**item, "metadata": {"name": "a"}}) != state
    assert state_of({"state": "kept"}) == "kept"
    # Of which nothing but the metadata is known.
    bare = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "resourceVersion": "1"}}
    assert state_of(bare) != state_of({**bare, "metadata": {"name": "a", "resourceVersion": "2"}})


def test_what_was_found_out_about_a_server_decides_how_its_service_leads_to_it(cluster, reconcile):
    worker = ReconcileBatch(cluster, Applier(cluster, Renderer(str(TEMPLATES))))
    found = server(replicas=2)
    applied = worker.present({"a": Server(found, NOTHING)})["a"]["children"]
    cluster.asked.clear()
    found["status"] = {"resolvedTransport": {"protocol": "streamable-http", "keepsSessions": True}}
    worker.present({"a": Server(found, cluster.known(applied))})
    assert cluster.asked == ["apply Service"]
    assert cluster.objects[KEYS[1]]["spec"]["sessionAffinity"] == "ClientIP"
