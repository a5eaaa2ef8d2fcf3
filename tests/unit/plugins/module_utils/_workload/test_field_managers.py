# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fields of a client that updates, handed to one that applies."""

from __future__ import annotations

import copy

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.field_managers import transfer_fields


def entry(manager, operation, fields, **more):
    return {
        "manager": manager,
        "operation": operation,
        "apiVersion": "apps/v1",
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
        "time": "2026-01-12T00:00:00Z",
        **more,
    }


THEIRS = entry("manager", "Update", {"f:spec": {"f:replicas": {}, "f:template": {"f:spec": {"f:x": {}}}}})
OURS = entry("ours", "Apply", {"f:spec": {"f:template": {"f:spec": {"f:y": {}}}}}, time="2025-01-12T00:00:00Z")
STATUS = entry("manager", "Update", {"f:status": {}}, subresource="status")
OTHER = entry("kubectl-edit", "Update", {"f:spec": {"f:paused": {}}})


def test_there_may_be_nothing_to_hand_over():
    assert transfer_fields([], "manager", "ours") is None
    assert transfer_fields([OURS, STATUS, OTHER], "manager", "ours") is None
    assert transfer_fields([entry("manager", "Apply", {})], "manager", "ours") is None


def test_what_it_updated_is_what_the_other_applied():
    assert transfer_fields([THEIRS], "manager", "ours") == [{**THEIRS, "manager": "ours", "operation": "Apply"}]


def test_both_have_one_entry_afterwards_and_nobody_else_loses_his():
    before = [OTHER, OURS, THEIRS, STATUS]
    kept = copy.deepcopy(before)
    merged, *others = transfer_fields(before, "manager", "ours")
    assert merged["fieldsV1"] == {"f:spec": {"f:replicas": {}, "f:template": {"f:spec": {"f:x": {}, "f:y": {}}}}}
    assert merged["time"] == THEIRS["time"]
    assert others == [OTHER, STATUS]
    assert before == kept


def test_of_a_subresource_only_that_is_handed_over():
    merged, *others = transfer_fields([THEIRS, STATUS], "manager", "ours-status", subresource="status")
    assert merged == {**STATUS, "manager": "ours-status", "operation": "Apply"}
    assert others == [THEIRS]
