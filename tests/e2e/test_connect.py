# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator connect``: what it writes is used by real clients, through the port that it forwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
import yaml
from oracle import clients

from support import cluster
from support.deployed import deploy

SERVERS = {
    "clock": {"image": "localhost/mcp-servers/go-sdk:1.8.0", "replicas": 2},
    "legacy": {"image": "localhost/mcp-servers/python-sdk-sse:1.30.0"},
}


@pytest.fixture(scope="module")
def fleet(playbooks, client, tmp_path_factory):
    cluster.load_images("go-sdk", "python-sdk-sse")
    folder = tmp_path_factory.mktemp("connect")
    for name, spec in SERVERS.items():
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": name}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**head, "spec": spec}), encoding="utf-8")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:
        yield deploy(playbooks, client, namespace, folder)


@pytest.mark.test_all
def test_an_official_client_works_with_what_is_written(fleet, kubeconfig, tmp_path):
    file = tmp_path / "mcp.json"
    command = [sys.executable, "-m", "mcp_operator", "connect", "--client", "inspector", "--file", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(cluster.ROOT / "operator" / "src")}
    process = subprocess.Popen(
        [*command, "--kubeconfig", str(kubeconfig), "--namespace", fleet.namespace],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = []
        while not said or "until you press Ctrl-C" not in said[-1]:
            line = process.stderr.readline()
            assert line, said
            said.append(line)
        servers = json.loads(file.read_text(encoding="utf-8"))["mcpServers"]
        assert set(servers) == set(SERVERS)
        [official] = [found for found in clients.catalogue() if found.name == "python-1"]
        answers = official.describe_targets([{"url": one["url"], "transport": one["type"]} for one in servers.values()])
        assert [answer for answer in answers if "error" in answer] == []
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0, process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
