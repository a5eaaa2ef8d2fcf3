# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.watches.definition import Watch
from mcp_operator.workloads.last_change import manifest_change, revalidation_request, server
from mcp_operator.workloads.sources import watched

ANNOTATION = {"f:metadata": {"f:annotations": {"f:mcp.mcp-operator.io/revalidate": {}}}}
SPEC = {"f:spec": {"f:image": {}}}


def kept(*entries):
    fields = ("manager", "time", "fieldsV1", "subresource")
    managed = [dict(zip(fields, entry, strict=False)) for entry in entries]
    return server({"metadata": {"name": "a", "managedFields": managed}, "spec": {}})


def test_the_newest_owner_of_each_part_is_named():
    found = kept(
        ("argocd", "2026-01-01T00:00:00Z", SPEC),
        ("kubectl-edit", "2026-01-03T00:00:00Z", {**SPEC, "f:metadata": {"f:labels": {}}}),
        ("kubectl-annotate", "2026-01-02T00:00:00Z", ANNOTATION),
        ("mcp-operator-status", "2026-01-04T00:00:00Z", {"f:status": {}}, "status"),
    )
    assert manifest_change(found) == 'The manifest was last changed by "kubectl-edit" at 2026-01-03T00:00:00Z.'
    assert revalidation_request(found) == 'Validation was requested by "kubectl-annotate" at 2026-01-02T00:00:00Z.'
    assert "managedFields" not in found["metadata"]


def test_a_name_that_a_client_chose_is_one_line():
    assert manifest_change(kept(("a\n\x1b[2Jb\u202e", "t", SPEC))) == 'The manifest was last changed by "a [2Jb" at t.'


@pytest.mark.parametrize("fields", [None, "x", {}, {"f:metadata": None}, {"f:metadata": {"f:annotations": {}}}])
def test_nothing_is_said_of_what_is_unknown(fields):
    found = kept((None, None, fields), ("b",))
    assert manifest_change(found) == ""
    assert revalidation_request(found) == "Validation was requested."
    assert manifest_change({"metadata": {}}) == ""


def test_only_mcpservers_are_kept_so():
    watch = {"version": "v1", "role": "r"}
    ours = watched(Watch(group="mcp.mcp-operator.io", kind="MCPServer", **watch))
    other = watched(Watch(group="example.com", kind="Toy", **watch))
    assert "changedBy" in ours.keep({"metadata": {"name": "a"}})
    assert "changedBy" not in other.keep({"metadata": {"name": "a"}})
