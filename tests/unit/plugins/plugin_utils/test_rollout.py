# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A rollout over clusters: waves, failures, rollbacks, and runs that were interrupted at any step."""

from __future__ import annotations

import itertools
import stat

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_state as states
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import FleetError, RolloutStateError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollout import Rollout

from support.fake_clusters import CLUSTERS, Fleet, failed, key, planned, server


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path / "state.json")


def test_a_good_change_reaches_all_clusters(fleet):
    report = fleet.run()
    assert (report["phase"], failed(report)) == ("Completed", [])
    assert set(fleet.images.values()) == {"wiki:2"}
    assert report["table"][0].split() == [
        *("CLUSTER", "WAVE", "RESULT", "SERVER", "IMAGE", "VERSION", "GENERATION", "VALIDATED", "SINCE")
    ]
    assert [row["result"] for row in report["rows"]] == ["Validated"] * 5


def test_a_bad_change_ends_at_the_canary(fleet):
    fleet.bad = {"wiki:2": "bad"}
    report = fleet.run()
    assert set(fleet.images.values()) == {"wiki:1"}
    assert fleet.phases() == {"a": "RolledBack", **dict.fromkeys("bcde", "Pending")}
    assert (report["phase"], failed(report), fleet.changes) == ("RolledBack", ["a"], 2)


def test_a_failure_in_a_later_wave_rolls_back_all_that_were_changed(fleet):
    fleet.unreachable = {"c"}
    report = fleet.run()
    assert fleet.images == dict.fromkeys(CLUSTERS, "wiki:1")
    assert fleet.phases() == {**dict.fromkeys("abde", "RolledBack"), "c": "Pending"}
    assert failed(report) == list(CLUSTERS)
    assert "no answer" in report["hosts"]["c"]["msg"]


def test_failures_within_the_percentage_are_rolled_back_alone(fleet):
    fleet.unreachable = {"c"}
    report = fleet.run(max_fail=25)
    assert [fleet.images[name] for name in CLUSTERS] == ["wiki:2", "wiki:2", "wiki:1", "wiki:2", "wiki:2"]
    # What was not reached is left for the next run.
    assert (report["phase"], failed(report)) == ("RollingOut", ["c"])
    fleet.unreachable = set()
    report = fleet.run(max_fail=25)
    assert (report["phase"], failed(report), set(fleet.images.values())) == ("Completed", [], {"wiki:2"})


@pytest.mark.parametrize(("bad", "percentage", "stops"), [(2, 49, True), (2, 50, False), (0, 0, False), (1, 0, True)])
def test_more_failures_than_the_percentage_stop_the_rollout(bad, percentage, stops):
    assert states.exceeds(bad, 4, percentage) is stops


def test_servers_that_did_not_exist_are_deleted_again(fleet):
    fleet.images = dict.fromkeys(CLUSTERS, "")
    fleet.bad = {"wiki:2": "bad"}
    fleet.run()
    assert set(fleet.images.values()) == {""}


class InterruptedRunError(Exception):
    pass


@pytest.mark.parametrize("number", range(1, 14))
@pytest.mark.parametrize("bad", [False, True])
def test_a_run_that_is_killed_at_any_step_continues_on_another_machine(tmp_path, monkeypatch, number, bad):
    """Each step that connects to a cluster or writes the state is one at which the process may end."""
    fleet = Fleet(tmp_path / "state.json")
    steps = itertools.count(1)

    def interrupting(work):
        def run(*arguments, **options):
            found = work(*arguments, **options)
            if next(steps) == number:
                raise InterruptedRunError
            return found

        return run

    for name in ("apply", "observe"):
        monkeypatch.setattr(fleet, name, interrupting(getattr(fleet, name)))
    monkeypatch.setattr(states, "write", interrupting(states.write))
    if bad:  # the canary is good, and the second wave is not
        fleet.images["a"] = "wiki:2"
        monkeypatch.setattr(
            fleet,
            "observe",
            lambda applied: {one: {"failed": not one.startswith("a/"), "msg": "bad", "server": {}} for one in applied},
        )
    before = dict(fleet.images)
    try:
        report = fleet.run()
    except InterruptedRunError:
        moved = tmp_path / "elsewhere.json"
        if (tmp_path / "state.json").exists():
            moved.write_bytes((tmp_path / "state.json").read_bytes())
        fleet.path = str(moved)
        # The rollout may have been complete; then another one has begun.
        complete = "Completed" in moved.read_text() if moved.exists() else False
        before = dict(fleet.images) if complete else before
        report = fleet.run()
    if bad:
        assert (report["phase"], fleet.images) == ("RolledBack", before)
    else:
        assert (report["phase"], set(fleet.images.values())) == ("Completed", {"wiki:2"})
    kept = states.read(fleet.path)["clusters"]
    assert all(own["before"].get(key(name), server(before[name])) == server(before[name]) for name, own in kept.items())


