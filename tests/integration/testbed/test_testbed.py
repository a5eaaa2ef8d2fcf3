# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What `up`, `down` and `status` of the testbed do around the real node."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from mcp_cluster import addresses, cli, readiness
from mcp_cluster.api import NotFoundError
from mcp_cluster.cli import main
from mcp_cluster.components import kwok
from mcp_cluster.components.base import Settings
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine import netns, packages
from mcp_cluster.machine.cgroups import ControlGroup
from mcp_cluster.machine.processes import observe
from mcp_cluster.readiness import node_trouble, wait_for_default_account, wait_for_node, wait_for_pods
from mcp_cluster.testbed import SingleNode

pytestmark = pytest.mark.test_all


@pytest.fixture
def testbed(homes: Path, monkeypatch: pytest.MonkeyPatch) -> SingleNode:
    monkeypatch.setattr(netns, "RUN", homes / "netns")
    monkeypatch.setattr(
        SingleNode, "group", property(lambda self: ControlGroup(self.locations.name, [homes / "cgroup"]))
    )
    monkeypatch.setattr(packages, "unsupported", lambda: "")
    return SingleNode("sample")


def test_where_it_cannot_run_nothing_is_touched(
    testbed: SingleNode, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "unsupported", lambda: "it needs root")
    with pytest.raises(ClusterError, match="it needs root") as caught:
        testbed.up()
    assert "MCP_TEST_KUBECONFIG" in caught.value.advice
    assert not (homes / "state").exists()


def test_what_is_not_there_is_down_already(testbed: SingleNode, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["down", "--provider", "testbed", "--name", "sample"]) == 0
        assert "There is no sample" in capsys.readouterr().err


def test_what_a_killed_predecessor_left_is_taken_down(testbed: SingleNode, homes: Path) -> None:
    testbed.locations.processes.mkdir(parents=True)
    process = testbed.ledger.start("etcd", ["sleep", "60"], env={"PATH": "/bin"}, log=homes / "log", fingerprint="")
    (testbed.locations.processes / "kubelet.pid").write_text("half a rec")
    (homes / "cgroup" / "mcp-kubernetes" / "sample" / "kubepods").mkdir(parents=True)
    (homes / "netns").mkdir()
    # What a killed `ip netns add` leaves: a file on which nothing is mounted.
    (homes / "netns" / "sample").touch()

    assert testbed.down() is True

    assert testbed.ledger.running("etcd") is None
    assert observe(process.pid) is None
    assert not testbed.locations.root.exists()
    assert not (homes / "netns" / "sample").exists()
    assert not (homes / "cgroup" / "mcp-kubernetes").exists()
    assert testbed.down() is False


def test_one_cluster_is_taken_down_and_the_other_stays(testbed: SingleNode) -> None:
    other = SingleNode("sample-2")
    for each in (testbed, other):
        each.locations.etcd.mkdir(parents=True)
    testbed.down()
    assert other.locations.etcd.exists()


