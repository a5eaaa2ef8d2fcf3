# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What differs between the manifests of a fleet and its clusters."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._drift import STATES, Drift
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import FleetError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_plan import plan
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._spec_diff import differences

HEALTHY = {
    "observedGeneration": 3,
    "phase": "Running",
    "conditions": [{"type": "Ready", "status": "True"}],
    "validation": {"state": "Validated", "serverInfo": {"version": "1.2"}},
}


def server(name="wiki", labels=None, **spec):
    meta = {"name": name, "namespace": "team", **({"labels": labels} if labels else {})}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": meta,
        "spec": {"image": f"{name}:1", **spec},
    }


def there(manifest, status=HEALTHY, **more):
    """Return an MCPServer as the module mcpserver_list does."""
    meta = manifest["metadata"]
    own = copy.deepcopy(manifest)
    return {
        **{key: meta[key] for key in ("namespace", "name")},
        "manifest": own,
        "status": status,
        "generation": 3,
        **more,
    }


def drift(servers, found, *, placement=(), labels=None, **options):
    clusters = {name: {"context": name} for name in found}
    planned = plan(servers, clusters, lambda pattern: [pattern], placement=placement).to_dict()
    return Drift(planned, found, labels=labels or {}, **options)


def states(compared):
    return {(row["cluster"], row["server"]): row["states"] for row in compared.rows}


def test_a_fleet_as_in_the_manifests():
    one = server(labels={"fleet": "eu"})
    live = there({**one, "metadata": {**one["metadata"], "labels": {"fleet": "eu", "added": "by others"}}})
    compared = drift([one], {"a": {"servers": [live]}, "b": {"servers": [live]}})
    assert states(compared) == {("a", "team/wiki"): [], ("b", "team/wiki"): []}
    assert compared.table() == ["2 of 2 MCPServers on 2 clusters are as in the manifests."]
    report = compared.to_dict()
    assert (report["drifted"], set(report["counts"].values())) == (False, {0})
    assert report["servers"][0]["version"] == "1.2"
    assert not any(result["failed"] for result in compared.hosts(STATES).values())


def test_each_state_is_found_on_the_cluster_that_has_it():
    one, other = server(), server("web")
    failed = {**HEALTHY, "validation": {"state": "Failed"}, "message": "HTML\x1b[2J came back."}
    found = {
        "good": {"servers": [there(one)]},
        "lacks": {"servers": []},
        "going": {"servers": [there(one, terminating=True)]},
        "more": {"servers": [there(one), there(other)]},
        "differs": {"servers": [there(server(replicas=3))]},
        "old": {"servers": [there(one, {**HEALTHY, "observedGeneration": 2})]},
        "bad": {"servers": [there(one, failed)]},
        "new": {"servers": [there(one, {})]},
        "down": {"error": "The API server does not answer."},
        "skipped": {},
    }
    compared = drift([one], found)
    wiki = "team/wiki"
    assert {key: value for key, value in states(compared).items() if value} == {
        ("lacks", wiki): ["missing"],
        ("going", wiki): ["missing"],
        ("more", "team/web"): ["extra"],
        ("differs", wiki): ["different"],
        ("old", wiki): ["older"],
        ("bad", wiki): ["unvalidated"],
        ("new", wiki): ["older", "unvalidated"],
        ("down", ""): ["unreachable"],
        ("skipped", ""): ["unreachable"],
    }
    report = json.loads(json.dumps(compared.to_dict()))
    counts = {"missing": 2, "extra": 1, "different": 1, "older": 2, "unvalidated": 2, "unreachable": 2}
    assert report["counts"] == counts
    assert report["clusters"]["down"]["error"] == "The API server does not answer."
    text = "\n".join(compared.table())
    assert "spec.replicas: 1 -> 3" in text
    assert "Its status is about generation 2 of 3." in text
    assert "It was not processed yet." in text
    assert "\x1b" not in text
    assert "2 of 9 MCPServers on 10 clusters are as in the manifests." in text
    hosts = compared.hosts(["missing", "unreachable"])
    assert sorted(name for name, result in hosts.items() if result["failed"]) == ["down", "going", "lacks", "skipped"]
    assert hosts["down"]["msg"] == "The cluster is unreachable: The API server does not answer."
    assert not any(result["failed"] for result in compared.hosts([]).values())


def test_placement_decides_what_is_missing_and_what_is_extra():
    one = server()
    found = {"a": {"servers": []}, "b": {"servers": [there(one)]}}
    compared = drift([one], found, placement=[{"servers": "wiki", "clusters": "a"}])
    assert states(compared) == {("a", "team/wiki"): ["missing"], ("b", "team/wiki"): ["extra"]}


