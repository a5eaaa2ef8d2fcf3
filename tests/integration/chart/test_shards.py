# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the chart gives several operators that share the namespaces."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.shard import Shard


def test_several_operators_may_hold_their_leases_and_playbooks_may_read_them(helm) -> None:
    leases = [Shard(index, 3).lease("mcp-operator") for index in range(3)]
    for role in ("mcp-operator-leader-election-role", "mcp-operator-lease-viewer-role"):
        [found] = [item for item in helm.template({"shards": 3}) if item["metadata"]["name"] == role]
        assert [rule["resourceNames"] for rule in found["rules"] if "resourceNames" in rule] == [leases]
