# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The result, check mode and difference of the action mcp_pin."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcp_pin
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.pin import Pinned
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock import Difference
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import OffersUnknown

CHANGED = [Difference("tool add", "description", "Add.", "Evil.")]
OPTIONS = {"servers": [], "namespace": "", "timeout": 5.0, "fail_on_unknown": True, "targets": []}
UNKNOWN = {"team/b": OffersUnknown("It has no Pod.")}


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the action with a result of the comparison."""

    def run(pinned, *, check_mode=False, **options):
        asked = []
        monkeypatch.setattr(mcp_pin, "fleet_offers", lambda *given: asked.append(given))
        monkeypatch.setattr(mcp_pin, "compare", lambda path, read, _covers: asked.append(path) or read() or pinned)
        action = mcp_pin.ActionModule.__new__(mcp_pin.ActionModule)
        action._task = SimpleNamespace(check_mode=check_mode)
        monkeypatch.setattr(action, "client", lambda _options: "client")
        path = tmp_path / "lock.yaml"
        result = action.act({**OPTIONS, **options, "path": str(path)})
        assert asked == [path, ("client", [], None, 5.0)]
        return result, path.read_text() if path.exists() else None

    return run


def test_a_difference_is_written_and_shown(run):
    result, written = run(Pinned("old", "new", {"team/a": CHANGED}, {"team/a": "sha256:1"}, {}))
    assert (result["changed"], written) == (True, "new")
    assert (result["diff"]["before"], result["diff"]["after"]) == ("old", "new")
    assert result["differences"]["team/a"][0]["field"] == "description"
    assert "    + Evil." in result["msg"].splitlines()


def test_check_mode_writes_nothing(run):
    result, written = run(Pinned("old", "new", {"team/a": CHANGED}, {"team/a": "sha256:1"}, {}), check_mode=True)
    assert (result["changed"], written) == (True, None)


def test_what_is_the_same_is_not_written(run):
    result, written = run(Pinned("old", "old", {}, {"team/a": "sha256:1"}, {}))
    assert (result["changed"], written, "diff" in result) == (False, None, False)
    assert result["failed"] is False


def test_what_is_not_known_fails_after_the_others_are_written(run):
    pinned = Pinned("old", "new", {"team/a": CHANGED}, {"team/a": "sha256:1"}, UNKNOWN)
    result, written = run(pinned)
    assert (result["failed"], result["changed"], written) == (True, True, "new")
    assert "    + Evil." in result["msg"].splitlines()
    assert "It has no Pod. [OFFERS_UNKNOWN]" in result["msg"].splitlines()
    assert result["unknown"]["team/b"]["code"] == "OFFERS_UNKNOWN"
    assert run(pinned, fail_on_unknown=False)[0]["failed"] is False


def test_where_nothing_is_known_nothing_is_said_to_be_as_approved(run):
    result, _written = run(Pinned("old", "old", {}, {}, UNKNOWN))
    assert result["msg"] == "It has no Pod. [OFFERS_UNKNOWN]"


def test_entries_of_servers_that_do_not_exist_are_named(run):
    result, _written = run(Pinned("old", "old", {}, {"team/a": "sha256:1"}, {}, ("team/gone",)))
    assert result["stale"] == ["team/gone"]
    assert result["failed"] is False
    assert "team/gone: in the lock file, but there is no such MCPServer; remove the entry" in result["msg"].splitlines()
