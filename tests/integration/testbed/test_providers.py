# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which cluster is used, and what kind is told to do; a program that writes down its arguments plays kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp_cluster import providers
from mcp_cluster.cli import main
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine import packages
from mcp_cluster.providers import choose
from mcp_cluster.providers.base import UpOptions
from mcp_cluster.providers.given import GivenCluster
from mcp_cluster.providers.kind import KindCluster, kind_unavailable
from mcp_cluster.providers.node import NodeTestbed

from .conftest import FakePrograms

pytestmark = pytest.mark.test_all

WITH_CLUSTER = 'case "$2" in clusters) echo other; echo mcp-kubernetes ;; esac'
WITHOUT_CLUSTER = 'case "$2" in clusters) echo other ;; esac'


@pytest.fixture
def node_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "unsupported", lambda: "")


@pytest.fixture
def node_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "unsupported", lambda: "it needs Debian or Ubuntu, and this is fedora")


# --- the chain


def test_one_that_was_given_on_purpose_comes_first(
    fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_programs.add("docker")
    fake_programs.add("kind")
    monkeypatch.setenv("MCP_TEST_KUBECONFIG", "/some/kubeconfig")
    provider, reason = choose()
    assert isinstance(provider, GivenCluster)
    assert reason == "MCP_TEST_KUBECONFIG is set"


def test_an_everyday_kubeconfig_is_not_given_on_purpose(
    fake_programs: FakePrograms, node_possible: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/production")
    assert isinstance(choose()[0], NodeTestbed)


def test_kind_comes_next_where_an_engine_answers(fake_programs: FakePrograms, node_possible: None) -> None:
    fake_programs.add("docker")
    fake_programs.add("kind")
    assert isinstance(choose()[0], KindCluster)


@pytest.mark.parametrize(
    ("present", "engine", "why"),
    [
        (["docker"], "exit 0", "kind is not installed"),
        (["kind"], "exit 0", "docker is not installed"),
        (["docker", "kind"], "exit 1", "no Docker engine answers"),
    ],
)
def test_else_the_testbed(
    fake_programs: FakePrograms, node_possible: None, present: list[str], engine: str, why: str
) -> None:
    for name in present:
        fake_programs.add(name, engine if name == "docker" else "exit 0")
    provider, reason = choose()
    assert isinstance(provider, NodeTestbed)
    assert why in reason


def test_an_engine_that_hangs_is_no_engine(fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp_cluster.providers import kind

    run = kind.run
    monkeypatch.setattr(kind, "run", lambda argv, **how: run(argv, **{**how, "timeout": 0.2}))
    fake_programs.add("docker", "exec sleep 30")
    fake_programs.add("kind")
    assert "did not end" in kind_unavailable()


def test_else_a_sentence_that_says_what_to_do(
    fake_programs: FakePrograms, node_impossible: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    for part in ("kind is not installed", "this is fedora", "MCP_TEST_KUBECONFIG", "https://kind.sigs.k8s.io"):
        assert part in said.err
    assert "Traceback" not in said.err


def test_any_can_be_asked_for(fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(choose(wanted="kind")[0], KindCluster)
    assert isinstance(choose(wanted="testbed")[0], NodeTestbed)
    with pytest.raises(ClusterError, match="MCP_TEST_KUBECONFIG is not set"):
        choose(wanted="kubeconfig")


def test_the_answer_is_printed_for_scripts(
    fake_programs: FakePrograms, node_possible: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["provider"]) == 0
    assert capsys.readouterr().out.startswith("testbed: ")


# --- a cluster that was given


def test_a_given_cluster_is_asked_and_left_alone(fake_programs: FakePrograms, tmp_path: Path) -> None:
    config = tmp_path / "kubeconfig"
    config.touch()
    fake_programs.add("kubectl")
    given = GivenCluster(config)
    given.up(UpOptions())
    given.down()
    assert [line.trouble for line in given.status()] == [""]
    assert set(fake_programs.called()) == {f"kubectl --kubeconfig={config} --request-timeout=10s get --raw /readyz"}


def test_a_given_cluster_that_does_not_answer_is_an_error(fake_programs: FakePrograms, tmp_path: Path) -> None:
    config = tmp_path / "kubeconfig"
    config.touch()
    fake_programs.add("kubectl", "echo connection refused >&2; exit 1")
    with pytest.raises(ClusterError, match="connection refused"):
        GivenCluster(config).up(UpOptions())


def test_what_a_given_cluster_cannot_do_is_said(fake_programs: FakePrograms, tmp_path: Path) -> None:
    absent = GivenCluster(tmp_path / "absent")
    with pytest.raises(ClusterError, match="There is no kubeconfig"):
        absent.up(UpOptions())
    with pytest.raises(ClusterError, match="cannot be loaded"):
        absent.load([tmp_path / "image.tar"])
    with pytest.raises(ClusterError, match="used as it is"):
        absent.up(UpOptions(unthrottled=True))


# --- kind


@pytest.fixture
def kind_cluster(fake_programs: FakePrograms) -> KindCluster:
    fake_programs.add("kubectl")
    return KindCluster(providers.DEFAULT_KIND)


def kubeconfig(homes: Path) -> Path:
    return homes / "state" / "mcp-kubernetes" / "mcp-kubernetes" / "kubeconfig"


def test_kind_makes_the_cluster_that_is_not_there(
    kind_cluster: KindCluster, fake_programs: FakePrograms, homes: Path
) -> None:
    fake_programs.add("kind", WITHOUT_CLUSTER)
    kind_cluster.up(UpOptions())
    assert fake_programs.called() == [
        "kind get clusters",
        f"kind create cluster --name mcp-kubernetes --kubeconfig {kubeconfig(homes)} --wait 180s",
        f"kubectl --kubeconfig={kubeconfig(homes)} --request-timeout=10s get --raw /readyz",
    ]


def test_kind_uses_the_cluster_that_is_there(
    kind_cluster: KindCluster, fake_programs: FakePrograms, homes: Path
) -> None:
    fake_programs.add("kind", WITH_CLUSTER)
    kind_cluster.up(UpOptions())
    assert fake_programs.called()[1] == f"kind export kubeconfig --name mcp-kubernetes --kubeconfig {kubeconfig(homes)}"
    assert not any("create" in call for call in fake_programs.called())


def test_a_name_that_only_begins_the_same_is_another_cluster(
    kind_cluster: KindCluster, fake_programs: FakePrograms
) -> None:
    fake_programs.add("kind", "[ $2 != clusters ] || echo mcp-kubernetes-2")
    kind_cluster.down()
    assert fake_programs.called() == ["kind get clusters"]


def test_kind_takes_down_only_what_is_there(
    kind_cluster: KindCluster, fake_programs: FakePrograms, homes: Path
) -> None:
    fake_programs.add("kind", WITH_CLUSTER)
    kubeconfig(homes).parent.mkdir(parents=True)
    kubeconfig(homes).touch()
    kind_cluster.down()
    assert fake_programs.called() == [
        "kind get clusters",
        f"kind delete cluster --name mcp-kubernetes --kubeconfig {kubeconfig(homes)}",
    ]
    assert not kubeconfig(homes).exists()


def test_every_command_that_writes_a_kubeconfig_writes_our_own(
    kind_cluster: KindCluster, fake_programs: FakePrograms, homes: Path
) -> None:
    for state in (WITHOUT_CLUSTER, WITH_CLUSTER):
        fake_programs.add("kind", state)
        kind_cluster.up(UpOptions())
        kind_cluster.down()
    writers = [
        call for call in fake_programs.called() if call.startswith(("kind create", "kind export", "kind delete"))
    ]
    assert len(writers) == 3
    assert all(f"--kubeconfig {kubeconfig(homes)}" in call for call in writers)


def test_kind_loads_archives(kind_cluster: KindCluster, fake_programs: FakePrograms, tmp_path: Path) -> None:
    from .test_images import docker_archive

    fake_programs.add("kind")
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1")
    kind_cluster.load([made])
    assert fake_programs.called() == [f"kind load image-archive {made} --name mcp-kubernetes"]


def test_what_kind_says_is_passed_on(kind_cluster: KindCluster, fake_programs: FakePrograms) -> None:
    fake_programs.add("kind", WITHOUT_CLUSTER + '\n[ "$1" != create ] || { echo "no space left" >&2; exit 1; }')
    with pytest.raises(ClusterError, match="no space left"):
        kind_cluster.up(UpOptions())


def test_a_kind_cluster_that_has_stopped_is_an_error(kind_cluster: KindCluster, fake_programs: FakePrograms) -> None:
    fake_programs.add("kind", WITH_CLUSTER)
    fake_programs.add("kubectl", "echo refused >&2; exit 1")
    with pytest.raises(ClusterError, match="refused") as caught:
        kind_cluster.up(UpOptions())
    assert "`python3 tests/cluster down`, then `up`" in caught.value.advice


def test_without_a_cluster_kind_has_no_kubeconfig(kind_cluster: KindCluster, fake_programs: FakePrograms) -> None:
    fake_programs.add("kind", WITHOUT_CLUSTER)
    with pytest.raises(ClusterError, match="is not up"):
        kind_cluster.kubeconfig()
    assert [line.trouble for line in kind_cluster.status()] == ["it does not exist"]
