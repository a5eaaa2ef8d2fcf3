# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Published MCP servers of several SDKs, as real Pods, from a five-line manifest to Validated."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.port_forward_probe import probe_by_port_forward
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock_file import read_lock, write_lock
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import restarts
from mcp_operator.cli.main import main

from support import cluster
from support.deployed import ready_pod
from support.forward import forward

STREAMABLE, SSE = "streamable-http", "sse"
PROTOCOLS = {
    "everything-http": STREAMABLE,
    "everything-sse-2025-3-19": SSE,
    "fastmcp": STREAMABLE,
    "go-sdk": STREAMABLE,
    "python-sdk-http": STREAMABLE,
    "python-sdk-sse": SSE,
    "python-sdk-v2": STREAMABLE,
}
PATHS = {STREAMABLE: "/mcp", SSE: "/sse"}
ARTICLE = {
    "state",
    "compliant",
    "protocol",
    "protocolVersion",
    "endpoint",
    "requiresAuth",
    "capabilities",
    "lastValidated",
    "validatedGeneration",
}


# Takes one client, and ends when that one leaves: its container is started again for each.
ENDS_WITH_ITS_CLIENT = "everything-sse-2025-3-19"


def test_every_server_is_running_and_validated(fleet):
    assert fleet.run.code == 0
    assert set(fleet.servers) == set(PROTOCOLS)
    for name, server in fleet.servers.items():
        status = server["status"]
        assert (status["phase"], status["validation"]["state"]) == ("Running", "Validated"), name
        assert status["validation"]["protocol"] == PROTOCOLS[name]


def test_the_run_ends_with_the_articles_table(fleet):
    header = "NAME +PHASE +REPLICAS +READY +PROTOCOL +VALIDATION +CAPABILITIES +AGE"
    lines = fleet.run.output.splitlines()
    (start,) = [number for number, line in enumerate(lines) if re.fullmatch(header, line.strip())]
    rows = [line.split() for line in lines[start + 1 : start + 1 + len(PROTOCOLS)]]
    assert {row[0]: (row[1], row[4], row[5]) for row in rows} == {
        name: ("Running", protocol, "Validated") for name, protocol in PROTOCOLS.items()
    }


def test_status_has_every_field_of_the_article(fleet):
    for name, server in fleet.servers.items():
        found = server["status"]["validation"]
        assert set(found) >= ARTICLE, name
        path = PATHS[PROTOCOLS[name]]
        assert found["endpoint"] == f"http://{name}.{fleet.namespace}.svc:8080{path}"
        assert (
            found["validatedGeneration"] == server["metadata"]["generation"] == server["status"]["observedGeneration"]
        )


@pytest.mark.parametrize("name", sorted(PROTOCOLS))
def test_the_official_sdks_client_sees_what_we_see(fleet, client, name):
    server = fleet.servers[name]
    transport = PROTOCOLS[name]
    pod = ready_pod(client, fleet.namespace, name)
    if name == ENDS_WITH_ITS_CLIENT:
        pod = ready_pod(client, fleet.namespace, name, more_restarts_than=0)
    ours = probe_by_port_forward(client, server, pod, 30.0)
    if name == ENDS_WITH_ITS_CLIENT:
        pod = ready_pod(client, fleet.namespace, name, more_restarts_than=restarts(pod))
    with forward(client, fleet.namespace, pod["metadata"]["name"], 8080) as address:
        url = f"http://{address}{PATHS[transport]}"
        theirs = json.loads("\n".join(cluster.tool("tests/servers", "oracle", url, "--transport", transport)))
    assert ours["compliant"] is True
    assert ours["transport"] == transport
    assert ours["protocol_version"] == theirs["protocolVersion"]
    assert ours["server_info"]["name"] == theirs["serverInfo"]["name"]
    assert ours["server_info"]["version"] == theirs["serverInfo"]["version"]
    assert sorted(ours["capabilities"]) == theirs["capabilities"]
    assert server["status"]["validation"]["capabilities"] == ours["capabilities"]
    for kind in ("tools", "resources", "prompts"):
        listed = ours[kind]["names"] if ours[kind] else []
        assert sorted(listed) == theirs[kind], kind


def test_a_second_run_changes_nothing_and_says_the_same(fleet, playbooks, client):
    again = playbooks.run("deploy", mcp_manifests=str(fleet.folder), mcp_namespace=fleet.namespace)
    assert again.code == 0, again.output
    assert again.changed == 0


def test_validate_proves_what_runs_without_changing_it(fleet, playbooks):
    run = playbooks.run("validate", mcp_namespace=fleet.namespace, mcp_names="go-sdk,python-sdk-sse")
    assert run.code == 0, run.output
    assert run.changed == 0
    assert set(run.recap) == {"localhost", f"{fleet.namespace}/go-sdk", f"{fleet.namespace}/python-sdk-sse"}


def test_the_fleet_is_pinned_and_a_difference_is_found(fleet, playbooks, kubeconfig, tmp_path, capsys):
    lock = tmp_path / "mcp-lock.yaml"
    names = [f"{fleet.namespace}/{name}" for name in sorted(PROTOCOLS) if name != ENDS_WITH_ITS_CLIENT]
    given = {"mcp_lock_file": str(lock), "mcp_names": names}
    run = playbooks.run("pin", **given)
    assert (run.code, run.changed) == (0, 1), run.output
    locked = read_lock(lock.read_text())
    assert list(locked) == names
    # By the earlier name.
    again = playbooks.run("pin", mcp_lock_file=str(lock), mcp_servers=names)
    assert (again.code, again.changed) == (0, 0), again.output

    key = f"{fleet.namespace}/go-sdk"
    assert main(["list", key, "--kubeconfig", kubeconfig, "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"server": key, **locked[key]}

    approved = locked[f"{fleet.namespace}/fastmcp"]
    lock.write_text(write_lock({**locked, key: approved}))
    check = playbooks.run("pin", "--check", "--diff", **given)
    assert check.code == 2, check.output
    assert f"{key}: offers {locked[key]['digest']}" in check.output
    assert f"-    digest: {approved['digest']}" in check.output
    assert f"+    digest: {locked[key]['digest']}" in check.output
    assert read_lock(lock.read_text())[key] == approved
    assert main(["pin", *names, "-f", str(lock), "--kubeconfig", kubeconfig, "--check"]) == 1
    assert f"5 of 6 servers offer what {lock} has." in capsys.readouterr().out
