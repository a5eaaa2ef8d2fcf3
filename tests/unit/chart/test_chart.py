# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The chart against what it installs; what Helm makes of it, tests/integration/chart shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mcp_operator
import pytest
import yaml
from mcp_operator._vendor._workload import names
from mcp_operator.settings.options import OPTIONS

CHART = Path(__file__).resolve().parents[3] / "operator" / "chart"
# What the chart says itself, or what makes sense outside a Pod only.
NOT_FOR_USERS = {
    "ansible-collections-path",
    "ansible-roles-path",
    "bridge-inject-image",
    "bridge-package-image",
    "context",
    "health-probe-bind-address",
    "kubeconfig",
    "leader-elect",
    "leader-election-id",
    "leader-election-namespace",
    "metrics-bind-address",
    "metrics-cert-path",
    "metrics-secure",
    "network-default",
    "network-settings",
    "run-directory",
    "validation-image",
    "watch-namespace",
    "shard",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_chart_has_the_version_of_what_it_installs(root: Path) -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    collection = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))
    assert chart["version"] == chart["appVersion"] == mcp_operator.__version__ == collection["version"]


def test_every_setting_of_the_operator_can_be_made(schema: dict[str, Any]) -> None:
    assert set(schema["properties"]["settings"]["properties"]) == {option.flag for option in OPTIONS} - NOT_FOR_USERS


def test_every_value_is_known_to_the_schema(schema: dict[str, Any]) -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    assert set(values) == set(schema["properties"]) - {"global"}


def test_playbooks_find_the_lease_that_the_rights_are_for() -> None:
    role = (CHART / "templates" / "leader-election-role.yaml").read_text(encoding="utf-8")
    assert f"resourceNames: [{names.OPERATOR_LEASE}{{{{ range" in role
    defaults = {option.flag: option.default for option in OPTIONS}
    assert defaults["leader-election-id"] == names.OPERATOR_LEASE


def test_each_value_has_a_description() -> None:
    table = [line for line in (CHART / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(table) > 80
    assert [line for line in table if line.endswith("|  |")] == []
