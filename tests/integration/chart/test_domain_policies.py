# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rights to CiliumNetworkPolicies, and what restricts them."""

from __future__ import annotations

from support.chart_objects import one

ROLE = "mcp-operator-manager-role"


def test_the_operator_may_write_policies_of_cilium_only_if_that_is_enabled(helm) -> None:
    def rules(values):
        return [
            rule
            for rule in one(helm.template(values), "ClusterRole", ROLE)["rules"]
            if "cilium.io" in rule["apiGroups"]
        ]

    assert rules({}) == []
    [rule] = rules({"cilium": {"enable": True}})
    assert (rule["resources"], rule["verbs"]) == (["ciliumnetworkpolicies"], ["get", "create", "patch", "delete"])


def test_the_fence_restricts_policies_of_cilium(helm) -> None:
    objects = helm.template({"fence": {"owner": True}})
    for name in ("mcp-operator-fence", "mcp-operator-fence-owner"):
        rules = one(objects, "ValidatingAdmissionPolicy", name)["spec"]["matchConstraints"]["resourceRules"]
        assert ["cilium.io"] in [rule["apiGroups"] for rule in rules]
