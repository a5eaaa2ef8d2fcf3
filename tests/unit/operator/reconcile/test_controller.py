# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The loop from a change to a status, with a fake API server and a fake Ansible."""

from __future__ import annotations

from dataclasses import replace

from mcp_operator._vendor._kube.errors import ApiForbidden
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile.annotations import RECONCILED
from mcp_operator.runs.run_request import HostOutcome, HostResult

from support.clock import eventually

from .conftest import FINALIZED, WATCH

FAILED = HostResult(outcome=HostOutcome.FAILED, message="no such image", failures=1)


def conditions(operator, key):
    found = operator.api.objects[key]["status"]["conditions"]
    return {entry["type"]: entry for entry in found}


def test_what_there_is_at_the_start_runs_in_one_batch(operator):
    for name in "abc":
        operator.api.create(name)
    operator.start()
    operator.settle()
    assert operator.ansible.all_names() == ["a", "b", "c"]
    assert len(operator.ansible.requests) <= 2


def test_after_a_restart_nothing_runs_and_nothing_is_written(operator):
    for number in range(200):
        operator.api.create(f"toy{number}")
    operator.start()
    operator.settle()
    operator.restart()
    operator.settle()
    assert operator.ansible.requests == []
    assert operator.api.writes == []


def test_after_a_restart_what_changed_meanwhile_runs(operator):
    keys = [operator.api.create(name) for name in "abc"]
    operator.start()
    operator.settle()
    operator.controller.stop(1)
    operator.api.change(keys[1], size=2)
    operator.restart()
    operator.settle()
    assert operator.ansible.names() == [["b"]]


def test_other_content_is_a_reason_to_run(operator):
    operator.api.create("a")
    operator.start(content_version="1")
    operator.settle()
    operator.restart(content_version="2")
    operator.settle()
    assert operator.ansible.names() == [["a"]]


def test_an_annotation_copied_from_another_object_does_not_count(operator):
    original = operator.api.create("a")
    operator.start()
    operator.settle()
    copy = operator.api.create("b")
    item = operator.api.objects[copy]
    item["metadata"]["annotations"] = dict(operator.api.objects[original]["metadata"]["annotations"])
    operator.restart()
    operator.settle()
    assert operator.ansible.names() == [["b"]]


def test_what_is_no_change_of_a_users_runs_nothing(operator):
    key = operator.api.create("a")
    operator.start()
    operator.settle()
    item = operator.api.objects[key]
    operator.api.put(key, {**item, "status": {"phase": "x"}})
    item = operator.api.objects[key]
    annotated = {**item["metadata"], "annotations": {**item["metadata"]["annotations"], "note": "1"}}
    operator.api.put(key, {**item, "metadata": annotated})
    operator.settle()
    assert len(operator.ansible.requests) == 1


def test_changed_annotations_run_if_the_watch_includes_them(operator):
    watch = replace(WATCH, watch_annotations_changes=True)
    key = operator.api.create("a")
    operator.start(watch)
    operator.settle()
    assert len(operator.ansible.requests) == 1
    item = operator.api.objects[key]
    annotated = {**item["metadata"], "annotations": {**item["metadata"]["annotations"], "note": "1"}}
    operator.api.put(key, {**item, "metadata": annotated})
    operator.settle()
    assert len(operator.ansible.requests) == 2


def test_a_change_during_the_run_is_picked_up_after_it(operator):
    key = operator.api.create("a", size=1)
    operator.ansible.gate.clear()
    operator.start()
    eventually(lambda: operator.ansible.requests)
    for size in range(50):
        operator.api.change(key, size=size)
    operator.ansible.gate.set()
    operator.settle()
    sizes = [request.hosts["team.a"]["size"] for request in operator.ansible.requests]
    assert sizes == [1, 49]


def test_a_deleted_child_is_made_again_and_its_status_is_no_reason(operator):
    key = operator.api.create("a")
    child = Key("children", "team", "a")
    uid = operator.api.objects[key]["metadata"]["uid"]
    reference = {"apiVersion": WATCH.api_version, "kind": "Toy", "name": "a", "uid": uid}
    meta = {"name": "a", "namespace": "team", "uid": "child", "generation": 1, "ownerReferences": [reference]}
    operator.ansible.during = lambda _request: operator.store.put(child, {"metadata": {**meta, "resourceVersion": "1"}})
    operator.start(dependents={"children": WATCH})
    operator.settle()
    assert len(operator.ansible.requests) == 1
    operator.store.put(child, {"metadata": {**meta, "resourceVersion": "2"}, "status": {"ready": 1}})
    operator.settle()
    assert len(operator.ansible.requests) == 1
    operator.store.remove(child)
    operator.settle()
    assert len(operator.ansible.requests) == 2


