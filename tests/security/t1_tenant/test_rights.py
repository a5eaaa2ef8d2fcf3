# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The roles for tenants let nobody write what the operator trusts: statuses, finalizers and admission policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.yaml_files import load_yaml

INSTALL = Path(__file__).resolve().parents[3] / "roles" / "operator" / "files" / "install.yaml"
ROLES = {
    item["metadata"]["name"]: item["rules"]
    for item in load_yaml(INSTALL)["items"]
    if item["kind"] == "ClusterRole" and item["metadata"]["name"].startswith("mcp-operator-mcpserver-")
}
READ = {"get", "list", "watch"}


def test_there_is_a_role_for_each_of_the_roles_of_kubernetes():
    assert {name.split("-")[3] for name in ROLES} == {"viewer", "editor", "admin"}


@pytest.mark.parametrize("name", ROLES)
def test_a_tenant_writes_mcpservers_and_their_scale_only(name):
    written = {
        (group, resource)
        for rule in ROLES[name]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        if set(rule["verbs"]) - READ
    }
    allowed = set() if "viewer" in name else {"mcpservers", "mcpservers/scale"}
    assert written == {("mcp.mcp-operator.io", resource) for resource in allowed}
