# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Clusters that are lost, refuse, or no longer accept the credentials, before, during and after their wave."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_state as states

from support.fake_clusters import CLUSTERS, Fleet, failed, planned


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path / "state.json")


def lose(fleet, *names):
    return lambda: fleet.unreachable.update(names)


def checked(fleet, clusters, percentage, given=None):
    """Return the result of a dry run of these clusters."""
    step = fleet.step(given)
    results = fleet.apply(step.select(clusters)["servers"])
    return step.check(clusters, fleet.found(clusters), [results], percentage)


def phases(**others):
    return {**dict.fromkeys(CLUSTERS, "RolledBack"), **others}


def test_a_cluster_that_is_lost_before_its_wave_was_not_changed(fleet):
    fleet.unreachable = {"c"}
    fleet.run()
    assert fleet.phases() == phases(c="Pending")
    fleet.unreachable = set()
    assert fleet.run()["phase"] == "Completed"


@pytest.mark.parametrize("step", ["keep", "apply"])
def test_a_cluster_that_is_lost_during_its_wave_is_rolled_back_by_the_next_run(fleet, step):
    """It may have been changed, also where the change was not answered."""
    fleet.after = {step: lose(fleet, "c")}
    report = fleet.run()
    assert fleet.phases() == phases(c="RollbackFailed")
    assert (report["phase"], failed(report)) == ("RollingBack", list(CLUSTERS))
    assert fleet.images["c"] == ("wiki:1" if step == "keep" else "wiki:2")
    # Another machine: the file is all that it has. The cluster is still lost, then it is back.
    fleet.after = {}
    assert fleet.run()["phase"] == "RollingBack"
    fleet.unreachable = set()
    assert fleet.run()["phase"] == "RolledBack"
    assert fleet.images == dict.fromkeys(CLUSTERS, "wiki:1")


def test_a_cluster_that_is_lost_after_its_wave_stops_only_its_rollback(fleet):
    fleet.after = {"observe": lose(fleet, "a")}  # the canary, while the second wave is validated
    fleet.bad = {"wiki:2": ""}
    assert fleet.run()["phase"] == "Completed"
    report = fleet.run(roll_back=True)
    assert fleet.phases() == phases(a="RollbackFailed")
    assert failed(report) == ["a"]
    fleet.unreachable = set()
    assert fleet.run(roll_back=True)["phase"] == "RolledBack"
    assert fleet.images == dict.fromkeys(CLUSTERS, "wiki:1")


@pytest.mark.parametrize(("percentage", "stops"), [(0, True), (49, True), (50, False)])
def test_half_of_the_clusters_refuse(fleet, percentage, stops):
    fleet.refusing = {"b", "d"}
    report = fleet.run(max_fail=percentage)
    # They reject the rollback, too, which finds nothing to change on them.
    assert fleet.images["b"] == fleet.images["d"] == "wiki:1"
    assert {fleet.images[name] for name in "ace"} == {"wiki:1" if stops else "wiki:2"}
    assert failed(report) == (list(CLUSTERS) if stops else ["b", "d"])
    assert "denied by a policy" in report["hosts"]["b"]["msg"]
    fleet.refusing = set()
    fleet.run(max_fail=percentage)
    final = fleet.run(max_fail=percentage)
    assert (final["phase"], set(fleet.images.values())) == ("Completed", {"wiki:2"})


@pytest.mark.parametrize(
    ("lost", "percentage", "stop"),
    [
        ("", 0, ""),
        ("a", 20, "The wave canary would fail on 1 of 1 clusters, so no wave begins."),
        ("a", 100, ""),
        ("b", 24, "The wave all would fail on 1 of 4 clusters, so no wave begins."),
        ("b", 25, ""),
    ],
)
def test_no_wave_begins_if_one_of_them_fails_the_dry_run(fleet, lost, percentage, stop):
    """Also the canary alone, which is a small part of all clusters."""
    fleet.unreachable = set(lost)
    found = checked(fleet, CLUSTERS, percentage)
    assert found["stop"] == stop
    assert {name for name, result in found["hosts"].items() if result["failed"]} == set(lost)


def test_clusters_that_are_done_count_in_the_dry_run(fleet):
    """Otherwise a cluster that was tolerated would hold up the run that continues, in which it is all that is left."""
    fleet.unreachable = {"b"}
    assert checked(fleet, "b", 25)["stop"] == ""
    assert "The wave all would fail on 1 of 4 clusters" in checked(fleet, "b", 24)["stop"]


def test_a_wave_that_is_divided_counts_as_a_whole_in_the_dry_run(fleet):
    clusters = ("canary", *(f"c{number}" for number in range(12)))
    fleet.images = dict.fromkeys(clusters, "wiki:1")
    fleet.unreachable = {"c4"}
    given = planned(clusters=clusters, wave_size="25%")
    assert [len(wave["clusters"]) for wave in given["waves"]] == [1, 3, 3, 3, 3]
    assert checked(fleet, clusters, 10, given)["stop"] == ""
    fleet.unreachable = {"c4", "c8"}
    assert "The wave all would fail on 2 of 12 clusters" in checked(fleet, clusters, 10, given)["stop"]
    fleet.unreachable = {"canary"}
    assert "The wave canary would fail on 1 of 1 clusters" in checked(fleet, clusters, 10, given)["stop"]


def test_credentials_of_all_clusters_that_end_in_a_wave(fleet):
    """Neither the wave nor the rollback gets any further, and nothing is forgotten."""
    fleet.after = {"apply": lose(fleet, *CLUSTERS)}
    report = fleet.run()
    assert (report["phase"], failed(report)) == ("RollingBack", list(CLUSTERS))
    assert set(fleet.phases().values()) == {"RollbackFailed"}
    assert set(fleet.images.values()) == {"wiki:2"}
    kept = states.read(fleet.path)["clusters"]
    assert {own["before"][f"{name}/team/wiki"]["spec"]["image"] for name, own in kept.items()} == {"wiki:1"}
    fleet.unreachable, fleet.after = set(), {}
    # Other manifests are in Git by now; what is rolled back is in the file.
    assert fleet.run(planned("wiki:3"))["phase"] == "RolledBack"
    assert set(fleet.images.values()) == {"wiki:1"}


def test_credentials_that_end_without_a_rollback_stop_the_rollout(fleet):
    fleet.after = {"apply": lose(fleet, *CLUSTERS)}
    report = fleet.run(restore=False)
    assert report["phase"] == "Stopped"
    assert fleet.phases() == {"a": "Validated", **dict.fromkeys("bcde", "Failed")}
    fleet.unreachable, fleet.after = set(), {}
    assert fleet.run()["phase"] == "Completed"
