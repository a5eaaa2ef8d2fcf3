# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A NetworkPolicy in a cluster that may not enforce it: the status says so."""

from __future__ import annotations

from typing import Any

import pytest

from support import cluster

from .conftest import GO


def test_a_policy_that_is_not_enforced_is_told(make) -> None:
    if not cluster.tool("tests/cluster", "provider")[0].startswith("testbed"):
        pytest.skip("only of the testbed it is known that it enforces no NetworkPolicies")
    one = make(image=GO, network={"mode": "isolated"})
    one.becomes("Running", "Validated")

    def proved() -> dict[str, Any] | None:
        found = one.condition("NetworkIsolated")
        return found if found.get("reason") != "NotProved" else None

    found = cluster.until("it is proved", proved, 90)
    assert (found["status"], found["reason"]) == ("False", "NotEnforced")
    one.apply(image=GO)
    cluster.until("the condition goes with the policy", lambda: not one.condition("NetworkIsolated"), 60)
