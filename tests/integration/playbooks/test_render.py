# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator render`` and the playbook behind it, without a cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from support import cluster
from support.playbooks import Playbooks

MANIFEST = """
apiVersion: mcp.mcp-operator.io/v1
kind: MCPServer
metadata: {name: wiki}
spec:
  image: wiki:1
  podTemplate: {annotations: {note: "{{ 7 * 7 }}"}}
  validation: {strictMode: true}
"""
NOWHERE = {"KUBECONFIG": "/nonexistent", "K8S_AUTH_KUBECONFIG": "/nonexistent"}


def render(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **NOWHERE, "PYTHONPATH": str(cluster.ROOT / "operator" / "src")}
    command = [sys.executable, "-m", "mcp_operator", "render", *map(str, arguments)]
    return subprocess.run(
        command, env=environment, input=given, capture_output=True, text=True, check=False, timeout=120
    )


def test_what_a_manifest_becomes_is_printed(tmp_path: Path) -> None:
    (tmp_path / "wiki.yaml").write_text(MANIFEST, encoding="utf-8")
    done = render(tmp_path / "wiki.yaml", "--namespace", "team")
    assert (done.returncode, done.stderr) == (0, "")
    objects = list(yaml.safe_load_all(done.stdout))
    assert [item["kind"] for item in objects] == ["ServiceAccount", "Service", "Deployment"]
    assert {item["metadata"]["namespace"] for item in objects} == {"team"}
    assert not any("ownerReferences" in item["metadata"] for item in objects)
    template = objects[2]["spec"]["template"]
    assert template["metadata"]["annotations"]["note"] == "{{ 7 * 7 }}"
    assert template["spec"]["readinessGates"] == [{"conditionType": "mcp.mcp-operator.io/validated"}]


def test_standard_input_is_rendered_and_named_in_errors() -> None:
    done = render("-", "-n", "team", given=MANIFEST)
    assert (done.returncode, done.stderr) == (0, "")
    assert {item["metadata"]["namespace"] for item in yaml.safe_load_all(done.stdout)} == {"team"}
    other = render("-", given=MANIFEST.replace("MCPServer", "MCPSever"))
    assert (other.returncode, other.stdout) == (2, "")
    assert "There is no MCPServer in standard input. Found were: " in other.stderr
    assert "'MCPSever'. Check the path, and kind in the files." in other.stderr


def test_a_path_that_does_not_exist_is_an_error_of_the_command() -> None:
    done = render("/nonexistent.yaml")
    assert done.returncode == 2
    assert "There is no file or folder /nonexistent.yaml. Give a path, or - for standard input." in done.stderr


def test_an_invalid_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "wiki.yaml").write_text("spec: 3", encoding="utf-8")
    done = render(tmp_path / "wiki.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mcp-operator: {tmp_path}/wiki.yaml: ")
    assert "Set apiVersion: mcp.mcp-operator.io/v1" in done.stderr


def test_earlier_names_of_variables_are_accepted_and_both_names_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "wiki.yaml").write_text(MANIFEST, encoding="utf-8")
    playbooks = Playbooks(NOWHERE["KUBECONFIG"])
    written, manifests = tmp_path / "objects.yaml", str(tmp_path / "wiki.yaml")
    run = playbooks.run("render", mcp_manifests=manifests, mcp_output=str(written))
    assert (run.code, run.changed) == (0, 1), run.output
    assert len(list(yaml.safe_load_all(written.read_text(encoding="utf-8")))) == 3
    both = playbooks.run("render", mcp_manifests=manifests, mcp_output=str(written), mcp_output_file=str(written))
    assert both.code != 0
    expected = "The playbook render has mcp_output_file and mcp_output, which is an earlier name of it."
    assert f"{expected} Set only mcp_output_file. [VARIABLE_TWICE]" in both.output


def test_an_earlier_name_as_extra_variable_and_the_current_one_of_other_hosts_are_an_error(tmp_path: Path) -> None:
    """Plays on these hosts would ignore the extra variable."""
    inventory = tmp_path / "clusters.yml"
    hosts = {"hosts": {"eu": {}}, "vars": {"mcp_rollback_on_failure": True, "mcp_apply": "object"}}
    inventory.write_text(yaml.safe_dump({"clusters": hosts}), encoding="utf-8")
    playbooks = Playbooks(NOWHERE["KUBECONFIG"])
    both = playbooks.run("rollout", "-i", str(inventory), mcp_rollback=False)
    assert both.code != 0
    expected = "The playbook rollout has mcp_rollback_on_failure and mcp_rollback, which is an earlier name of it."
    assert f"{expected} Set only mcp_rollback_on_failure. [VARIABLE_TWICE]" in both.output
    # The current name counts more than an earlier one.
    current = playbooks.run("rollout", "-i", str(inventory), mcp_mode="object")
    assert "There is no manifest" in current.output
    assert "VARIABLE_TWICE" not in current.output


def test_playbooks_without_a_cluster_show_a_row_for_each_task_and_skip_none(tmp_path: Path) -> None:
    (tmp_path / "wiki.yaml").write_text(MANIFEST, encoding="utf-8")
    package = {"registryType": "npm", "identifier": "weather", "version": "1.2.3", "transport": {"type": "stdio"}}
    (tmp_path / "server.json").write_text(json.dumps({"name": "com.example/weather", "packages": [package]}))
    playbooks = Playbooks(NOWHERE["KUBECONFIG"])
    # A survey that is not answered sets an empty text.
    shown = playbooks.run("render", mcp_manifests=str(tmp_path / "wiki.yaml"), mcp_namespace="")
    imported = playbooks.run("import", mcp_source=str(tmp_path / "server.json"))
    for run, rows, line in ((shown, 4, "kind: Deployment"), (imported, 3, "kind: MCPServer")):
        assert run.code == 0, run.output
        assert (run.rows, run.skipped) == (rows, 0), run.output
        assert line in run.output.splitlines()
    assert "  namespace: default" in shown.output.splitlines()
    missing = playbooks.run("import")
    assert "The playbook import needs mcp_source." in missing.output
