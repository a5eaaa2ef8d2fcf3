# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.strategy.drainSessions``: a session lives through a rolling update, and its Pod ends with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from support import cluster
from support.operator import WATCHED

from .conftest import GO

STDIO = {
    "image": "localhost/mcp-servers/go-stdio:1.8.0",
    "command": ["/server", "--transport", "stdio"],
    "transport": {"type": "stdio"},
}
STRICT = {"validation": {"strictMode": True}}
FOLDERS = ("tests", ".cache/collections")
# Longer than a Pod without a session needs to end.
HELD = 20


@pytest.fixture(scope="module", autouse=True)
def programs(operator):
    cluster.load_images("mcp-stdio-bridge", "go-sdk", "go-stdio")


def client_of(server):
    """Start a client in a session with the Service."""
    service = server.child("Service")["spec"]
    words = [sys.executable, "-m", "support.held_session", service["clusterIP"], str(service["ports"][0]["port"])]
    process = subprocess.Popen(
        [sys.executable, "tests/cluster", "run", "--", *words],
        cwd=cluster.ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(cluster.ROOT / folder) for folder in FOLDERS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "open\n"
    return process


def uids(server, client):
    return {pod["metadata"]["uid"] for pod in client.list("v1", "Pod", WATCHED, labelSelector=f"app={server.name}")}


@pytest.mark.test_all
@pytest.mark.parametrize("spec", [{"image": GO}, STDIO], ids=["proxy", "bridge"])
def test_a_session_lives_through_an_update(make, client, spec):
    server = make(**spec, **STRICT, strategy={"drainSessions": True, "drainSeconds": 300})
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    process = client_of(server)
    try:
        server.apply(
            **spec,
            **STRICT,
            strategy={"drainSessions": True, "drainSeconds": 300},
            environment=[{"name": "RELEASE", "value": "2"}],
        )
        server.becomes("Running", "Validated")
        (new,) = server.pods()
        assert new["metadata"]["uid"] != old["metadata"]["uid"]
        end = time.monotonic() + HELD
        while time.monotonic() < end:
            assert process.poll() is None, process.stdout.read()
            assert old["metadata"]["uid"] in uids(server, client), "the Pod ended with an open session"
            time.sleep(1)
        found = json.loads(process.communicate(timeout=30)[0])
    finally:
        process.kill()
    assert not found["failure"]
    assert found["calls"] >= HELD
    cluster.until("the old Pod is gone", lambda: old["metadata"]["uid"] not in uids(server, client), 60)


@pytest.mark.test_all
def test_without_a_session_no_time_is_lost(make, client):
    server = make(image=GO, **STRICT, strategy={"drainSessions": True, "drainSeconds": 300})
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    client.request("DELETE", f"/api/v1/namespaces/{WATCHED}/pods/{old['metadata']['name']}", what="delete a Pod")
    cluster.until("the Pod is gone", lambda: old["metadata"]["uid"] not in uids(server, client), 60)
