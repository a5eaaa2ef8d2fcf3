# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rights to Certificates of cert-manager, and what restricts them."""

from __future__ import annotations

from support.chart_objects import one

ROLE = "mcp-operator-manager-role"


def groups(objects) -> set[str]:
    rules = one(objects, "ClusterRole", ROLE)["rules"]
    return {group for rule in rules for group in rule["apiGroups"]}


def test_the_operator_may_write_certificates_only_if_that_is_enabled(helm) -> None:
    assert "cert-manager.io" not in groups(helm.template())
    enabled = helm.template({"certManager": {"enable": True}})
    [rule] = [rule for rule in one(enabled, "ClusterRole", ROLE)["rules"] if rule["apiGroups"] == ["cert-manager.io"]]
    assert rule["resources"] == ["certificates"]
    assert rule["verbs"] == ["get", "list", "watch", "create", "patch", "delete"]


def test_the_fence_restricts_certificates(helm) -> None:
    fence = one(helm.template(), "ValidatingAdmissionPolicy", "mcp-operator-fence")["spec"]
    rules = fence["matchConstraints"]["resourceRules"]
    assert ["cert-manager.io"] in [rule["apiGroups"] for rule in rules]
    assert any("variables.owner + '-tls'" in rule["expression"] for rule in fence["validations"])
