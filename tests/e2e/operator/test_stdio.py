# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that speak over stdio under the operator: they have all that others have."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys

import pytest
import yaml

from support import cluster, metrics, stdio
from support.bridging.client import RefusedError, Streamable
from support.deployed import ready_pod, wide
from support.forward import forward
from support.operator import WATCHED

from .test_gate import gate, is_open, serving

MANIFESTS = cluster.ROOT / "tests" / "servers" / "manifests" / "stdio"
# By npx, each takes more than a second of a CPU, at least three times before it is validated.
SLOW = 12
FOLDERS = ("tests", ".cache/collections")
STRICT = {"validation": {"strictMode": True}}
CLOCK = {
    "image": "localhost/mcp-servers/go-stdio:1.8.0",
    "command": ["/server", "--transport", "stdio"],
    "transport": {"type": "stdio"},
}


def probe(*words, **settings):
    """The spec of a probe without an image of its own."""
    volume = {"name": "probe", "configMap": {"name": "probe"}}
    return {
        "command": ["python3", "/srv/probe/probe.py", *words],
        "podTemplate": {"volumes": [volume], "volumeMounts": [{"name": "probe", "mountPath": "/srv/probe"}]},
        "transport": {"type": "stdio", "config": {"stdio": {"startTimeoutSeconds": 30, **settings}}},
    }


@pytest.fixture(scope="module", autouse=True)
def program(operator, client):
    cluster.load_images(*stdio.IMAGES)
    stdio.probe(client, WATCHED)
    with stdio.packages(client, WATCHED):
        yield


