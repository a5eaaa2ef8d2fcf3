# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which status counts: that of an operator, about this MCPServer and not about one in a former cluster."""

from __future__ import annotations

import pytest
from mcp_operator.workloads.last_change import server
from mcp_operator.workloads.own_status import has_more, merged

CREATED, EARLIER, LATER = "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-02T00:00:01Z"
OURS = {"manager": "mcp-operator-status", "operation": "Apply", "subresource": "status"}
READY = {"type": "Ready", "status": "True"}
THEIRS = {"type": "Synced", "status": "True"}


@pytest.mark.parametrize(
    ("entries", "counts"),
    [
        ([], False),
        ([{**OURS, "time": LATER}], True),
        ([{**OURS, "time": CREATED}], True),
        ([{**OURS, "time": EARLIER}], False),
        ([{**OURS, "manager": "velero", "time": LATER}], False),
        ([{**OURS, "manager": "velero", "time": LATER}, {**OURS, "time": LATER}], True),
        ([{**OURS, "subresource": "", "time": LATER}], False),
    ],
)
def test_a_restored_status_does_not_count(entries, counts):
    meta = {"name": "a", "creationTimestamp": CREATED, "managedFields": entries}
    assert ("status" in server({"metadata": meta, "spec": {}, "status": {"phase": "Running"}})) is counts


@pytest.mark.parametrize(
    ("found", "more"),
    [
        ({"phase": "Creating"}, False),
        ({}, False),
        ({"phase": "Running", "conditions": [READY, THEIRS], "validation": {"state": "Pending"}}, False),
        ({"provedTemplate": "t"}, True),
        ({"validation": {"state": "Pending", "proof": "p"}}, True),
        ({"conditions": [READY, {"type": "Reachable", "status": "True"}]}, True),
    ],
)
def test_what_another_client_owns_is_found(found, more):
    wanted = {"phase": "Creating", "conditions": [READY], "validation": {"state": "Pending"}}
    assert has_more(found, wanted) is more


def test_conditions_of_other_controllers_stay():
    found = {"provedTemplate": "t", "conditions": [THEIRS, {"type": "Reachable", "status": "True"}]}
    assert merged(found, {"phase": "Creating", "conditions": [READY]}) == {
        "phase": "Creating",
        "conditions": [READY, THEIRS],
    }