def test_a_rollback_that_could_not_reach_a_cluster_is_continued(fleet):
    fleet.bad = {"wiki:2": "bad"}
    fleet.begin()
    batch = fleet.step().wave(["a"])["clusters"]
    applied = fleet.apply(fleet.step().keep(batch, fleet.found(batch))["servers"])
    judged = fleet.step().judge(batch, [applied, fleet.observe(applied)], 0, restore=True)
    fleet.unreachable = {"a"}
    fleet.restore(judged["restore"])
    assert (fleet.phases()["a"], fleet.step().report(roll_back=False)["phase"]) == ("RollbackFailed", "RollingBack")
    fleet.unreachable = set()
    report = fleet.run()
    assert (report["phase"], fleet.images["a"]) == ("RolledBack", "wiki:1")


def test_a_completed_rollout_can_be_rolled_back_on_request(fleet):
    fleet.run()
    report = fleet.run(roll_back=True)
    assert (report["phase"], failed(report), set(fleet.images.values())) == ("RolledBack", [], {"wiki:1"})
    with pytest.raises(RolloutStateError, match="no cluster to roll back"):
        fleet.run(roll_back=True)


def test_without_a_rollback_the_rollout_stops_and_the_next_run_continues(fleet):
    fleet.bad = {"wiki:2": "bad"}
    report = fleet.run(restore=False)
    assert (report["phase"], fleet.images["a"], fleet.images["b"]) == ("Stopped", "wiki:2", "wiki:1")
    fleet.bad = {}
    assert fleet.run()["phase"] == "Completed"


def test_one_wave_a_run_for_approvals_between_them(fleet):
    report = fleet.run(only_waves=["canary"])
    assert (report["phase"], failed(report)) == ("RollingOut", [])
    assert [fleet.images[name] for name in CLUSTERS] == ["wiki:2", *["wiki:1"] * 4]
    assert fleet.run(only_waves=["all"])["phase"] == "Completed"
    with pytest.raises(FleetError, match=r"no wave europe\. The waves are canary, all"):
        fleet.run(only_waves=["europe"])


def test_a_wave_that_is_divided_can_be_named_as_a_whole_or_by_its_parts(fleet):
    given = planned(wave_size="2")
    assert [wave["name"] for wave in given["waves"]] == ["canary", "all 1/2", "all 2/2"]
    assert fleet.begin(given, only_waves=["canary"])["clusters"] == ["a"]
    assert fleet.begin(given, only_waves=["all 2/2"])["clusters"] == ["d", "e"]
    begun = fleet.begin(given, only_waves=["all"])
    assert (begun["clusters"], begun["serial"]) == (["b", "c", "d", "e"], [2, 2])


def test_each_cluster_is_read_in_its_own_namespaces_only(fleet):
    """Overlays may set the namespace, and the user of a cluster may have no rights in those of others."""
    given = planned(overlays={"b": [{"wiki": {"metadata": {"namespace": "other"}}}]})
    wanted = fleet.step(given).select(["a", "b"])["cluster_connections"]
    assert {name: own["namespaces"] for name, own in wanted.items()} == {"a": ["team"], "b": ["other"]}


def test_an_unfinished_rollout_of_another_change_is_not_overwritten(fleet):
    fleet.run(only_waves=["canary"])
    other = planned("wiki:3")
    with pytest.raises(RolloutStateError, match="unfinished rollout of another change"):
        fleet.run(other)
    assert fleet.run(other, discard=True)["phase"] == "Completed"


def test_a_cluster_that_left_the_inventory_cannot_be_rolled_back(fleet):
    fleet.run()
    with pytest.raises(FleetError, match="not in the inventory: e"):
        fleet.begin(planned(clusters=CLUSTERS[:4]), roll_back=True)


def test_the_file_is_readable_by_its_owner_only_and_has_no_connection(fleet, tmp_path):
    fleet.run()
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "context" not in file.read_text()


def test_a_dry_run_writes_nothing(tmp_path):
    rollout = Rollout(str(tmp_path / "state.json"), planned(), lambda: "", dry_run=True)
    begun = rollout.begin(only_waves=(), roll_back=False, discard=False)
    assert begun["clusters"] == list(CLUSTERS)
    results = {key("a"): {"failed": True, "msg": "refused"}, key("b"): {"failed": False, "changed": True, "diff": [1]}}
    found = {"c": {"error": "no answer"}, "a": {"servers": []}, "b": {"servers": []}}
    checked = rollout.check(["a", "b", "c"], found, [results], 0)["hosts"]
    assert [checked[name]["failed"] for name in "abc"] == [True, False, True]
    assert (checked["a"]["msg"], checked["b"]["diff"]) == ("team/wiki: refused", [1])
    assert list(tmp_path.iterdir()) == []