@pytest.mark.parametrize(
    "arguments", [["status"], ["kubeconfig"], ["load", "x.tar"], ["run", "--", "true"], ["kwok", "add", "1"]]
)
def test_without_a_cluster_every_command_says_so(
    testbed: SingleNode, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = arguments
    code = main([command, "--provider", "testbed", "--name", "sample", *rest])
    said = capsys.readouterr()
    assert code == (cli.EXIT_NOT_UP if command == "status" else cli.EXIT_FAILED)
    assert "not up" in said.out + said.err


def test_what_was_taken_down_by_half_is_not_up(testbed: SingleNode, capsys: pytest.CaptureFixture[str]) -> None:
    testbed.locations.processes.mkdir(parents=True)
    assert main(["status", "--provider", "testbed", "--name", "sample"]) == cli.EXIT_NOT_UP
    assert "not up" in capsys.readouterr().out


def test_a_choice_holds_until_another_is_made(testbed: SingleNode) -> None:
    testbed.locations.root.mkdir(parents=True)
    assert testbed._choose(unthrottled=True, audit=None).unthrottled is True
    assert testbed._choose(unthrottled=None, audit=True) == testbed.settings()
    assert testbed.settings() == Settings(True, True, testbed.settings().door_port, etcd="v3.6")
    assert testbed._choose(unthrottled=False, metrics=True).unthrottled is False
    assert (testbed.settings().audit, testbed.settings().metrics) == (True, True)
    assert stat.S_IMODE(testbed.locations.settings.stat().st_mode) == 0o600


def test_two_that_start_at_once_choose_two_ports(testbed: SingleNode) -> None:
    """None of them listens yet."""
    other = SingleNode("sample-2")
    for each in (testbed, other):
        each.locations.root.mkdir(parents=True)
    (testbed.locations.root.parent / "damaged").mkdir()
    (testbed.locations.root.parent / "damaged" / "settings.json").write_text("[")
    first, second = testbed._choose().door_port, other._choose().door_port
    assert first != second
    assert (testbed._choose().door_port, other._choose().door_port) == (first, second)


def test_the_version_of_kubernetes_is_chosen_once(testbed: SingleNode) -> None:
    testbed.locations.root.mkdir(parents=True)
    assert testbed._choose(kubernetes="1.31").kubernetes == "1.31"
    testbed.locations.etcd.mkdir()
    assert testbed._choose(kubernetes=None).kubernetes == "1.31"
    assert "kubernetes-1.31" in str(testbed.cluster().programs.kubernetes)
    with pytest.raises(ClusterError, match=r"sample runs Kubernetes 1\.31, and its data cannot be given to 1\.36"):
        testbed._choose(kubernetes="1.36")
    assert testbed.settings().kubernetes == "1.31"


def test_data_of_another_etcd_is_not_read(testbed: SingleNode) -> None:
    testbed.locations.etcd.mkdir(parents=True)
    with pytest.raises(ClusterError, match=r"sample has data of another etcd than v3\.6"):
        testbed._choose()
    assert not testbed.locations.settings.exists()


def test_the_default_version_may_be_named(testbed: SingleNode) -> None:
    testbed.locations.root.mkdir(parents=True)
    default = testbed.cluster(testbed._choose()).programs
    testbed.locations.etcd.mkdir()
    assert testbed.cluster(testbed._choose(kubernetes="1.36")).programs == default


@pytest.mark.parametrize("text", ["", "{", "[]", '{"unknown": 1}'])
def test_damaged_settings_are_no_settings(testbed: SingleNode, text: str) -> None:
    testbed.locations.root.mkdir(parents=True)
    testbed.locations.settings.write_text(text)
    assert testbed.settings() == Settings()


def test_what_runs_and_works_makes_status_succeed(
    testbed: SingleNode, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mcp_cluster.providers.base import Line
    from mcp_cluster.providers.node import NodeTestbed

    testbed.locations.root.mkdir(parents=True)
    testbed.locations.kubeconfig.touch()
    lines = [Line("etcd", 42, ""), Line("Node sample", None, "")]
    monkeypatch.setattr(NodeTestbed, "status", lambda _: lines)
    arguments = ["status", "--provider", "testbed", "--name", "sample"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "etcd" in said
    assert "42" in said
    assert str(testbed.locations.kubeconfig) in said

    lines[0] = Line("etcd", None, "its process has ended\nand more")
    assert main(arguments) == cli.EXIT_NOT_UP
    assert "NOT WORKING: its process has ended\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["up", "--help"], ["down", "--help"], ["load", "--help"], ["kwok", "--help"], ["--help"]]
)
def test_every_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert "usage: python3 tests/cluster" in capsys.readouterr().out


@pytest.mark.parametrize("count", ["0", "251", "-1"])
def test_only_as_many_fake_nodes_as_there_are_networks(
    testbed: SingleNode, count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kwok", "--provider", "testbed", "--name", "sample", "add", "--", count]) == cli.EXIT_FAILED
    assert "Between 1 and 250" in capsys.readouterr().err


class AnsweringApi:
    def __init__(self, *nodes: dict[str, Any]) -> None:
        self._nodes = nodes

    def get(self, path: str) -> dict[str, Any]:
        assert path == "/api/v1/nodes"
        return json.loads(json.dumps({"items": self._nodes}))


def node(ready: str | None, network: str = addresses.NODE_PODS, name: str = "sample") -> dict[str, Any]:
    conditions = [{"type": "MemoryPressure", "status": "False"}]
    if ready is not None:
        conditions.append(
            {"type": "Ready", "status": ready, "reason": "KubeletNotReady", "message": "cni plugin not initialized"}
        )
    return {"metadata": {"name": name}, "spec": {"podCIDR": network}, "status": {"conditions": conditions}}


@pytest.mark.parametrize(
    ("nodes", "trouble"),
    [
        ([], "it has not registered"),
        ([node("True", name="other")], "it has not registered"),
        ([node(None)], "kubelet has not reported yet"),
        ([node("False")], "cni plugin not initialized"),
        ([node("Unknown")], "cni plugin not initialized"),
        ([node("True", network="10.244.3.0/24")], "its Pods' network is 10.244.3.0/24, not 10.244.0.0/24"),
        ([node("True", name="other"), node("True")], ""),
    ],
)
def test_a_node_is_ready_or_there_is_a_reason(nodes: list[dict[str, Any]], trouble: str) -> None:
    assert node_trouble(AnsweringApi(*nodes), "sample") == trouble


def test_waiting_for_a_node_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "NODE_TIMEOUT", 0.3)
    with pytest.raises(ClusterError, match="cni plugin not initialized") as caught:
        wait_for_node(AnsweringApi(node("False")), "sample", Path("kubelet.log"))
    assert "kubelet.log" in caught.value.advice


class KubeletThatLearns:
    """One of two Pods is known at once, the other from the third question on."""

    def __init__(self, patience: int) -> None:
        self.questions = 0
        self._patience = patience

    def get(self, path: str) -> dict[str, Any]:
        pods = [{"metadata": {"uid": uid}} for uid in ("a", "b")]
        if path == "/api/v1/nodes/sample/proxy/pods":
            self.questions += 1
            return {"items": pods if self.questions > self._patience else pods[:1]}
        assert path == "/api/v1/pods?fieldSelector=spec.nodeName%3Dsample%2Cstatus.phase%3DRunning"
        return {"items": pods}


def test_a_kubelet_is_given_time_to_hear_of_its_pods() -> None:
    kubelet = KubeletThatLearns(2)
    wait_for_pods(kubelet, "sample")
    assert kubelet.questions == 3


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PODS_TIMEOUT", 0.3)
    with pytest.raises(ClusterError, match=r"does not take up 1 Pod\(s\)"):
        wait_for_pods(KubeletThatLearns(1000), "sample")


def test_waiting_for_what_every_pod_needs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutAccounts:
        def get(self, path: str) -> None:
            raise NotFoundError(path)

    monkeypatch.setattr(readiness, "ACCOUNT_TIMEOUT", 0.3)
    with pytest.raises(ClusterError, match="kube-controller-manager does not do its work"):
        wait_for_default_account(WithoutAccounts())


def test_nothing_is_scheduled_on_a_fake_node_by_accident() -> None:
    made = kwok.node_manifest("kwok-0")
    assert made["spec"]["taints"] == [{"key": kwok.ANNOTATION, "value": "fake", "effect": "NoSchedule"}]
    assert made["metadata"]["annotations"][kwok.ANNOTATION] == "fake"


def test_an_answer_that_nobody_reads_is_no_failure_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_arguments: object) -> NoReturn:
        raise BrokenPipeError

    moved: list[int] = []
    monkeypatch.setattr(cli, "_carry_out", closed)
    monkeypatch.setattr(cli.os, "dup2", lambda _source, target: moved.append(target))
    assert main(["status", "--provider", "testbed", "--name", "sample"]) == cli.EXIT_FAILED
    assert moved == [sys.stdout.fileno()]
