# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which MCPServers are on which clusters, with which values, in which waves."""

from __future__ import annotations

import copy
import fnmatch

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import FleetError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_plan import overlaid, plan

GROUPS = {"canary": ["test"], "europe": ["eu-1", "eu-2"], "america": ["us-1", "us-2", "us-3"]}
CLUSTERS = [host for hosts in GROUPS.values() for host in hosts]


def server(name, namespace="team", **spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"image": f"{name}:1", **spec},
    }


def resolve(pattern):
    return GROUPS.get(pattern) or [host for host in CLUSTERS if fnmatch.fnmatch(host, pattern)]


def planned(*servers, clusters=CLUSTERS, overlays=None, **options):
    given = {name: {"context": name, "overlays": (overlays or {}).get(name, [])} for name in clusters}
    return plan(list(servers) or [server("wiki")], given, resolve, **options)


def waves(found):
    return [(wave["name"], wave["clusters"]) for wave in found.waves]


def test_by_default_the_first_cluster_is_the_canary():
    assert waves(planned()) == [("canary", ["test"]), ("all", CLUSTERS[1:])]


def test_groups_are_waves_and_large_ones_are_divided():
    found = planned(waves=["canary", "europe", "*"], wave_size="2")
    assert waves(found) == [
        ("canary", ["test"]),
        ("europe", ["eu-1", "eu-2"]),
        ("* 1/2", ["us-1", "us-2"]),
        ("* 2/2", ["us-3"]),
    ]


@pytest.mark.parametrize(("size", "most"), [("1", 1), ("50%", 3), ("1%", 1), ("100%", 5), ("", 5)])
def test_a_wave_has_at_most_so_many_clusters(size, most):
    assert max(len(clusters) for _name, clusters in waves(planned(wave_size=size))) == most


@pytest.mark.parametrize("size", ["0", "-1", "all", "2.5", "%", "٣"])
def test_another_size_of_waves_is_an_error(size):
    with pytest.raises(FleetError, match="mcp_wave_size is"):
        planned(wave_size=size)


def test_a_cluster_in_no_wave_is_an_error():
    with pytest.raises(FleetError, match="in no wave: us-1, us-2, us-3"):
        planned(waves=["canary", "europe"])


@pytest.mark.parametrize("options", [{"waves": ["asia"]}, {"placement": [{"clusters": "asia"}]}])
def test_a_pattern_without_a_cluster_is_an_error(options):
    with pytest.raises(FleetError, match="names asia, and no cluster"):
        planned(**options)


def test_servers_are_where_the_rules_place_them():
    rules = [
        {"servers": "search-*", "clusters": ["europe", "us-1"]},
        {"servers": ["team/wiki"], "clusters": "canary"},
        {"servers": "search-web", "clusters": "us-2"},
    ]
    found = planned(server("wiki"), server("search-web"), server("other"), placement=rules)
    on = {cluster: sorted(key.split("/")[2] for key in servers) for cluster, servers in found.servers.items()}
    assert on == {
        "test": ["other", "wiki"],
        "eu-1": ["other", "search-web"],
        "eu-2": ["other", "search-web"],
        "us-1": ["other", "search-web"],
        "us-2": ["other", "search-web"],
        "us-3": ["other"],
    }


def test_a_cluster_without_servers_is_in_no_wave():
    found = planned(placement=[{"clusters": "europe"}])
    assert waves(found) == [("canary", ["eu-1"]), ("all", ["eu-2"])]
    assert found.servers["test"] == {}


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"servers": "wikki", "clusters": "europe"}, "names wikki"),
        ({"servers": "wiki"}, "no clusters"),
        ({"cluster": "europe", "clusters": "europe"}, "has cluster"),
        ({"clusters": None}, "has no usable clusters"),
        ({"servers": 5, "clusters": "europe"}, "has no usable servers"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_an_error(rule, problem):
    with pytest.raises(FleetError, match=problem):
        planned(placement=[rule])


def test_overlays_are_merged_from_general_to_special_and_change_no_manifest():
    one = server(
        "wiki", replicas=1, environment=[{"name": "A", "value": "1"}], service={"port": 80, "type": "ClusterIP"}
    )
    before = copy.deepcopy(one)
    overlays = [
        {
            "team/wiki": {"spec": {"replicas": 4}},
            "wiki": {"spec": {"replicas": 3, "service": {"port": 8080}}},
            "w*": {"spec": {"replicas": 2, "environment": []}, "metadata": {"labels": {"at": "eu"}}},
        },
        {"wiki": {"spec": {"service": {"type": None}}}},
    ]
    found = overlaid(one, overlays, "eu-1")
    assert found["spec"] == {"image": "wiki:1", "replicas": 4, "environment": [], "service": {"port": 8080}}
    assert found["metadata"] == {"name": "wiki", "namespace": "team", "labels": {"at": "eu"}}
    assert one == before


def test_a_text_that_looks_like_a_template_stays_as_it_is():
    one = server("wiki", environment=[{"name": "A", "value": "{{ lookup('pipe', 'id') }}"}])
    found = planned(one, overlays={"test": [{"wiki": {"spec": {"replicas": 2}}}]})
    assert found.servers["test"]["test/team/wiki"]["spec"]["environment"] == one["spec"]["environment"]


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ({"wiki": {"metadata": {"name": "other"}}}, "sets metadata.name"),
        ({"wiki": {"kind": "Secret"}}, "sets kind"),
        ({"wiki": {"metadata": "x"}}, "sets metadata"),
        ({"wiki": {"metadata": {"namespace": None}}}, "removes metadata.namespace"),
        ({"wiki": {"metadata": {"namespace": ""}}}, "removes metadata.namespace"),
        ({"wiki": "spec"}, "is not a dictionary"),
        ({"wiki": {"spec": {"image": ""}}}, "spec.image of wiki"),
        ({"wikki": {}}, "names wikki"),
        (["wiki"], "is not a dictionary"),
        ({5: {"spec": {}}}, "has the key 5, which is no text"),
    ],
)
def test_an_overlay_that_cannot_be_meant_is_an_error(overlay, problem):
    with pytest.raises(FleetError, match=problem):
        planned(overlays={"eu-1": [overlay]})


def test_an_overlay_may_not_put_a_server_in_the_place_of_another_one():
    both = [server("wiki", image="one:1"), server("wiki", "web", image="two:1")]
    moved = {"eu-1": [{"team/wiki": {"metadata": {"namespace": "web"}}}]}
    with pytest.raises(FleetError, match="overlays of the cluster eu-1 make two manifests web/wiki"):
        planned(*both, overlays=moved)
    found = planned(*both, overlays=moved, placement=[{"servers": "web/wiki", "clusters": "america"}])
    assert found.servers["eu-1"]["eu-1/web/wiki"]["spec"]["image"] == "one:1"


def test_a_pattern_of_an_overlay_may_match_nothing():
    assert planned(overlays={"eu-1": [{"search-*": {"spec": {}}}]}).servers["eu-1"]


def test_the_digest_is_that_of_the_manifests_of_all_clusters():
    same = {planned().digest, planned(waves=["*"]).digest, planned(wave_size="1").digest}
    others = {
        planned(server("wiki", replicas=2)).digest,
        planned(overlays={"eu-1": [{"wiki": {"spec": {"replicas": 2}}}]}).digest,
        planned(placement=[{"clusters": "europe"}]).digest,
    }
    assert len(same) == 1
    assert len(others | same) == 4


def test_without_clusters_there_is_no_plan():
    with pytest.raises(FleetError, match="There is no cluster"):
        planned(clusters=[])
