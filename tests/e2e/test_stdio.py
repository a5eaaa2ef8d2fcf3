# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Stdio servers from packages and in an image of their own, behind the bridge, without a network.

``make test`` has one server of each way: a program in an image, a package of npm, a package of PyPI. All published
servers differ from these in their packages only, which are pinned: ``make test-all`` has them.
"""

from __future__ import annotations

import json
import shutil

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import restarts

from support import cluster, stdio
from support.bridging.client import Streamable
from support.deployed import deploy, ready_pod, servers_in, wide
from support.forward import forward

FOLDER = cluster.ROOT / "tests" / "servers" / "manifests" / "stdio"
# One of each way to start; ``memory`` is shared by its clients.
SOME = ("clock", "memory", "time")
# name -> how it calls itself, a tool that it must have
SERVERS = {
    "clock": ("clock", "now"),
    "everything": ("mcp-servers/everything", "echo"),
    "fetch": ("mcp-fetch", "fetch"),
    "filesystem": ("secure-filesystem-server", "list_directory"),
    "git": ("mcp-git", "git_status"),
    "memory": ("memory-server", "create_entities"),
    "sequential-thinking": ("sequential-thinking-server", "sequentialthinking"),
    "time": ("mcp-time", "convert_time"),
}
# name -> phase, what the message must say, whether the play fails
BROKEN = {
    "deaf": ("Failed", "did not answer initialize within 2 s", True),
    "dies": ("Running", "", False),
    "exits": ("Failed", "Its stderr ended with: fatal: cannot reach the database with key ********", True),
    "no-libc": ("Failed", "which the image does not have", True),
    "not-found": ("Failed", 'The command "no-such-server" is not in the image', True),
    "orphans": ("Running", "", False),
    "preamble": ("Running", "", False),
    "rubbish": ("Failed", 'lines that are not MCP, the first: "<html>this is no MCP server', True),
    "tty": ("Failed", "the input device is not a TTY", True),
}


@pytest.fixture(scope="module")
def bridge_images():
    cluster.load_images(*stdio.IMAGES)


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.test_all)])
def fleet(request, playbooks, client, bridge_images, tmp_path_factory):
    """Published servers, deployed once."""
    folder = tmp_path_factory.mktemp("stdio")
    for name in SOME if request.param == "some" else SERVERS:
        shutil.copy(FOLDER / f"{name}.yaml", folder)
    with (
        cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace,
        stdio.packages(client, namespace),
    ):
        found = deploy(playbooks, client, namespace, folder, mcp_wait_timeout=200)
        assert set(found.servers) == {file.stem for file in folder.iterdir()}
        yield found


@pytest.fixture(scope="module")
def broken(playbooks, client, bridge_images):
    """The servers that misbehave, deployed once."""
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        stdio.probe(client, name)
        yield deploy(playbooks, client, name, FOLDER / "broken", mcp_wait_timeout=70)


def test_every_server_is_validated_over_http_and_bridged(fleet):
    assert fleet.run.code == 0
    for name, server in fleet.servers.items():
        status = server["status"]
        assert (status["phase"], status["validation"]["state"]) == ("Running", "Validated"), name
        assert status["validation"]["protocol"] == "streamable-http"
        assert status["validation"]["serverInfo"]["name"] == SERVERS[name][0]
        assert "tools" in status["validation"]["capabilities"]
        assert status["transportType"] == "stdio"
        assert status["bridge"] == {"mode": "shared" if name == "memory" else "session", "childRestarts": 0}


def test_the_table_shows_the_transport_that_clients_find_and_that_there_is_a_bridge(fleet, client):
    rows = wide(client, fleet.namespace)
    assert set(rows) == set(fleet.servers)
    for name, row in rows.items():
        print("   ".join(str(row[column]) for column in row if column not in ("MESSAGE", "AGE")))
        assert (row["PHASE"], row["PROTOCOL"], row["VALIDATION"]) == ("Running", "streamable-http", "Validated")
        assert (row["BRIDGE"], row["RESTARTS"]) == ("shared" if name == "memory" else "session", 0)


def test_a_client_finds_each_servers_tools(fleet, client):
    namespace = fleet.namespace
    for name in fleet.servers:
        tool = SERVERS[name][1]
        pod = ready_pod(client, namespace, name)
        with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
            user = Streamable(f"http://{address}", 60.0)
            user.open()
            assert tool in {found["name"] for found in user.request("tools/list")["tools"]}, name
            user.close()


def test_servers_do_what_they_are_for(fleet, client):
    namespace = fleet.namespace
    calls = {
        "time": ("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}, "21:00"),
        "filesystem": ("list_allowed_directories", {}, "/tmp"),
        "clock": ("now", {"zone": "Asia/Tokyo"}, "+09:00"),
    }
    for name in calls.keys() & fleet.servers.keys():
        tool, arguments, text = calls[name]
        pod = ready_pod(client, namespace, name)
        with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
            user = Streamable(f"http://{address}", 60.0)
            user.open()
            assert text in user.tool(tool, arguments), name
            user.close()


def test_the_pods_keep_to_the_secure_defaults(fleet, client):
    namespace = fleet.namespace
    for pod in client.list("v1", "Pod", namespace):
        for container in [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["runAsNonRoot"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}


def test_a_second_run_changes_nothing(fleet, playbooks):
    again = playbooks.run("deploy", mcp_manifests=str(fleet.folder), mcp_namespace=fleet.namespace)
    assert (again.code, again.changed) == (0, 0), again.output


@pytest.mark.test_all
def test_every_broken_server_is_expected(broken):
    assert set(broken.servers) == set(BROKEN)


@pytest.mark.test_all
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_status_says_what_is_wrong(broken, name):
    phase, text, fails = BROKEN[name]
    status = broken.servers[name]["status"]
    assert status["phase"] == phase, status["message"]
    assert text in status["message"]
    assert len(status["message"]) <= 1024
    assert broken.run.failed(f"{broken.namespace}/{name}") is fails


@pytest.mark.test_all
def test_no_secret_leaves_the_environment(broken, client):
    assert stdio.SECRET not in broken.run.output
    assert stdio.SECRET not in json.dumps(broken.servers)
    for path in ("apis/apps/v1/{}/deployments", "api/v1/{}/configmaps", "api/v1/{}/pods", "api/v1/{}/events"):
        listed = cluster.found(client, "/" + path.format(f"namespaces/{broken.namespace}"))
        assert listed["items"], path
        assert stdio.SECRET not in json.dumps(listed), path


@pytest.mark.test_all
def test_the_environment_and_files_reach_the_server(broken, client):
    namespace = broken.namespace
    pod = ready_pod(client, namespace, "preamble")
    with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
        user = Streamable(f"http://{address}")
        user.open()
        assert user.tool("environment", {"name": "PROBE_API_KEY"}) == stdio.SECRET


@pytest.mark.test_all
def test_a_broken_server_is_not_restarted_without_end(broken, client):
    namespace = broken.namespace
    for pod in client.list("v1", "Pod", namespace):
        assert restarts(pod) <= 5, pod["metadata"]["name"]


@pytest.mark.test_all
def test_a_server_that_dies_is_started_again_and_the_status_counts_it(broken, client, playbooks):
    namespace = broken.namespace
    pod = ready_pod(client, namespace, "dies")
    with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
        user = Streamable(f"http://{address}")
        user.open()
        with pytest.raises(Exception, match="ended with exit code 3"):
            user.tool("die")
    ready_pod(client, namespace, "dies", more_restarts_than=0)
    again = playbooks.run("validate", mcp_names="dies", mcp_namespace=namespace)
    print(again.output)
    status = servers_in(client, namespace)["dies"]["status"]
    assert (status["phase"], status["bridge"]["childRestarts"]) == ("Running", 1)