@contextlib.contextmanager
def visitors(client, server, seconds, calls):
    """Let clients come by the Service meanwhile; what they met is there afterwards."""
    address = server.child("Service")["spec"]["clusterIP"]
    words = [sys.executable, "-m", "support.bridging.visits", f"http://{address}:8080", str(seconds), str(calls)]
    process = subprocess.Popen(
        [sys.executable, "tests/cluster", "run", "--", *words],
        cwd=cluster.ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(cluster.ROOT / folder) for folder in FOLDERS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    found = {}
    try:
        yield found
        found.update(json.loads(process.communicate(timeout=seconds + 120)[0]))
    finally:
        process.kill()


def test_strict_mode_opens_its_gate_and_the_table_says_that_it_is_bridged(make, client):
    server = make(**CLOCK, **STRICT)
    status = server.becomes("Running", "Validated")
    (pod,) = server.pods()
    assert is_open(pod)
    assert serving(client, server.name) == [pod["metadata"]["name"]]
    assert (status["transportType"], status["bridge"]) == ("stdio", {"mode": "session", "childRestarts": 0})
    row = wide(client, WATCHED)[server.name]
    assert (row["PROTOCOL"], row["VALIDATION"], row["BRIDGE"]) == ("streamable-http", "Validated", "session")


def test_strict_mode_keeps_the_gate_closed_before_what_does_not_suffice(make, client):
    server = make(**CLOCK, validation={"strictMode": True, "requiredCapabilities": ["telepathy"]})
    server.becomes("ValidationFailed", "Failed", "telepathy")
    cluster.until("its gate says so", lambda: gate(server.pods()[0]).get("reason") == "ValidationFailed")
    assert serving(client, server.name) == []


@pytest.mark.parametrize(
    ("update", "text"),
    [
        pytest.param(
            {"command": ["no-such-server"]},
            'The command "no-such-server" is not in the image',
            marks=pytest.mark.test_all,
        ),
        pytest.param(probe("exit"), "fatal: cannot reach the database", marks=pytest.mark.test_all),
        pytest.param(
            {"validation": {"strictMode": True, "requiredCapabilities": ["telepathy"]}},
            "telepathy",
            marks=pytest.mark.test_all,
        ),
    ],
    ids=["not there", "ends at once", "lacks a capability"],
)
def test_an_update_that_fails_is_rolled_back_and_the_old_server_serves_all_along(make, client, update, text):
    spec = {**probe(), "validation": {"strictMode": True, "deadlineSeconds": 20}}
    server = make(**spec)
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    with visitors(client, server, 15, 2) as met:
        server.apply(**{**spec, **update})
        cluster.until("it is rolled back", lambda: server.condition("Ready").get("reason") == "RolledBack", 120)
    assert (met["failed"], met["lost"]) == ([], 0)
    assert {pod for pods in met["pods"] for pod in pods} == {old["metadata"]["name"]}
    assert text in server.status["message"]


def test_an_update_is_rolled_out_without_a_client_that_finds_no_server(make, client):
    server = make(**probe(), **STRICT)
    server.becomes("Running", "Validated")
    (old,) = server.pods()
    with visitors(client, server, 30, 1) as met:
        server.apply(**probe(), **STRICT, environment=[{"name": "LEVEL", "value": "2"}])
        server.becomes("Running", "Validated")
        cluster.until("the old Pod is gone", lambda: old["metadata"]["name"] not in str(server.pods()), 60)
        (new,) = server.pods()
    print(met["clients"], "clients, of which lost their session:", met["lost"])
    assert (met["failed"], met["lost"] <= 1) == ([], True)
    assert met["pods"][0] == [old["metadata"]["name"]]
    assert met["pods"][-1] == [new["metadata"]["name"]]


def test_a_client_of_several_pods_stays_with_the_one_that_has_its_session(make, client):
    server = make(**probe(), replicas=2)
    assert server.becomes("Running", "Validated")["readyReplicas"] == 2
    cluster.until("both are proved", lambda: server.status["validation"].get("provedReplicas") == 2, 60)
    cluster.until("both serve", lambda: len(serving(client, server.name)) == 2)
    with visitors(client, server, 3, 10) as met:
        pass
    assert (met["failed"], met["lost"]) == ([], 0)
    assert [len(set(pods)) for pods in met["pods"]] == [1] * met["clients"]


# The objects of a stdio server's autoscaler are those of every server, whose autoscaler is in test_gate.py.
@pytest.mark.test_all
def test_an_autoscaler_sets_the_number_of_its_pods(make):
    server = make(
        **CLOCK, hpa={"enabled": True, "minReplicas": 2, "maxReplicas": 3, "targetCPUUtilizationPercentage": 80}
    )
    cluster.until("the second Pod", lambda: (server.status.get("readyReplicas"), len(server.pods())) == (2, 2), 90)
    server.becomes("Running", "Validated")
    cluster.until("both are proved", lambda: server.status["validation"].get("provedReplicas") == 2, 60)
    assert server.child("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == server.name
    assert server.child("Deployment")["spec"]["replicas"] == 2


def test_a_job_validates_it(make, client):
    server = make(**CLOCK, validation={"runner": "job"})
    assert server.becomes("Running", "Validated")["validation"]["toolCount"] == 2


def test_its_numbers_are_among_the_operators(make, client, operator):
    server = make(**CLOCK)
    server.becomes("Running", "Validated")
    wanted = (
        f'mcpserver_ready_replicas{{name="{server.name}",namespace="{WATCHED}",transport_type="stdio"}} 1.0',
        f'mcpserver_protocol{{name="{server.name}",namespace="{WATCHED}",protocol="streamable-http"}} 1.0',
        f'mcpserver_validation_compliant{{name="{server.name}",namespace="{WATCHED}"}} 1.0',
    )
    (pod,) = operator.pods()

    with metrics.reader(client) as token:

        def told():
            return set(wanted) <= {line.strip() for line in metrics.read(client, pod, token).splitlines()}

        cluster.until("the operator tells of it", told)


def test_a_server_that_dies_is_out_of_service_until_it_runs_again_and_is_counted(make, client):
    server = make(**probe(mode="shared"), validation={"strictMode": True, "onFailure": "remove"})
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    with forward(client, WATCHED, pod["metadata"]["name"], 8080) as address:
        user = Streamable(f"http://{address}")
        user.open()
        with pytest.raises(RefusedError, match="ended with exit code 3"):
            user.tool("die")
    ready_pod(client, WATCHED, server.name, more_restarts_than=0)
    cluster.until("the status counts it", lambda: server.status["bridge"]["childRestarts"] == 1)
    server.becomes("Running", "Validated")
    cluster.until("it serves", lambda: serving(client, server.name) == [pod["metadata"]["name"]])


@pytest.mark.test_all
def test_many_servers_that_start_slowly_and_at_once_are_all_validated_at_the_first_try(make):
    manifest = yaml.safe_load((MANIFESTS / "everything.yaml").read_text(encoding="utf-8"))
    spec = {**manifest["spec"], "resources": {"requests": {"cpu": "10m"}}, **STRICT}
    servers = [make(**spec) for _ in range(SLOW)]
    states = [server.becomes("Running", "Validated", timeout=300) for server in servers]
    assert [state["validation"]["attempts"] for state in states] == [1] * SLOW
    assert not any("ValidationFailed" in {reason for _type, reason in server.events()} for server in servers)


def test_a_spare_process_waits_for_the_next_client(make, client):
    server = make(**probe(spare=True))
    server.becomes("Running", "Validated")
    (pod,) = server.pods()
    path = f"/api/v1/namespaces/{WATCHED}/pods/{pod['metadata']['name']}:8080/proxy/healthz"
    cluster.until("the spare", lambda: client.request("GET", path, what="ask the bridge")["spare"])
