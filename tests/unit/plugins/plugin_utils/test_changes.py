# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._changes import record


def item(version, image="wiki:1", owner="deploy", time="2026-11-28T10:00:00Z"):
    fields = [{"manager": owner, "operation": "Apply", "time": time, "fieldsV1": {"f:spec": {}}}]
    meta = {"name": "wiki", "namespace": "team", "resourceVersion": version, "managedFields": fields}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"image": image}}


@pytest.mark.parametrize(
    ("after", "action"),
    [
        (item("1"), "unchanged"),
        # The API server stored a default.
        (item("2", time="2026-11-28T11:00:00Z"), "unchanged"),
        (item("2", image="wiki:2"), "configured"),
        (item("2", owner="other"), "configured"),
    ],
)
def test_an_object_has_changed_if_its_content_or_the_owner_of_a_field_has(after, action):
    result = {"objects": [], "diff": [], "changed": False}
    record(result, item("1"), after, dry_run=False)
    assert [entry["action"] for entry in result["objects"]] == [action]
    assert (result["changed"], len(result["diff"])) == ((False, 0) if action == "unchanged" else (True, 1))
