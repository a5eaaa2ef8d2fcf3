# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook drift: its report, its exit code, and that it changes nothing. There are no Pods."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster
from support.deployed import servers_in
from support.rollouts import HOSTS, Rollout, Stand

HEAD = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
SPEC = {"image": "registry.example.com/none:1", "environment": [{"name": "API_TOKEN", "value": "s3cret-1"}]}


@pytest.fixture
def fleet(client, crd, namespace):
    """MCPServers of which an operator says that they pass."""
    with Stand.running(client, namespace):
        for name in ("same", "changed", "gone"):
            meta = {"name": name, "namespace": namespace}
            client.apply({**HEAD, "metadata": meta, "spec": SPEC}, field_manager="tests")
        observed(client, namespace)
        yield [{**HEAD, "metadata": {"name": name}, "spec": SPEC} for name in ("same", "changed", "gone")]


@pytest.fixture
def drift(playbooks, client, kubeconfig, namespace, fleet, tmp_path):
    """Run the playbook for two hosts that are one cluster; return its exit code, output and report."""
    inventory = Rollout.on(playbooks, client, namespace, tmp_path, kubeconfig).folder / "clusters.yml"
    report = tmp_path / "drift.json"

    def run(**variables):
        given = {"mcp_servers": fleet, "mcp_namespace": namespace, "mcp_report_file": str(report), **variables}
        done = playbooks.run("drift", f"--inventory={inventory}", **given)
        print(done.output)
        return done.code, done.output, json.loads(report.read_text(encoding="utf-8"))

    return run


def observed(client, namespace):
    """Wait until all statuses are about the newest specs."""

    def check():
        found = servers_in(client, namespace).values()
        return all(
            (one.get("status") or {}).get("observedGeneration") == one["metadata"]["generation"] for one in found
        )

    cluster.until("all have a status", check)


def states(report, host):
    return {row["server"].rpartition("/")[2]: row["states"] for row in report["servers"] if row["cluster"] == host}


def versions(client, namespace):
    return {name: one["metadata"]["resourceVersion"] for name, one in servers_in(client, namespace).items()}


def test_a_fleet_as_in_the_manifests_and_what_differs(drift, client, namespace, kubeconfig, tmp_path):
    code, _output, report = drift()
    assert (code, report["drifted"], len(report["servers"])) == (0, False, 6)

    path = f"/apis/mcp.mcp-operator.io/v1/namespaces/{namespace}/mcpservers"
    other = {"replicas": 2, "environment": [{"name": "API_TOKEN", "value": "s3cret-2"}]}
    client.request("PATCH", f"{path}/changed", what="change it", body=MergePatch({"spec": other}))
    client.request("DELETE", f"{path}/gone", what="delete it")
    client.apply({**HEAD, "metadata": {"name": "new", "namespace": namespace}, "spec": SPEC}, field_manager="tests")
    observed(client, namespace)
    config = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    (tmp_path / HOSTS[1]).write_text(yaml.safe_dump(config), encoding="utf-8")

    before = versions(client, namespace)
    code, output, report = drift()
    assert code == 2
    assert states(report, HOSTS[0]) == {"same": [], "changed": ["different"], "gone": ["missing"], "new": ["extra"]}
    assert states(report, HOSTS[1]) == {"": ["unreachable"]}
    [row] = [row for row in report["servers"] if row["states"] == ["different"]]
    assert {field["path"] for field in row["fields"]} == {"spec.replicas", "spec.environment[API_TOKEN].value"}
    assert "s3cret" not in output + json.dumps(report)
    assert drift(mcp_fail_on_drift="older,unvalidated")[0] == 0
    assert drift(mcp_fail_on_drift="extra")[0] == 2
    assert versions(client, namespace) == before
