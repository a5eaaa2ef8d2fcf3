# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The testbed after something has gone wrong with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mcp_cluster.locations import SOURCES
from mcp_cluster.machine.cgroups import ControlGroup
from mcp_cluster.machine.mounts import HOLDER
from mcp_cluster.machine.processes import observe

from .conftest import NAME, PROBE, BreakableTestbed

pytestmark = pytest.mark.test_all

NOT_UP = 3


@pytest.fixture(autouse=True)
def whole(testbed: BreakableTestbed) -> None:
    testbed.up()


def test_when_it_works_nothing_happens(testbed: BreakableTestbed) -> None:
    before = {name: testbed.ledger.running(name) for name in testbed.ledger.names()}
    assert testbed.up() == f"{NAME} is up already\n"
    assert {name: testbed.ledger.running(name) for name in testbed.ledger.names()} == before
    status = testbed.run("status")
    assert status.returncode == 0, status.stdout
    for component in before.keys() - {HOLDER}:
        assert component in status.stdout


@pytest.mark.parametrize(
    "killed", [["kubelet", "containerd"], ["etcd", "kube-apiserver"], ["door"], ["coredns", "kube-proxy"]]
)
def test_what_was_killed_is_started_and_pods_run_on(testbed: BreakableTestbed, killed: list[str]) -> None:
    container = {"name": "probe", "image": PROBE}
    testbed.apply(
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "stays"}, "spec": {"containers": [container]}}
    )
    testbed.kubectl("wait", "--for=condition=Ready", "pod/stays", "--timeout=60s")
    before = testbed.get("pod", "stays")

    for component in killed:
        testbed.kill(component)
    status = testbed.run("status")
    assert status.returncode == NOT_UP
    for component in killed:
        assert f"{component} " in status.stdout

    said = testbed.up()

    for component in killed:
        assert component in said
    assert testbed.run("status").returncode == 0
    after = testbed.get("pod", "stays")
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert (
        after["status"]["containerStatuses"][0]["containerID"]
        == before["status"]["containerStatuses"][0]["containerID"]
    )
    assert testbed.kubectl("exec", "stays", "--", "/probe", "print", "/etc/hostname").stdout == "stays\n"


def test_what_cannot_start_is_named_with_its_last_words_and_what_to_do(testbed: BreakableTestbed) -> None:
    testbed.kill("etcd")
    for log in (testbed.locations.etcd / "member" / "wal").glob("*.wal"):
        log.write_bytes(b"not a log" * 100)
    began = time.monotonic()
    failed = testbed.run("up")
    assert failed.returncode == 1
    assert time.monotonic() - began < 60
    assert "etcd does not come up" in failed.stderr
    assert "wal" in failed.stderr
    assert f"down --name {NAME}" in failed.stderr
    assert "Traceback" not in failed.stderr

    assert testbed.run("down").returncode == 0
    testbed.up()


def test_a_predecessor_that_was_killed_at_any_time_does_not_matter(testbed: BreakableTestbed) -> None:
    assert testbed.run("down").returncode == 0
    for seconds in (0.5, 1, 2, 4):
        with subprocess.Popen(
            [sys.executable, str(SOURCES), "up", "--name", NAME], stderr=subprocess.DEVNULL
        ) as predecessor:
            time.sleep(seconds)
            predecessor.kill()
    testbed.up()
    assert testbed.run("status").returncode == 0
    # Nobody runs twice: each port inside has one owner, and each recorded process is the only one of its name.
    names = [Path(f"/proc/{pid}/comm").read_text().strip() for pid in ControlGroup(NAME).members()]
    for name in ("etcd", "kube-apiserver", "kubelet", "containerd", "coredns", "kube-proxy"):
        assert names.count(name) == 1, names


def test_without_its_namespaces_it_begins_anew(testbed: BreakableTestbed) -> None:
    testbed.kill(HOLDER)
    assert testbed.run("status").returncode == NOT_UP
    assert "Clearing away" in testbed.up()
    assert testbed.run("status").returncode == 0


def test_down_leaves_nothing_and_can_be_repeated(testbed: BreakableTestbed) -> None:
    process = testbed.ledger.running("kube-apiserver")
    assert process is not None
    for _ in range(2):
        assert testbed.run("down").returncode == 0
    assert not testbed.locations.root.exists()
    assert not Path(f"/run/netns/{NAME}").exists()
    assert ControlGroup(NAME).members() == set()
    assert NAME not in Path("/proc/self/mounts").read_text()
    assert observe(process.pid) is None
    assert testbed.run("status").returncode == NOT_UP


def test_down_after_a_down_that_was_killed(testbed: BreakableTestbed) -> None:
    with subprocess.Popen(
        [sys.executable, str(SOURCES), "down", "--name", NAME], stderr=subprocess.DEVNULL
    ) as predecessor:
        while testbed.ledger.running("etcd"):
            time.sleep(0.001)
        predecessor.send_signal(signal.SIGKILL)
    assert testbed.run("status").returncode == NOT_UP
    assert testbed.run("down").returncode == 0
    assert not testbed.locations.root.exists()


def test_fake_nodes_run_pods_that_one_process_answers_for(testbed: BreakableTestbed) -> None:
    added = testbed.run("kwok", "add", "1")
    assert added.returncode == 0, added.stderr
    tolerate = {"key": "kwok.x-k8s.io/node", "operator": "Exists"}
    spec = {
        "nodeName": "kwok-0",
        "tolerations": [tolerate],
        "containers": [{"name": "c", "image": "nobody.example/pulls-this"}],
    }
    testbed.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "fake"}, "spec": spec})
    testbed.kubectl("wait", "--for=condition=Ready", "pod/fake", "--timeout=30s")
    address = testbed.get("pod", "fake")["status"]["podIP"]
    # One listener on the node; the fake Pod's address is local to it.
    script = f"import socket; s = socket.create_server(('', 8080)); socket.create_connection(('{address}', 8080), 5)"
    assert testbed.run("run", "--", "python3", "-c", script).returncode == 0

    assert testbed.run("kwok", "remove").returncode == 0
    assert [node["metadata"]["name"] for node in testbed.get("nodes")["items"]] == [NAME]
    assert testbed.run("status").returncode == 0
    assert json.loads(testbed.locations.settings.read_text())["kwok"] is False
