# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Components are brought to where they should be, and what does not come up ends in a sentence in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mcp_cluster import supervisor as module
from mcp_cluster.components.base import Cluster, Component
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine.processes import Ledger
from mcp_cluster.supervisor import Supervisor

pytestmark = pytest.mark.test_all


@pytest.fixture
def cluster(make_cluster: Callable[..., Cluster]) -> Iterator[Cluster]:
    made = make_cluster()
    # A plain folder stands for the control group: whoever starts writes its id into a file there.
    made.group.daemons.parent.mkdir(parents=True)
    yield made
    ledger = Ledger(made.locations.processes)
    ledger.stop(ledger.names(), grace=0)


def component(name: str, script: str, trouble: Callable[[], str] = lambda: "", **more: object) -> Component:
    # `outside`: a test has no namespaces to enter.
    return Component(name, ("/bin/sh", "-c", script), trouble, outside=True, **more)


def pid(cluster: Cluster, name: str) -> int:
    process = Ledger(cluster.locations.processes).running(name)
    assert process is not None
    return process.pid


def test_what_works_is_left_alone(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    server = component("server", "exec sleep 60")
    Supervisor(cluster, 1).ensure(server)
    before = pid(cluster, "server")
    assert cluster.group.daemons.read_text() == f"{before}\n"
    capsys.readouterr()

    again = Supervisor(cluster, 1)
    again.ensure(server)

    assert again.started == []
    assert pid(cluster, "server") == before
    assert capsys.readouterr().err == ""


def test_what_was_killed_is_started_again(cluster: Cluster) -> None:
    server = component("server", "exec sleep 60")
    Supervisor(cluster, 1).ensure(server)
    Ledger(cluster.locations.processes).stop(["server"], grace=0)
    again = Supervisor(cluster, 1)
    again.ensure(server)
    assert again.started == ["server"]
    assert pid(cluster, "server")


def test_another_configuration_starts_it_again_with_that(cluster: Cluster) -> None:
    path = cluster.locations.config / "deep" / "server.conf"
    server = component("server", "exec sleep 60", files={path: "old"})
    Supervisor(cluster, 1).ensure(server)
    before = pid(cluster, "server")
    Supervisor(cluster, 1).ensure(replace(server, files={path: "new"}))
    assert pid(cluster, "server") != before
    assert path.read_text() == "new"


def test_components_that_need_each_other_start_together(cluster: Cluster, tmp_path: Path) -> None:
    def exists(name: str) -> Callable[[], str]:
        return lambda: "" if (tmp_path / name).exists() else f"no {name}"

    def script(own: str, other: str) -> str:
        wait = f"until [ -e start-{other} ]; do sleep 0.01; done"
        return f"cd {tmp_path}; touch start-{own}; {wait}; touch {own}; exec sleep 60"

    Supervisor(cluster, 1).ensure(
        component("one", script("one", "two"), exists("one")), component("two", script("two", "one"), exists("two"))
    )


def test_one_that_ends_is_named_with_its_exit_code_and_its_last_words(cluster: Cluster) -> None:
    broken = component(
        "server",
        "for n in 1 2 3; do echo line $n; done; echo 'bind: address already in use'; exit 7",
        lambda: "refused",
    )
    began = time.monotonic()
    with pytest.raises(ClusterError) as caught:
        Supervisor(cluster, 1).ensure(broken)
    assert time.monotonic() - began < 10
    said = str(caught.value)
    assert "server does not come up: it has ended with exit code 7" in said
    assert "bind: address already in use" in said
    assert str(cluster.locations.logs / "server.log") in said
    assert "down --name sample" in said


def test_one_that_never_works_is_named_in_time(cluster: Cluster) -> None:
    silent = component("server", "echo still starting; exec sleep 60", lambda: "connection refused", timeout=0.5)
    began = time.monotonic()
    with pytest.raises(
        ClusterError,
        match=r"server does not come up: not working after 0\.5 s: connection refused(?s:.*)still starting",
    ):
        Supervisor(cluster, 1).ensure(silent)
    assert time.monotonic() - began < 10


def test_one_that_hangs_gets_its_time_and_then_one_new_start(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    state = {"trouble": ""}
    server = component("server", "exec sleep 60", lambda: state["trouble"], timeout=0.4)
    Supervisor(cluster, 1).ensure(server)
    before = pid(cluster, "server")

    def hangs_until_started_anew() -> str:
        return "no answer" if pid(cluster, "server") == before else ""

    Supervisor(cluster, 1).ensure(replace(server, trouble=hangs_until_started_anew))
    assert pid(cluster, "server") != before
    assert "runs but does not work" in capsys.readouterr().err


def test_whoever_waits_long_is_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "REPORT_EVERY", 0.2)
    began = time.monotonic()
    slow = component(
        "server", "exec sleep 60", lambda: "warming up" if time.monotonic() - began < 0.7 else "", timeout=10
    )
    Supervisor(cluster, 1).ensure(slow)
    assert "waiting for server" in capsys.readouterr().err


def test_a_users_environment_does_not_reach_a_component(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com")
    written = tmp_path / "environment"
    Supervisor(cluster, 1).ensure(component("server", f"env >{written}.new; mv {written}.new {written}; exec sleep 60"))
    deadline = time.monotonic() + 5
    while not written.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "PROXY" not in written.read_text()