def test_a_failed_object_is_retried_alone_until_it_is_well(operator):
    for name in "abc":
        operator.api.create(name)
    operator.ansible.results["team.b"] = FAILED
    operator.start()
    operator.settle()
    for _ in range(3):
        operator.step(5)
    operator.ansible.results.clear()
    operator.step(5)
    names = operator.ansible.names()
    assert set(map(tuple, names[2:])) == {("b",)}
    assert all(RECONCILED in item["metadata"]["annotations"] for item in operator.api.objects.values())


def test_the_status_is_ansible_operators_and_written_once(operator):
    watch = replace(WATCH, manage_status=True)
    key = operator.api.create("a")
    operator.start(watch)
    operator.settle()
    found = conditions(operator, key)
    assert (found["Successful"]["status"], found["Running"]["reason"]) == ("True", "Successful")
    assert found["Running"]["ansibleResult"]["ok"] == 1
    assert [kind for kind, _body in operator.api.writes] == ["status", "status", "metadata"]
    operator.restart(watch)
    operator.settle()
    assert operator.api.writes == []


def test_a_failure_is_in_the_status_with_its_reason(operator):
    watch = replace(WATCH, manage_status=True)
    key = operator.api.create("a")
    operator.ansible.results["team.a"] = FAILED
    operator.start(watch)
    operator.settle()
    operator.step(5)
    operator.step(5)
    assert len(operator.ansible.requests) == 3
    found = conditions(operator, key)
    assert (found["Failure"]["status"], found["Failure"]["message"]) == ("True", "no such image")
    assert found["Successful"]["status"] == "False"
    assert len([kind for kind, _ in operator.api.writes if kind == "status"]) == 2


def test_a_concurrent_write_to_the_status_causes_no_run(operator):
    watch = replace(WATCH, manage_status=True)
    key = operator.api.create("a")
    once = iter([None])

    def meddle(_key):
        for _ in once:
            item = operator.api.objects[key]
            operator.api.put(key, {**item, "status": {"conditions": [{"type": "Theirs", "status": "True", "x": 1}]}})

    operator.api.before_patch = meddle
    operator.start(watch)
    operator.settle()
    assert len(operator.ansible.requests) == 1
    found = conditions(operator, key)
    assert found["Theirs"] == {"type": "Theirs", "status": "True", "x": 1}
    assert found["Successful"]["status"] == "True"


def test_a_write_that_fails_after_the_run_is_made_up_for_without_another(operator):
    key = operator.api.create("a")
    operator.ansible.during = lambda _request: setattr(operator.api, "down", True)
    operator.start()
    operator.settle()
    assert "annotations" not in operator.api.objects[key]["metadata"]
    operator.api.down = False
    operator.step(5)
    assert RECONCILED in operator.api.objects[key]["metadata"]["annotations"]
    assert len(operator.ansible.requests) == 1


def test_the_period_is_kept_and_the_annotation_overrides_it(operator):
    watch = replace(WATCH, reconcile_period=3600.0)
    operator.api.create("lazy")
    key = operator.api.create("eager")
    operator.api.objects[key]["metadata"]["annotations"] = {"ansible.sdk.operatorframework.io/reconcile-period": "20s"}
    operator.api.put(key, operator.api.objects[key])
    operator.start(watch)
    operator.settle()
    operator.step(20)
    operator.step(20)
    assert operator.ansible.names()[1:] == [["eager"], ["eager"]]
    assert sum("lazy" in names for names in operator.ansible.names()) == 1


def test_a_run_may_ask_to_be_repeated(operator):
    operator.api.create("a")
    operator.ansible.results["team.a"] = HostResult(outcome=HostOutcome.SUCCEEDED, requeue_after=0.1)
    operator.start()
    operator.settle()
    operator.step(0.1)
    operator.step(0.1)
    assert len(operator.ansible.requests) == 3


def test_one_that_cannot_be_prepared_does_not_hold_up_the_others(operator):
    keys = [operator.api.create(name) for name in "abc"]

    def refuse(key):
        if key == keys[1]:
            raise ApiForbidden("Not this one.")

    operator.api.before_patch = refuse
    operator.start(FINALIZED)
    operator.settle()
    assert operator.ansible.all_names() == ["a", "c"]
    operator.api.before_patch = lambda _key: None
    operator.step(5)
    assert operator.ansible.all_names() == ["a", "b", "c"]
