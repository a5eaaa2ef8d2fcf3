# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The workflow for Ansible Automation Platform fits the playbook that it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "aap"


@pytest.fixture(scope="module")
def tasks() -> dict[str, Any]:
    [play] = yaml.safe_load((EXAMPLE / "workflow.yml").read_text(encoding="utf-8"))
    return {"vars": play["vars"], **{next(key for key in task if key != "name"): task for task in play["tasks"]}}


@pytest.fixture(scope="module")
def nodes(tasks: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = tasks["awx.awx.workflow_job_template"]["awx.awx.workflow_job_template"]["workflow_nodes"]
    return {node["identifier"]: node for node in found}


def test_the_job_template_runs_a_file_of_the_project(tasks: dict[str, Any]) -> None:
    template = tasks["awx.awx.job_template"]["awx.awx.job_template"]
    [imported] = yaml.safe_load((EXAMPLE / template["playbook"]).read_text(encoding="utf-8"))
    assert imported["ansible.builtin.import_playbook"] == "mcp.kubernetes.rollout"
    # Nodes may only set what the template prompts for.
    assert template["ask_variables_on_launch"] is template["ask_job_type_on_launch"] is True


def test_all_variables_are_those_of_the_playbook(tasks: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> None:
    text = (ROOT / "playbooks" / "meta" / "rollout.yml").read_text(encoding="utf-8")
    known = set(yaml.safe_load(text)["argument_specs"]["rollout"]["options"])
    variables = tasks["awx.awx.job_template"]["awx.awx.job_template"]["extra_vars"]
    used = set(variables).union(*(node.get("extra_data", {}) for node in nodes.values()))
    assert used <= known
    waves = {
        node["extra_data"]["mcp_only_waves"]
        for node in nodes.values()
        if "mcp_only_waves" in node.get("extra_data", {})
    }
    assert waves == set(variables["mcp_waves"])


def test_production_comes_only_after_the_approval(nodes: dict[str, dict[str, Any]]) -> None:
    edges = {
        (name, kind, target["identifier"])
        for name, node in nodes.items()
        for kind in ("success_nodes", "failure_nodes", "always_nodes")
        for target in node["related"][kind]
    }
    assert edges == {
        ("check", "success_nodes", "canary"),
        ("canary", "success_nodes", "approval"),
        ("approval", "success_nodes", "production"),
        ("approval", "failure_nodes", "roll-back"),
    }
    assert nodes["approval"]["unified_job_template"]["type"] == "workflow_approval"
