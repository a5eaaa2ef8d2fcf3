# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is made of MCPServers is right in the end, whatever happens to the operator and to what it stands on.

Faults of a single run, of a watch and of the election are in the tests of those; here the whole operator is broken.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from mcp_operator.runs.processes import descendants

from support import cluster
from support.operator_process import SOURCES, Operator, run_directory

# Runs that are killed at a random moment; MCP_TEST_KILLS=20 takes some minutes.
KILLS = int(os.environ.get("MCP_TEST_KILLS", "4"))
# What a second more or less says to Ansible, to Jinja, to a shell and to YAML.
JINJA = "{{ lookup('pipe', 'touch /tmp/mcp-operator-was-here') }} {% if x %} ${HOME} \u2028 \U0001f600 \n---\na: {b"
# A clock that a test sets, in the place of the real one.
CLOCK = """
import datetime, pathlib, time
_file, _time, _real = pathlib.Path(__file__).with_name("offset"), time.time, datetime.datetime
def _offset():
    return float(_file.read_text() or 0) if _file.exists() else 0.0
class _Jumping(_real):
    @classmethod
    def now(cls, tz=None):
        return _real.now(tz) + datetime.timedelta(seconds=_offset())
datetime.datetime = _Jumping
time.time = lambda: _time() + _offset()
"""


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def runs_of(operator: Operator) -> float:
    return operator.sum("mcp_operator_run_duration_seconds_count")


def test_the_api_server_is_killed_while_everything_changes(testbed, servers, start):
    start()
    for number in range(5):
        servers.apply(f"s{number}")
    cluster.until("it has begun", lambda: len(servers.wrong()) < 15)
    testbed.kill("kube-apiserver")
    time.sleep(1)
    testbed.run("up")
    for number in range(5):
        servers.apply(f"s{number}", image="registry.example.com/server:1")
    servers.delete("s4")
    servers.right()


@pytest.mark.test_all
@pytest.mark.parametrize(
    ("storm", "delay"),
    [
        pytest.param((500, 503, 0), 0.0, id="500, 503 and cut"),
        pytest.param((429,), 0.0, id="429"),
        pytest.param((), 0.4, id="slow"),
    ],
)
def test_the_way_to_the_api_server_is_bad(servers, start, proxy, by_proxy, storm, delay):
    start(kubeconfig=by_proxy, leader_elect=False)
    proxy.storm, proxy.part, proxy.delay = storm, 0.4 if storm else 0.0, delay
    for number in range(5):
        servers.apply(f"s{number}")
    for number in range(0, 5, 2):
        servers.apply(f"s{number}", image="registry.example.com/server:1")
    proxy.cut()
    servers.right()


@pytest.mark.test_all
def test_etcd_has_forgotten_what_happened_meanwhile(testbed, servers, start, proxy, by_proxy):
    one = start(kubeconfig=by_proxy, leader_elect=False)
    for name in ("a", "b"):
        servers.apply(name)
    servers.right()
    proxy.silent = True
    proxy.cut()
    servers.apply("a", image="registry.example.com/server:1")
    servers.delete("b")
    servers.apply("c")
    newest = max(map(int, servers.versions().values()))
    testbed.compact(str(newest))
    testbed.kill("kube-apiserver")
    testbed.run("up")
    proxy.silent = False
    servers.right()
    assert one.sum("mcp_operator_watch_total", having='"expired"') >= 1


@pytest.mark.test_all
def test_the_operator_is_killed_at_random(servers, start):
    chance = random.Random(7)
    for number in range(6):
        servers.apply(f"s{number}")
    for round_ in range(1, KILLS + 1):
        one = start(leader_elect=False)
        image = f"registry.example.com/server:{round_}"
        for number in range(6):
            servers.apply(f"s{number}", image=image)
        time.sleep(chance.random() * 1.5)
        one.kill()
        cluster.until("its runs are gone with it", lambda runs=one: not descendants(runs.popen.pid))
    start(leader_elect=False)
    servers.right()


