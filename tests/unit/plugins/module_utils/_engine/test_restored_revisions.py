# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A template that passes is recorded, whatever a restore has left under the name of its record."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.workload_state import ObjectLeaving
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult

from .test_applier import RENDERER, Api, server


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def present(api):
    """Apply an MCPServer as the operator does; return the record of its template."""

    def run():
        wanted = server(validation={"strictMode": True})
        Applier(api, RENDERER, gated=True).present(wanted, RememberedState(api, Known(None, {}), HostResult()))
        [found] = [item for item in api.objects.values() if item["kind"] == "ControllerRevision"]
        return found

    return run


def owner(revision):
    return [entry["uid"] for entry in revision["metadata"].get("ownerReferences") or []]


def test_the_record_of_a_former_mcpserver_is_awaited(api, present):
    revision = present()
    revision["metadata"]["ownerReferences"][0]["uid"] = "uid-in-the-former-cluster"
    with pytest.raises(ObjectLeaving):
        present()
    # The garbage collector has deleted it.
    api.objects = {key: item for key, item in api.objects.items() if item is not revision}
    assert owner(present()) == ["uid-of-a"]


def test_a_record_without_an_owner_is_taken_over_and_proves_nothing(present):
    revision = present()
    revision["revision"] = 7
    del revision["metadata"]["ownerReferences"]
    found = present()
    assert (owner(found), found["revision"]) == (["uid-of-a"], 0)


def test_another_template_under_its_name_is_left_as_it_is(present):
    revision = present()
    del revision["metadata"]["ownerReferences"]
    revision["data"]["template"]["spec"]["containers"][0]["image"] = "forged:1"
    assert owner(present()) == []
