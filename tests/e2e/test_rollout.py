# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A good and a bad change in two waves. Two hosts stand for two clusters, with an MCPServer of their own each."""

from __future__ import annotations

import json
import shutil

import pytest
import yaml

from support import cluster
from support.deployed import servers_in

GO = "localhost/mcp-servers/go-sdk:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"
PLACEMENT = [{"servers": [name], "clusters": [name]} for name in ("first", "second")]


@pytest.fixture(scope="module")
def rollout(playbooks, client, kubeconfig, tmp_path_factory):
    cluster.load_images("go-sdk", "broken")
    folder = tmp_path_factory.mktemp("rollout")
    hosts = {}
    for name in ("first", "second"):
        copy = shutil.copy(kubeconfig, folder / name)  # two hosts with one kubeconfig would be one cluster by mistake
        hosts[name] = {"mcp_kubeconfig": str(copy)}
    inventory = {"clusters": {"hosts": hosts}}
    (folder / "clusters.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:

        def run(*options, **specs):
            head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
            servers = [{**head, "metadata": {"name": name}, "spec": spec} for name, spec in specs.items()]
            done = playbooks.run(
                "rollout",
                f"--inventory={folder / 'clusters.yml'}",
                *options,
                mcp_servers=servers,
                mcp_namespace=namespace,
                mcp_placement=PLACEMENT,
                mcp_soak=1,
                mcp_state_file=str(folder / "state.json"),
                mcp_report_file=str(folder / "report.json"),
            )
            print(done.output)
            report = folder / "report.json"
            rows = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
            found = {name: server["spec"]["image"] for name, server in servers_in(client, namespace).items()}
            return done, {row["cluster"]: row for row in rows.get("clusters", [])}, found

        yield run


@pytest.mark.test_all
def test_a_change_goes_from_wave_to_wave_and_a_bad_one_is_rolled_back_everywhere(rollout):
    done, _report, found = rollout("--check", first={"image": GO}, second={"image": GO})
    assert (done.code, found) == (0, {}), "check mode changes nothing"

    done, report, found = rollout(first={"image": GO}, second={"image": GO})
    assert done.code == 0
    assert found == {"first": GO, "second": GO}
    assert {name: row["wave"] for name, row in report.items()} == {"first": "canary", "second": "all"}
    assert all(row["validated_since"] and row["version"] for row in report.values())

    done, report, found = rollout(first={"image": GO, "replicas": 2}, second={"image": BROKEN, "args": ["html"]})
    assert done.code == 2
    assert {name: row["result"] for name, row in report.items()} == {"first": "RolledBack", "second": "RolledBack"}
    assert "NOT_MCP" in report["second"]["message"]
    assert found == {"first": GO, "second": GO}

    # A rollback writes what the API server returned, with defaults, which the next run of the manifests gives back.
    rollout(first={"image": GO}, second={"image": GO})
    done, _report, _found = rollout(first={"image": GO}, second={"image": GO})
    assert (done.code, done.recap["first"]["changed"], done.recap["second"]["changed"]) == (0, 0, 0)