@pytest.mark.test_all
def test_two_operators_at_once_do_the_same(servers, start):
    for name in ("one", "two"):
        start(name=name, leader_elect=False)
    for number in range(5):
        servers.apply(f"s{number}")
    for number in range(5):
        servers.apply(f"s{number}", image="registry.example.com/server:1")
    servers.delete("s4")
    servers.right()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(signal.SIGKILL, id="killed"),
        pytest.param(signal.SIGSTOP, id="hung", marks=pytest.mark.test_all),
    ],
)
def test_everything_of_a_run_is(servers, start, proxy, by_proxy, fault):
    one = start(kubeconfig=by_proxy, leader_elect=False, run_timeout="6s")
    servers.apply("warm")
    servers.right()
    ended = runs_of(one)
    proxy.delay = 1.5
    servers.apply("a")
    cluster.until("the run writes", lambda: any("/serviceaccounts/a" in line for line in proxy.requests))
    for pid in descendants(one.popen.pid):
        os.kill(pid, fault)
    proxy.delay = 0.0
    servers.right()
    # The one that was lost, and another, which is counted after it has applied everything.
    cluster.until("both runs are counted", lambda: runs_of(one) >= ended + 2)


@pytest.mark.test_all
def test_the_disk_of_the_run_directory_is_full(servers, start, tmp_path):
    with run_directory() as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=True)
        try:
            one = start(runs=place, leader_elect=False)
            everything = Path(place) / "everything"
            fill(everything)
            servers.apply("a")
            cluster.until("it says so", lambda: "No space left on device" in one.said())
            assert one.get("/healthz")[0] == 200
            everything.unlink()
            servers.right()
            one.kill()
        finally:
            subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.test_all
def test_fifty_changes_in_five_seconds_cost_a_handful_of_runs(servers, start):
    one = start(leader_elect=False)
    before = runs_of(one)
    for number in range(50):
        servers.apply("a", image=f"registry.example.com/server:{number}")
        time.sleep(0.1)
    servers.right()
    assert runs_of(one) - before < 25


def test_one_that_is_deleted_while_it_runs_leaves_nothing(servers, start, proxy, by_proxy):
    start(kubeconfig=by_proxy, leader_elect=False)
    proxy.delay = 0.5
    servers.apply("a")
    cluster.until("the run writes", lambda: any("/serviceaccounts/a" in line for line in proxy.requests))
    servers.delete("a")
    proxy.delay = 0.0
    servers.right()
    # And one of the same name, while the garbage collector is at work.
    servers.apply("a")
    servers.delete("a")
    servers.apply("a", image="registry.example.com/server:2")
    servers.right()


@pytest.mark.test_all
def test_one_poisonous_object_among_a_hundred_slows_nobody(servers, start, client, namespace):
    mine = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s50", "namespace": namespace}}
    service = {**mine, "spec": {"ports": [{"port": 1}], "selector": {"their": "own"}}}
    client.request("POST", f"/api/v1/namespaces/{namespace}/services", what="be in the way", body=service)
    for number in range(100):
        servers.apply(f"s{number}")
    one = start(leader_elect=False)
    poison = frozenset({"s50"})
    servers.right(but=poison)
    for number in range(0, 100, 10):
        servers.apply(f"s{number}", image="registry.example.com/server:1")
    began = time.monotonic()
    servers.right(30, but=poison)
    assert time.monotonic() - began < 20
    # Nobody has touched what is not ours, and the poison is told.
    found = client.get("v1", "Service", namespace, "s50")
    assert (found["spec"]["selector"], "ownerReferences" in found["metadata"]) == ({"their": "own"}, False)
    assert "[FOREIGN_OBJECT]" in one.said()
    client.delete("v1", "Service", namespace, "s50")
    servers.apply("s50", image="registry.example.com/server:2")
    servers.right()


def test_what_a_spec_says_is_data(servers, start):
    mark = Path("/tmp/mcp-operator-was-here")
    servers.apply("a", environment=[{"name": "TEMPLATE", "value": JINJA}])
    start(leader_elect=False)
    servers.right()
    assert not mark.exists()


@pytest.mark.test_all
def test_a_manifest_of_900_kibibytes_is_made_and_slows_nobody(servers, start):
    large = [{"name": f"V{number}", "value": "x" * 900} for number in range(900)]
    servers.apply("small")
    servers.apply("large", environment=large)
    start(leader_elect=False)
    servers.right()


@pytest.mark.test_all
def test_the_clock_jumps(servers, start, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    environment = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{SOURCES}"}
    one = start(environment=environment)
    servers.apply("a")
    servers.right()
    for where, offset in {"forward": 86400, "back": -86400}.items():
        (tmp_path / "offset").write_text(str(offset))
        servers.apply("a", image=f"registry.example.com/server:{where}")
        servers.apply(where)
        servers.right(30)
        assert one.ready()
        assert one.leading()
