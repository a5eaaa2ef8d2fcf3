# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The state file of a rollout."""

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_state as states
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import RolloutStateError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollout import Rollout


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"version": 2}',
        json.dumps({"version": 1, "change": "", "started": "", "phase": "?"}),
        json.dumps(
            {
                "version": 1,
                "change": "",
                "started": "",
                "phase": "RollingOut",
                "clusters": {"a": {"wave": "all", "phase": "Pending", "before": {}, "servers": {}}},
            }
        ),
    ],
)
def test_another_file_is_not_taken_for_a_state(tmp_path, text):
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(RolloutStateError, match=r"The state file .* is n"):
        states.read(str(file))
    assert file.read_text() == text


@pytest.mark.parametrize(
    "part",
    [
        {"before": {"a/team/wiki": "manifest"}},
        {"before": {"a/team/wiki": {"spec": None}}},
        {"before": {"wiki": None}},
        {"before": {"b/team/wiki": {"spec": {}}}},
        {"servers": {"a/team/wiki": "wiki"}},
        {"servers": []},
    ],
)
def test_a_state_that_was_edited_is_not_rolled_back_to(tmp_path, part):
    """What is kept of a cluster is applied to it as it is."""
    state = states.new({"waves": [{"name": "all", "clusters": ["a"]}], "digest": "d"}, "now")
    state["clusters"]["a"].update(phase="Failed", before={"a/team/wiki": {"spec": {}}, "a/team/new": None})
    path = str(tmp_path / "state.json")
    states.write(path, state, "now")
    assert states.read(path) == state
    state["clusters"]["a"].update(part)
    states.write(path, state, "now")
    with pytest.raises(RolloutStateError, match="is no state of a rollout"):
        states.read(path)


def test_a_link_to_a_folder_that_machines_share_stays_one(tmp_path):
    shared, link = tmp_path / "shared.json", tmp_path / "state.json"
    link.symlink_to(shared)
    state = states.new({"waves": [{"name": "all", "clusters": ["a"]}], "digest": "d"}, "now")
    states.write(str(link), state, "now")
    assert link.is_symlink()
    assert states.read(str(shared)) == state


def test_without_a_file_there_is_no_state(tmp_path):
    assert states.read(str(tmp_path / "state.json")) is None


def test_what_was_kept_before_the_first_change_is_not_replaced():
    own = {"before": {}, "phase": states.PENDING, "message": "no answer"}
    states.keep(own, {"a": {"spec": 1}}, ["a", "b"])
    states.keep(own, {"a": {"spec": 2}, "b": {"spec": 2}}, ["a", "b"])
    assert own == {"before": {"a": {"spec": 1}, "b": None}, "phase": states.CHANGING, "message": ""}


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(RolloutStateError, match="cannot be written: No such file or directory"):
        states.write(str(tmp_path / "missing" / "state.json"), {}, "now")


def test_a_file_that_is_gone_during_the_run_is_an_error(tmp_path):
    rollout = Rollout(str(tmp_path / "state.json"), {}, lambda: "", dry_run=False)
    with pytest.raises(RolloutStateError, match="is gone"):
        rollout.wave(["a"])
