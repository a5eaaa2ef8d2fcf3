# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Commands and configurations, as the programs will read them."""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest
from mcp_cluster import addresses
from mcp_cluster.components import control_plane, dns, kwok, metrics_server, node
from mcp_cluster.components.base import Cluster, Component
from mcp_cluster.components.door import choose_port, door
from mcp_cluster.images import single

pytestmark = pytest.mark.test_all

MakeCluster = Callable[..., Cluster]


def text_of(component: Component, name: str) -> str:
    [text] = [text for path, text in component.files.items() if path.name == name]
    return text


def flags(component: Component) -> dict[str, str]:
    return dict(word.removeprefix("--").split("=", 1) for word in component.argv[1:] if "=" in word)


def test_containerd_reads_its_configuration(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    config = tomllib.loads(text_of(node.containerd(cluster, 1), "containerd.toml"))
    cri = config["plugins"]["io.containerd.grpc.v1.cri"]
    assert config["version"] == 2
    assert config["grpc"]["address"] == node.SOCKET
    assert cri["restrict_oom_score_adj"] is True
    assert cri["sandbox_image"] == single.PAUSE
    assert cri["containerd"]["snapshotter"] == "overlayfs"
    runc = cri["containerd"]["runtimes"][cri["containerd"]["default_runtime_name"]]
    assert runc["runtime_type"] == "io.containerd.runc.v2"
    assert runc["options"] == {"BinaryName": str(cluster.programs.packages / "runc"), "SystemdCgroup": False}
    conflist = next(path for path in node.containerd(cluster, 1).files if path.suffix == ".conflist")
    assert cri["cni"] == {"bin_dir": str(cluster.programs.packages), "conf_dir": str(conflist.parent)}


def test_pods_get_addresses_of_the_nodes_network(make_cluster: MakeCluster) -> None:
    network = json.loads(text_of(node.containerd(make_cluster(), 1), "10-bridge.conflist"))
    assert network["cniVersion"] == "0.4.0"
    assert [plugin["type"] for plugin in network["plugins"]] == ["bridge", "portmap"]
    assert network["plugins"][0]["ipam"]["ranges"] == [[{"subnet": addresses.NODE_PODS}]]


def test_the_containers_live_in_the_clusters_own_folder(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    binds = node.binds(cluster)
    assert all(source.is_relative_to(cluster.locations.root) for source in binds)
    config = tomllib.loads(text_of(node.containerd(cluster, 1), "containerd.toml"))
    bound = {str(target) for target in binds.values()}
    assert {config["root"], config["state"], "/var/lib/kubelet", "/var/log/pods"} <= bound


def test_kubelet_keeps_to_its_own_control_group_and_authority(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    config = json.loads(text_of(node.kubelet(cluster), "kubelet.json"))
    assert config["kind"] == "KubeletConfiguration"
    assert config["cgroupRoot"] == "/mcp-kubernetes/sample"
    assert config["cgroupDriver"] == "cgroupfs"
    assert config["failCgroupV1"] is False
    assert config["resolvConf"] == ""
    assert config["clusterDNS"] == [addresses.NODE]
    assert config["authentication"]["anonymous"] == {"enabled": False}
    assert config["authorization"] == {"mode": "Webhook"}
    assert config["containerRuntimeEndpoint"] == f"unix://{node.SOCKET}"


def test_the_api_server_admits_and_authorizes_as_a_real_one(make_cluster: MakeCluster) -> None:
    given = flags(control_plane.apiserver(make_cluster()))
    assert given["authorization-mode"] == "Node,RBAC"
    assert set(given["enable-admission-plugins"].split(",")) == {
        "NodeRestriction",
        "OwnerReferencesPermissionEnforcement",
    }
    default = flags(control_plane.apiserver(make_cluster(default_admission=True)))
    assert default["enable-admission-plugins"] == "NodeRestriction"
    assert given["kubelet-preferred-address-types"] == "InternalIP"
    authorities = {given[name] for name in ("client-ca-file", "etcd-cafile", "requestheader-client-ca-file")}
    assert len(authorities) == 3


@pytest.mark.parametrize("component", [control_plane.controller_manager, control_plane.scheduler])
def test_request_limits_are_raised_only_when_asked(
    make_cluster: MakeCluster, component: Callable[[Cluster], Component]
) -> None:
    assert "kube-api-qps" not in flags(component(make_cluster()))
    raised = flags(component(make_cluster(unthrottled=True)))
    assert (raised["kube-api-qps"], raised["kube-api-burst"]) == ("1000", "2000")


def test_controllers_work_side_by_side_when_asked(make_cluster: MakeCluster) -> None:
    raised = flags(control_plane.controller_manager(make_cluster(unthrottled=True)))
    assert {name: raised[name] for name in raised if name.startswith("concurrent-")} == {
        "concurrent-deployment-syncs": "20",
        "concurrent-replicaset-syncs": "20",
        "concurrent-service-endpoint-syncs": "20",
        "concurrent-gc-syncs": "40",
    }


def test_the_audit_log_is_bounded_and_only_kept_when_asked(make_cluster: MakeCluster) -> None:
    assert not any("audit" in name for name in flags(control_plane.apiserver(make_cluster())))
    audited = control_plane.apiserver(make_cluster(audit=True))
    assert int(flags(audited)["audit-log-maxsize"]) * (1 + int(flags(audited)["audit-log-maxbackup"])) <= 150
    assert "level: Metadata" in text_of(audited, "audit-policy.yaml")


def test_names_of_the_cluster_and_all_others_are_answered_apart(make_cluster: MakeCluster) -> None:
    # CoreDNS asks `template` before `kubernetes` within a block: together, no name would exist.
    blocks = re.findall(
        r"^(\S.*?) \{\n(.*?)^\}", text_of(dns.coredns(make_cluster()), "Corefile"), re.MULTILINE | re.DOTALL
    )
    [(zones, inside), (rest, outside)] = blocks
    assert zones.split() == ["cluster.local", "in-addr.arpa", "ip6.arpa"]
    assert rest == "."
    assert "kubernetes {" in inside
    assert "template" not in inside
    assert "NXDOMAIN" in outside
    assert "forward" not in inside + outside


@pytest.mark.parametrize("setting", ["unthrottled", "audit"])
def test_another_choice_is_a_reason_to_start_again(make_cluster: MakeCluster, setting: str) -> None:
    def prints(cluster: Cluster) -> list[str]:
        parts = (control_plane.apiserver, control_plane.controller_manager, control_plane.scheduler, node.kubelet)
        return [part(cluster).fingerprint for part in parts]

    assert prints(make_cluster()) == prints(make_cluster())
    assert prints(make_cluster()) != prints(make_cluster(**{setting: True}))


def test_other_contents_of_a_file_are_a_reason_to_start_again(make_cluster: MakeCluster) -> None:
    kubelet = node.kubelet(make_cluster())
    [(path, text)] = kubelet.files.items()
    assert replace(kubelet, files={path: text + " "}).fingerprint != kubelet.fingerprint


def test_the_door_stays_open_whoever_asks(make_cluster: MakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = door(make_cluster())
    monkeypatch.setattr("sys.executable", "/bin/sh")
    assert door(make_cluster()).argv != opened.argv
    assert door(make_cluster()).fingerprint == opened.fingerprint
    assert door(make_cluster(door_port=16444)).fingerprint != opened.fingerprint


def test_the_door_takes_another_port_when_somebody_has_its_own() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert choose_port(port) not in (0, port)
    assert choose_port(port) == port


def test_every_address_that_a_fake_pod_may_get_leads_to_the_node_and_no_real_pods_does() -> None:
    networks = [ipaddress.ip_network(network) for network in kwok._networks()]

    def led(address: str) -> bool:
        return any(ipaddress.ip_address(address) in network for network in networks)

    assert led("10.244.1.1")
    assert led("10.244.255.254")
    assert not led("10.244.0.7")
    assert not led(addresses.NODE)


def test_the_api_server_is_led_to_where_metrics_server_listens(make_cluster: MakeCluster) -> None:
    given = flags(metrics_server.metrics_server(make_cluster()))
    service, slice_, registered = metrics_server.manifests()
    assert given["bind-address"] == slice_["endpoints"][0]["addresses"][0] == addresses.NODE
    assert int(given["secure-port"]) == slice_["ports"][0]["port"] == service["spec"]["ports"][0]["targetPort"]
    assert slice_["metadata"]["labels"]["kubernetes.io/service-name"] == service["metadata"]["name"]
    assert registered["spec"]["service"] == service["metadata"]
    # It refuses to begin otherwise.
    assert int(given["kubelet-request-timeout"][:-1]) < int(given["metric-resolution"][:-1])