@pytest.mark.parametrize(("labels", "extra"), [({}, True), ({"fleet": "eu"}, True), ({"fleet": "us"}, False)])
def test_only_servers_with_the_labels_of_the_fleet_are_extra(labels, extra):
    found = {"a": {"servers": [there(server()), there(server("web", labels={"fleet": "eu"}))]}}
    assert (("a", "team/web") in states(drift([server()], found, labels=labels))) is extra


@pytest.mark.parametrize(("version", "older"), [("1.0.0", False), ("0.9.0", True), ("", True)])
def test_a_cluster_with_another_operator_is_older(version, older):
    found = {"a": {"servers": [there(server())], "operator_version": version}}
    compared = drift([server()], found, operator_version="1.0.0")
    assert (states(compared).get(("a", "")) == ["older"]) is older
    assert states(drift([server()], found)) == {("a", "team/wiki"): []}


def test_an_unknown_state_is_an_error():
    with pytest.raises(FleetError, match="mcp_fail_on_drift has mising"):
        drift([server()], {"a": {"servers": []}}).hosts(["mising"])


def paths(wanted, found):
    return {one["path"]: (one["git"], one["cluster"]) for one in differences(wanted, found)}


def test_defaults_and_nulls_are_no_difference():
    stored = {"image": "i", "replicas": 1, "transport": {"config": {"http": {"path": "/mcp"}}, "type": "http"}}
    wanted = {"image": "i", "replicas": None, "transport": {"config": {"http": {"path": "/mcp"}}}}
    assert paths(wanted, stored) == {}


def test_fields_of_either_side_are_found():
    wanted = {"image": "i:2", "service": {"port": 80}, "environment": [{"name": "A", "value": "1"}]}
    found = {
        "image": "i:1",
        "service": {},
        "replicas": 4,
        "environment": [{"name": "B", "value": "1"}, {"name": "A", "value": "2"}],
    }
    assert paths(wanted, found) == {
        "spec.image": ('"i:2"', '"i:1"'),
        "spec.replicas": ("1", "4"),
        "spec.service.port": ("80", ""),
        "spec.environment[A].value": ('"1"', '"2"'),
        "spec.environment[B]": ("", '{"name": "B", "value": "1"}'),
    }


def test_an_order_is_a_difference():
    entries = [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]
    assert paths({"environment": entries}, {"environment": entries[::-1]}) == {
        "spec.environment (order)": ('["A", "B"]', '["B", "A"]')
    }
    assert paths({"args": ["a", "b"]}, {"args": ["b", "a", "c"]}) == {
        "spec.args[0]": ('"a"', '"b"'),
        "spec.args[1]": ('"b"', '"a"'),
        "spec.args[2]": ("", '"c"'),
    }


def test_a_secret_that_differs_is_found_and_not_shown():
    wanted, found = ({"environment": [{"name": "API_KEY", "value": value}]} for value in ("s3cret-1", "s3cret-2"))
    shown = paths(wanted, found)
    assert list(shown) == ["spec.environment[API_KEY].value"]
    assert "s3cret" not in str(shown)
    assert "s3cret" not in str(paths(wanted, {}))


def test_an_annotation_that_is_a_secret_is_not_shown_either():
    """As in specs, its name tells."""
    one = server()
    one["metadata"]["annotations"] = {"example.com/api-token": "s3cret-1", "owner": "web"}
    live = there({**one, "metadata": {**one["metadata"], "annotations": {"example.com/api-token": "s3cret-2"}}})
    compared = drift([one], {"a": {"servers": [live]}})
    assert [(field["git"], field["cluster"]) for field in compared.rows[0]["fields"]] == [
        ("********", "********"),
        ("web", ""),
    ]
    assert "s3cret" not in str([compared.table(), compared.to_dict(), compared.hosts(STATES)])


@pytest.mark.parametrize("found", [{"service": 5}, {"service": []}, {"environment": {"a": 1}}, {"environment": [1]}])
def test_another_type_is_a_difference(found):
    wanted = {"service": {"port": 80}, "environment": [{"name": "A"}]}
    assert paths(wanted, found)


def test_many_differences_are_bounded():
    wanted = {"environment": [{"name": f"V{number}", "value": "x" * 10_000} for number in range(1000)]}
    found = differences(wanted, {"environment": [{**one, "value": "y"} for one in wanted["environment"]]})
    assert len(found) == 50
    assert max(len(one["git"]) for one in found) <= 120
